/** What every episode is told with: where and when it plays, the alarms there are, and how long one lasts. */
import type { StoryEvent } from '../story.ts';
import type { Draw } from './draw.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** The names are few: the same alarm fires again, over a row that knows it. */
export const ALARMS = [
  'checkout-errors',
  'checkout-latency',
  'search-lag',
  'search-errors',
  'batch-late',
  'disk-full',
];

type Event<K extends StoryEvent['kind']> = Extract<StoryEvent, { kind: K }>;

/** What an episode is told with. */
export type Stage = {
  draw: Draw;
  /** when it begins */
  at: number;
  /** epoch milliseconds of the story's beginning */
  startMs: number;
  /** whoever may be on call in the story */
  responders: readonly string[];
  /** when other procedures are deployed */
  deploysAt: readonly number[];
};

/** So long somebody is busy with an alert: around the moments of the levels, before them, long after. */
export function lastsMs({ draw }: Stage): number {
  const span = draw.weighted({ short: 3, atLevel2: 3, atLevel3: 2, hour: 2, long: 0.4 });
  const spans = { short: [0.2, 12], atLevel2: [14, 17], atLevel3: [20, 33], hour: [45, 75], long: [90, 200] };
  const [least, most] = spans[span] as [number, number];
  return Math.round(draw.between(least, most) * MINUTE_MS);
}

export const alarm = (
  at: number,
  name: string,
  state: Event<'alarm'>['state'],
  suppressed = false,
): StoryEvent => ({
  at,
  kind: 'alarm',
  alarm: name,
  state,
  ...(suppressed && { suppressed }),
});
