/**
 * At most one message per contact, channel and minute, publish to publish; only where the slot cannot know of a message,
 * because its function crashed, or its answer or its note was lost, another may follow, once. Source: design, Slot, and
 * Numbers to hold
 */
import type { Invariant } from '../run.ts';
import { excusesOf, isInSlot, isTakenLate, unexcused } from './explaining-hits.ts';
import { SLOT_MS, takenOf } from './tellings.ts';
import { iso, nameContact } from './words.ts';

export const oneAMinute: Invariant = (run) => {
  const inTurn = [...takenOf(run).values()].map((all) => all.filter((publish) => !isTakenLate(publish)));
  const tooSoon = inTurn.flatMap((publishes) =>
    publishes.slice(1).flatMap((publish, i) => {
      const before = publishes[i]!;
      if (publish.takenAt! - before.takenAt! >= SLOT_MS) return [];
      const excuses = excusesOf(run, before, isInSlot(run, before));
      return [{ at: publish.takenAt!, excuses, of: { publish, before } }];
    }),
  );
  return unexcused(tooSoon).map(({ publish, before }) => ({
    invariant: 'one-a-minute',
    at: publish.takenAt!,
    what: `${nameContact(publish)} had a message at ${iso(before.takenAt!)} (call ${before.n}) and another ${((publish.takenAt! - before.takenAt!) / 1_000).toFixed(1)} s later, at ${iso(publish.takenAt!)} (call ${publish.n}); 60 s must lie between them, and no crash or lost response of the first one's own explains it`,
  }));
};
