/**
 * A page is published once; a message is repeated only for a crash of the function that had published it, its lost answer,
 * or its lost note: one message for each. Source: design, Numbers to hold
 */
import type { Invariant, Publish, Run } from '../run.ts';
import { answerOf, excusesOf, isInSlot, isTakenLate, type Repetition, unexcused } from './explaining-hits.ts';
import { historiesOf, type LifeHistory, stateBefore } from './life-history.ts';
import { isSameContact, SETTLED_WITHIN_MS, tellingsOf } from './tellings.ts';
import { iso, nameContact, nameLife } from './words.ts';

/** `isNoted`: whoever published the earlier one has written down that it, or a page of it, was sent. */
type Repeated = { publish: Publish; earlier: Publish; life: LifeHistory; isNoted: boolean };

/** What a message told that SNS took and did not answer is owed again by each alert: one takes the slot, the others its next turn. */
const PARTS_MOST = 2;

export const duplicatesAreExplained: Invariant = (run) => {
  const found = new Map<string, Repeated>();
  for (const one of historiesOf(run).flatMap((life) => repeatedIn(run, life))) {
    const key = `${one.publish.n} ${one.earlier.n}`;
    found.set(key, { ...one, isNoted: one.isNoted || (found.get(key)?.isNoted ?? false) });
  }
  return unexcused(byRepeatedMessage(run, [...found.values()])).map(({ publish, earlier, life }) => ({
    invariant: 'duplicates-are-explained',
    at: publish.takenAt!,
    what: `${nameContact(publish)} was told of alert ${nameLife(life)} at ${iso(publish.takenAt!)} (call ${publish.n}) although the message of ${iso(earlier.takenAt!)} (call ${earlier.n}) was of the same page, and no crash or lost response of its own explains it`,
  }));
};

/** A message that comes again in parts is repeated once; each part beyond the most counts by itself. */
function byRepeatedMessage(run: Run, found: readonly Repeated[]): Repetition<Repeated>[] {
  const parts = new Map<number, number>();
  return found
    .toSorted((a, b) => a.publish.takenAt! - b.publish.takenAt!)
    .flatMap((of) => {
      const { publish, earlier, isNoted } = of;
      const part = (parts.get(earlier.n) ?? 0) + 1;
      parts.set(earlier.n, part);
      if (part > 1 && part <= PARTS_MOST) return [];
      const excuses = excusesOf(run, earlier, isNoted);
      // Of one that SNS took late its second try may have been taken first.
      return [
        {
          at: publish.takenAt!,
          excuses: isTakenLate(publish) ? [answerOf(publish), ...excuses] : excuses,
          of,
        },
      ];
    });
}

/** The messages that told a contact of nothing but pages of which some before them had told. */
function repeatedIn(run: Run, life: LifeHistory): Repeated[] {
  const toldBy = new Map<string, Publish>();
  const latestTo = new Map<string, string>();
  const taken = tellingsOf(run, life)
    .filter(({ takenAt }) => takenAt !== undefined)
    .sort((a, b) => a.takenAt! - b.takenAt!);
  return taken.flatMap((publish) => {
    const contact = `${publish.responder} ${publish.channel}`;
    const named = pagesOf(life, publish);
    // Where none was on its way any more, it was the latest once again.
    const latest = latestTo.get(contact);
    const pages = named.length > 0 || latest === undefined ? named : [latest];
    const told = pages.map((page) => ({ page, earlier: toldBy.get(page) }));
    for (const page of pages) {
      toldBy.set(page, publish);
      latestTo.set(contact, page);
    }
    return told.some(({ earlier }) => !earlier)
      ? []
      : told.map(({ page, earlier }) => ({
          publish,
          earlier: earlier!,
          life,
          isNoted: isInSlot(run, earlier!) || isSettledBy(life, page, earlier!),
        }));
  });
}

/** The invocation that published the message has written into the alert that the page was sent. */
function isSettledBy({ states }: LifeHistory, page: string, { n, requestId }: Publish): boolean {
  return states.some(
    ({ alert, write }) =>
      write.n > n &&
      write.requestId === requestId &&
      alert.pages.some(({ id, status }) => id === page && status === 'sent'),
  );
}

/** The pages that it was: those that were settled as sent by it, else those that were on their way to that contact. */
function pagesOf(life: LifeHistory, publish: Publish): string[] {
  const at = publish.takenAt!;
  const mine = life.states
    .filter((state) => state.at >= at)
    .flatMap(({ alert }) => alert.pages)
    .filter((page) => isSameContact(page, publish));
  const settled = mine.filter(
    ({ status, settledAt = 0 }) =>
      status === 'sent' && settledAt >= at && settledAt <= at + SETTLED_WITHIN_MS,
  );
  if (settled.length > 0) return [...new Set(settled.map(({ id }) => id))];
  const standing = [stateBefore(life, publish.at), ...life.states.filter((state) => state.at === publish.at)];
  const underWay = standing
    .flatMap((state) => state?.alert.pages ?? [])
    .filter(
      (page) => isSameContact(page, publish) && (page.status === 'sending' || page.status === 'waiting'),
    );
  return [...new Set(underWay.map(({ id }) => id))];
}
