/** What kind of life an installation has in a story: what happens often there, and how hostile AWS is. */
import type { CallMatch } from '../story.ts';
import type { EpisodeKind } from './episodes.ts';

export type Character = {
  /** of what happens, by weight; what is left out has the weight 1, 0 never happens */
  episodes: Partial<Record<EpisodeKind, number>>;
  /** episodes a day; default: 1 */
  perDay?: number;
  /** how often a person answers a message; default: 0.7 */
  answers?: number;
  /** planned faults for each episode; default: 4 */
  faults?: number;
  /** short faults at these calls near what happens, with so many hits each */
  target?: { calls: CallMatch; perEpisode: number; hits: readonly number[] };
  /** hours for which a whole service of AWS is in trouble, now and then */
  outages?: number;
  /** how many deploys; default: 1 */
  deploys?: number;
  /** the clocks of the zones change in it */
  clockChange?: boolean;
  teams?: readonly string[];
};

const NO_STORM = { storm: 0 } as const;

/** A seed has the character at its place: eleven seeds in a row have each once. */
export const CHARACTERS = {
  mixed: { episodes: {} },
  storm: {
    episodes: { storm: 30, largeStorm: 10 },
    perDay: 0.5,
    faults: 8,
    deploys: 0,
    target: {
      calls: { function: 'intake', service: 'dynamodb', action: 'PutItem' },
      perEpisode: 3,
      hits: [5, 60, 120],
    },
  },
  flapping: { episodes: { ...NO_STORM, flap: 10, again: 8, late: 6 } },
  deploys: {
    episodes: { ...NO_STORM, single: 3, burst: 6, hold: 3, drawnOut: 4, leaving: 40 },
    answers: 0.15,
    deploys: 5,
  },
  holds: {
    episodes: { ...NO_STORM, hold: 10, muted: 6, explained: 8, byHand: 3, heldInLine: 8 },
    teams: ['windowed', 'explained'],
  },
  unreachable: { episodes: { ...NO_STORM, unreachable: 12, single: 3 } },
  hostile: { episodes: { ...NO_STORM, single: 4 }, perDay: 0.8, faults: 12, outages: 2 },
  unanswered: { episodes: { ...NO_STORM, single: 6, senders: 4, drawnOut: 3 }, perDay: 0.8, answers: 0.2 },
  senders: {
    episodes: { storm: 0.2, senders: 10, rise: 8, malformed: 4 },
    teams: ['routed', 'explained'],
    outages: 1,
  },
  clocks: { episodes: { ...NO_STORM, hold: 4, single: 3 }, teams: ['windowed'], clockChange: true },
  publishing: {
    episodes: { ...NO_STORM, single: 6, burst: 8, noData: 6 },
    perDay: 0.8,
    target: { calls: { service: 'sns', action: 'Publish' }, perEpisode: 6, hits: [1, 1, 4] },
  },
} satisfies Record<string, Character>;

export type CharacterName = keyof typeof CHARACTERS;

export function characterOf(seed: number): Character & { name: CharacterName } {
  const names = Object.keys(CHARACTERS) as CharacterName[];
  const name = names[seed % names.length]!;
  return { name, ...CHARACTERS[name] };
}
