/**
 * The timeline explains every page and every page not sent: each publish stands in the timeline of each alert that it tells
 * of; each page called sent was published; and each page that was owed has its end, with the reason if it was not sent.
 * Source: design, Holds, last sentence, and Numbers to hold
 */
import type { Alert, Page, TimelineEntry } from '../../../functions/alerts/alert.ts';
import type { Invariant, Publish, Run, Violation } from '../run.ts';
import { deadlineOf, isCalm } from './fault-times.ts';
import { historiesOf, isHeld, type LifeHistory, overAt, stateAt } from './life-history.ts';
import { isSameContact, SETTLED_WITHIN_MS, tellingsOf } from './tellings.ts';
import { iso, nameContact, nameLife } from './words.ts';

const NAME = 'the-timeline-explains';

export const theTimelineExplains: Invariant = (run) =>
  historiesOf(run).flatMap((life) => [
    ...unmentioned(run, life),
    ...neverPublished(run, life),
    ...withoutEnd(run, life),
  ]);

/** What SNS took stands in the timeline as sent then; or, where nobody could know, as tried again, or dropped since. */
function unmentioned(run: Run, life: LifeHistory): Violation[] {
  return tellingsOf(run, life).flatMap((publish): Violation[] => {
    const { takenAt } = publish;
    if (takenAt === undefined) return [];
    const mine = life.timeline.filter((entry) => isSameContact(entry, publish));
    if (mine.some((entry) => isSentAt(entry, takenAt))) return [];
    const deadline = afterHold(run, life, deadlineOf(run, takenAt));
    if (deadline > run.endMs) return [];
    // Its sender crashed, or never had the answer: then it was tried again, or somebody else had answered by then.
    // What SNS takes late may have been tried again before that.
    const isUnknown = !isCalm(run, takenAt, takenAt);
    const follows = mine.some(
      ({ event, at }) =>
        at >= publish.at &&
        at <= deadline &&
        [
          'page.retried',
          'page.failed',
          'page.dropped',
          'page.undeliverable',
          'page.sent',
          'reminder.sent',
          'notice.sent',
        ].includes(event),
    );
    if (isUnknown && (follows || overAt(life) <= deadline)) return [];
    return [
      {
        invariant: NAME,
        at: takenAt,
        what: `SNS took a message to ${nameContact(publish)} of alert ${nameLife(life)} at ${iso(takenAt)} (call ${publish.n}), and its timeline says nothing of it`,
      },
    ];
  });
}

/** What is held then is tried again, or dropped, when its hold ends. */
function afterHold(run: Run, life: LifeHistory, atMs: number): number {
  const standing = stateAt(life, atMs);
  if (!standing || !isHeld(standing.alert)) return atMs;
  const released = life.states.find(({ at, alert }) => at > atMs && !isHeld(alert));
  return released ? deadlineOf(run, released.at) : atMs;
}

function isSentAt({ event, at }: TimelineEntry, takenAt: number): boolean {
  return event.endsWith('.sent') && at >= takenAt && at <= takenAt + SETTLED_WITHIN_MS;
}

/** What the timeline calls sent was taken by SNS then, and told of this alert. */
function neverPublished(run: Run, life: LifeHistory): Violation[] {
  const tellings = tellingsOf(run, life).filter(({ takenAt }) => takenAt !== undefined);
  // A notice is of the life before, when the next one opened while it was on its way.
  const ofAnyLife = run.publishes.filter(
    ({ takenAt, alerts }) => takenAt !== undefined && alerts.some(({ id }) => id === life.id),
  );
  return life.timeline
    .filter(({ event }) => event.endsWith('.sent'))
    .filter((entry) => {
      const among = entry.event === 'notice.sent' ? [...tellings, ...ofAnyLife] : tellings;
      return !among.some((publish) => isTheMessageOf(entry, publish));
    })
    .map((entry) => ({
      invariant: NAME,
      at: entry.at,
      what: `the timeline of alert ${nameLife(life)} says ${entry.event} to ${nameContact({ responder: '?', channel: '?', ...entry })} at ${iso(entry.at)} (page ${entry.page}, version ${entry.version}); no message of that moment told them of it`,
    }));
}

function isTheMessageOf(entry: TimelineEntry, publish: Publish): boolean {
  return isSameContact(entry, publish) && isSentAt(entry, publish.takenAt!);
}

const END: Partial<Record<Page['status'], readonly TimelineEntry['event'][]>> = {
  sent: ['page.sent', 'reminder.sent', 'notice.sent'],
  dropped: ['page.dropped'],
  undeliverable: ['page.undeliverable'],
};

/** Each page that was ever owed was sent, dropped or undeliverable, and the timeline says so; or it still has its reason to wait. */
function withoutEnd(run: Run, life: LifeHistory): Violation[] {
  const violations: Violation[] = [];
  for (const [id, { page, since }] of pagesOf(life)) {
    const entries = life.timeline.filter((entry) => entry.page === id);
    const ends = END[page.status];
    const to = `page ${id} of alert ${nameLife(life)} to ${nameContact(page)} (${page.kind}, level ${page.level}, owed at ${iso(page.owedAt)})`;
    if (ends) {
      // A notice may be told of in the next life: it was owed when that one opened.
      if (entries.some(({ event }) => ends.includes(event)) || page.kind === 'notice') continue;
      violations.push({
        invariant: NAME,
        at: since,
        what: `${to} is ${page.status} since ${iso(since)}; its timeline has no ${ends.join(' or ')} of it`,
      });
      continue;
    }
    if (mayStillWait(run, life, page, since)) continue;
    violations.push({
      invariant: NAME,
      at: since,
      what: `${to} is ${page.status} since ${iso(since)} and never ended: neither sent, nor dropped, nor undeliverable`,
    });
  }
  return violations;
}

/** Each page with its last known state, and since when. */
function pagesOf(life: LifeHistory): Map<string, { page: Page; since: number }> {
  const pages = new Map<string, { page: Page; since: number }>();
  for (const { at, alert } of life.states) {
    for (const page of alert.pages) {
      const known = pages.get(page.id);
      pages.set(page.id, { page, since: known?.page.status === page.status ? known.since : at });
    }
  }
  return pages;
}

function mayStillWait(run: Run, life: LifeHistory, page: Page, since: number): boolean {
  const latest = life.states.at(-1)!;
  if (deadlineOf(run, Math.max(since, latest.at) + 2 * 60_000) > run.endMs) return true;
  // It was on its way when its life ended: the next life does not ask for it.
  if (life.replacedAt !== undefined) return true;
  return page.status === 'owed' && isHeldNow(latest.alert);
}

function isHeldNow({ holds }: Alert): boolean {
  return Object.keys(holds).length > 0;
}
