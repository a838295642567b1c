/** A page is published once; at most one message is repeated per injected crash or lost publish response. Source: design, Numbers to hold */
import type { TimelineEntry } from '../../../functions/alerts/alert.ts';
import type { Invariant, Publish, Run } from '../run.ts';
import { excusesOf, type Repetition, unexcused } from './explaining-hits.ts';
import { historiesOf, type LifeHistory } from './life-history.ts';
import { isSameContact, SETTLED_WITHIN_MS, tellingsOf } from './tellings.ts';
import { iso, nameContact, nameLife } from './words.ts';

type Repeated = { publish: Publish; earlier: Publish; life: LifeHistory };

export const duplicatesAreExplained: Invariant = (run) => {
  const byMessage = new Map<number, Repetition<Repeated>>();
  for (const life of historiesOf(run)) {
    for (const { publish, earlier } of repeatedIn(run, life)) {
      const known = byMessage.get(publish.n);
      const from = Math.max(known?.from ?? 0, earlier.at);
      byMessage.set(publish.n, { from, until: publish.takenAt!, of: { publish, earlier, life } });
    }
  }
  return unexcused(excusesOf(run), [...byMessage.values()]).map(({ publish, earlier, life }) => ({
    invariant: 'duplicates-are-explained',
    at: publish.takenAt!,
    what: `${nameContact(publish)} was told of alert ${nameLife(life)} at ${iso(publish.takenAt!)} (call ${publish.n}) although the message of ${iso(earlier.takenAt!)} (call ${earlier.n}) was of the same page, and no crash or lost response of its own explains it`,
  }));
};

/** The messages of one life to one contact beyond one for each page. */
function repeatedIn(run: Run, life: LifeHistory): { publish: Publish; earlier: Publish }[] {
  const taken = tellingsOf(run, life).filter(({ takenAt }) => takenAt !== undefined);
  const contacts = new Map(taken.map((publish) => [`${publish.responder} ${publish.channel}`, publish]));
  return [...contacts.values()].flatMap((contact) =>
    surplus(
      taken.filter((publish) => isSameContact(publish, contact)),
      life.timeline.filter((entry) => entry.event.endsWith('.sent') && isSameContact(entry, contact)),
    ),
  );
}

/** Each page that the timeline calls sent accounts for the message that was taken then; of the others each repeats the one before it. */
function surplus(publishes: readonly Publish[], sent: readonly TimelineEntry[]) {
  const pagesOf = publishes.map(() => 0);
  for (const { at } of sent) {
    const index = publishes.findLastIndex(
      ({ takenAt }) => takenAt! <= at && at <= takenAt! + SETTLED_WITHIN_MS,
    );
    if (index >= 0) pagesOf[index]! += 1;
  }
  return publishes.flatMap((publish, i) => {
    if (pagesOf[i]! > 0) return [];
    // Not the one that counts: one before it or after it told of the same page.
    const earlier = publishes[i - 1];
    const later = publishes[i + 1];
    if (later && pagesOf[i + 1]! > 0) return [{ publish: later, earlier: publish }];
    return earlier ? [{ publish, earlier }] : [];
  });
}
