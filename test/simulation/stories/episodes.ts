/** What happens in a story, an episode at a time: each is some hour of a team's life. */
import type { StoryEvent } from '../story.ts';
import {
  again,
  burst,
  drawnOut,
  flap,
  LARGE_STORM,
  late,
  leaving,
  muted,
  noData,
  single,
  storm,
} from './alarm-episodes.ts';
import {
  byHand,
  explained,
  heldInLine,
  hold,
  malformed,
  rise,
  senders,
  unreachable,
} from './people-episodes.ts';
import type { Stage } from './stage.ts';

export const EPISODES = {
  single,
  burst,
  drawnOut,
  flap,
  again,
  late,
  senders,
  rise,
  muted,
  hold,
  explained,
  byHand,
  unreachable,
  storm,
  largeStorm: (stage: Stage) => storm(stage, LARGE_STORM),
  malformed,
  leaving,
  noData,
  heldInLine,
} satisfies Record<string, (stage: Stage) => StoryEvent[]>;

export type EpisodeKind = keyof typeof EPISODES;
