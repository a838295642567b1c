/**
 * At most one message per contact, channel and minute, publish to publish; only a crash or a lost publish response may break
 * it, once each. Source: design, Slot, and Numbers to hold
 */
import type { Invariant } from '../run.ts';
import { excusesOf, isTakenLate, unexcused } from './explaining-hits.ts';
import { SLOT_MS, takenOf } from './tellings.ts';
import { iso, nameContact } from './words.ts';

export const oneAMinute: Invariant = (run) => {
  // What its sender had given up by then is the one message more that a lost response is worth.
  const inTurn = [...takenOf(run).values()].map((all) => all.filter((publish) => !isTakenLate(publish)));
  const tooSoon = inTurn.flatMap((publishes) =>
    publishes.slice(1).flatMap((publish, i) => {
      const before = publishes[i]!;
      if (publish.takenAt! - before.takenAt! >= SLOT_MS) return [];
      return [{ from: before.at, until: publish.takenAt!, of: { publish, before } }];
    }),
  );
  return unexcused(excusesOf(run), tooSoon).map(({ publish, before }) => ({
    invariant: 'one-a-minute',
    at: publish.takenAt!,
    what: `${nameContact(publish)} had a message at ${iso(before.takenAt!)} (call ${before.n}) and another ${((publish.takenAt! - before.takenAt!) / 1_000).toFixed(1)} s later, at ${iso(publish.takenAt!)} (call ${publish.n}); 60 s must lie between them, and no crash or lost response explains it`,
  }));
};
