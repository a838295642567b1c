/**
 * No page owed before a durable acknowledgement, snooze or resolve begins its publish more than 30 s after it; and what is
 * held stays quiet likewise. Source: design, Numbers to hold, and Holds: "While held, nothing is published except by hand"
 */
import type { Alert, Page } from '../../../functions/alerts/alert.ts';
import type { Invariant, Publish, Violation } from '../run.ts';
import { historiesOf, isHeld, type LifeHistory, stateBefore } from './life-history.ts';
import { isSameContact, tellingsOf } from './tellings.ts';
import { iso, nameContact, nameLife } from './words.ts';

/** Source: design, Numbers to hold */
const STILL_BEGINS_MS = 30_000;

export const quietAfterAcknowledgement: Invariant = (run) =>
  historiesOf(run).flatMap((life) =>
    tellingsOf(run, life).flatMap((publish) => {
      // What a storm tells of beyond its list is in its message as a number alone.
      if (!publish.alerts.some(({ id, openedAt }) => id === life.id && openedAt === life.openedAt)) return [];
      return violationsOf(life, publish);
    }),
  );

function violationsOf(life: LifeHistory, publish: Publish): Violation[] {
  const quiet = quietSince(life, publish.at);
  if (!quiet || publish.at - quiet.since <= STILL_BEGINS_MS) return [];
  const pages = publishable(life, publish);
  if (pages.some((page) => mayBeSent(page, quiet))) return [];
  const owed = pages.map(({ id, kind, owedAt }) => `${kind} ${id}, owed at ${iso(owedAt)}`);
  const seconds = ((publish.at - quiet.since) / 1_000).toFixed(1);
  return [
    {
      invariant: 'quiet-after-acknowledgement',
      at: publish.at,
      what: `alert ${nameLife(life)} was ${quiet.why} at ${iso(quiet.since)}; a message of it to ${nameContact(publish)} (call ${publish.n}) began its publish ${seconds} s later, at ${iso(publish.at)} (${owed.join(', ') || 'nothing was owed to them'}); at most 30 s are allowed`,
    },
  ];
}

type Quiet = {
  since: number;
  why: 'acknowledged' | 'snoozed' | 'resolved' | 'held';
  /** of several acknowledgements the latest: a reminder asks the latest acknowledger */
  latest: number;
};

/** Since when without a break the alert asks for nobody. */
function quietSince(life: LifeHistory, atMs: number): Quiet | undefined {
  if (life.replacedAt !== undefined && life.replacedAt <= atMs) {
    const since = resolvedAt(life) ?? life.replacedAt;
    return { since, why: 'resolved', latest: since };
  }
  let quiet: Quiet | undefined;
  for (const { at, alert, entries } of life.states) {
    if (at > atMs) break;
    const why = whyQuiet(alert);
    if (!why) quiet = undefined;
    // Whoever answers once more has answered before; a hold that becomes an answer counts from the answer.
    else if (quiet?.why !== why && !(quiet && why === 'held')) quiet = { since: at, why, latest: at };
    if (quiet && entries.some(({ event }) => event === 'alert.acknowledged')) quiet.latest = at;
    // Escalated by hand in spite of it: from here on it asks for somebody.
    if (quiet && entries.some(({ event, by }) => event === 'alert.escalated' && by !== 'clock')) {
      quiet = why && { since: at, why, latest: at };
    }
  }
  return quiet;
}

function whyQuiet(alert: Alert): Quiet['why'] | undefined {
  if (alert.status !== 'triggered') return alert.status;
  if (alert.holds.snoozed) return 'snoozed';
  return isHeld(alert) ? 'held' : undefined;
}

function resolvedAt({ states }: LifeHistory): number | undefined {
  return states.find(({ alert }) => alert.status === 'resolved')?.at;
}

/** The pages to that contact that a message of that moment may have been: on their way right before it, or at its instant. */
function publishable(life: LifeHistory, publish: Publish): Page[] {
  const states = life.states.filter(({ at }) => at === publish.at);
  const alerts = [stateBefore(life, publish.at), ...states].flatMap((state) => state?.alert.pages ?? []);
  const pages = new Map(alerts.filter(isActive).map((page) => [page.id, page]));
  return [...pages.values()].filter((page) => isSameContact(page, publish));
}

function isActive({ status }: Page): boolean {
  return status === 'owed' || status === 'sending' || status === 'waiting';
}

function mayBeSent({ kind, owedAt, byHand }: Page, { since, why, latest }: Quiet): boolean {
  if (kind === 'notice') return true;
  if (kind === 'reminder') return why === 'acknowledged' && owedAt >= latest;
  if (why === 'acknowledged' || why === 'resolved') return false;
  return byHand === true && (why === 'held' || owedAt >= since);
}
