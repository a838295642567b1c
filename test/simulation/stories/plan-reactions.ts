/** What people do about the messages that reach them: at once, late, twice, by two channels at once, or nothing. */
import type { Reaction } from '../story.ts';
import type { Draw } from './draw.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** More messages than anybody gets in most stories; after them nobody answers. */
const MESSAGES_PER_DAY = 16;

type Reactions = Record<string, (Reaction | null)[]>;

/**
 * @param answers  how often somebody answers a message, 0 to 1
 */
export function planReactions(
  draw: Draw,
  responders: readonly string[],
  days: number,
  answers: number,
): Reactions {
  const reactionsOf = (): (Reaction | null)[] => {
    const list: (Reaction | null)[] = [];
    while (list.length < days * MESSAGES_PER_DAY) {
      const reaction = draw.chance(answers) ? react(draw) : null;
      list.push(reaction);
      // SMS and email come together: both are pressed at one instant.
      if (draw.chance(0.15)) list.push(reaction && { ...reaction });
    }
    return list;
  };
  return Object.fromEntries(responders.map((responder) => [responder, reactionsOf()]));
}

function react(draw: Draw): Reaction {
  const action = draw.weighted({ acknowledge: 14, resolve: 2, escalate: 1, snooze: 1.5 });
  return {
    afterMs: afterMs(draw),
    action,
    ...(draw.chance(0.15) && { againAfterMs: draw.one([0, 1, 400, 5 * SECOND_MS, 20 * MINUTE_MS]) }),
  };
}

/** Mostly within minutes; sometimes at the very moment of a level or of the end of a lease, sometimes an hour later. */
function afterMs(draw: Draw): number {
  switch (draw.weighted({ soon: 10, atOnce: 1, lease: 1, level: 1.5, late: 1 })) {
    case 'atOnce':
      return draw.whole(0, 1_500);
    case 'lease':
      return 30 * SECOND_MS + draw.whole(-1_500, 1_500);
    case 'level':
      return draw.one([5, 15, 30, 60]) * MINUTE_MS + draw.one([-2_000, -1, 0, 1, 700]);
    case 'late':
      return draw.whole(60, 150) * MINUTE_MS;
    default:
      return draw.whole(10, 600) * SECOND_MS;
  }
}
