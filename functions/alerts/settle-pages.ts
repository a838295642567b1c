/** What came of the pages: sent, waiting for the contact's slot, to be tried again, or undeliverable and passed on. */
import { type Contact, channelsOf, decideContacts, WATCHERS } from '../escalation/decide-contacts.ts';
import { onCall } from '../oncall/on-call.ts';
import type { Operations } from '../operations/operations.ts';
import { type Alert, heldBy, isOpen, type Page } from './alert.ts';
import { change, type Decision, isActive, note } from './alert-draft.ts';
import { beginWindows } from './alert-holds.ts';
import {
  claimOwedPages,
  endPage,
  factsOf,
  isHeldBack,
  oweNotices,
  owePages,
  whyMoot,
} from './alert-pages.ts';
import { escalateAtOnce, pageWatchers } from './escalate.ts';

const RETRY_FIRST_MS = 5_000;
const RETRY_MOST_MS = 60_000;

/**
 * Refusals that may pass (throttling, an outage of SNS) make a page undeliverable after some 17 minutes of them: sooner,
 * and a short outage would wake everybody. The levels keep their own moments meanwhile.
 */
export const REFUSALS_MOST = 20;

/** A page that has waited for its slot for so long goes into the line again: nothing depends on its row alone. */
const WAITING_MOST_MS = 10 * 60_000;

export type Outcome =
  | { page: string; kind: 'sent'; at: number }
  /** `gathers`: for what else goes on after a hold, not because the slot is taken */
  | { page: string; kind: 'waiting'; attempt: number; gathers?: boolean }
  /** left the line of its slot because it was answered or held: the alert decides */
  | { page: string; kind: 'unsent' }
  | { page: string; kind: 'failed'; reason: string }
  /** failed on our side of SNS: it says nothing about the contact, so it never counts against it */
  | { page: string; kind: 'interrupted'; reason: string }
  | { page: string; kind: 'undeliverable'; reason: string }
  /**
   * SNS took it, and says later that it did not arrive. `contact` and `openedAt`: whose page it was, in which life, for
   * when it has left the item by then; of an earlier life it changes nothing.
   */
  | { page: string; kind: 'undelivered'; reason: string; contact?: Contact; openedAt?: number };

/** What this settlement also knows to be copied out of the item. */
export type Copied = {
  /** entries up to this version stand in the table by themselves */
  timelineVersion?: number;
  /** the life that opened then stands in the table as ended */
  endedOpenedAt?: number;
};

/**
 * Writes the outcomes into the alert, and owes what follows from them.
 * An undeliverable page finds its way: next channel, then the level's other responders; when no page of the level
 * can be delivered, the next level's moment comes at once; past the last level, the watchers.
 * Source: design, Paging
 */
export function settlePages(
  alert: Alert,
  outcomes: readonly Outcome[],
  copied: Copied,
  nowMs: number,
  operations: Operations,
): Decision {
  return change(alert, nowMs, operations, (draft) => {
    if (copied.timelineVersion !== undefined) {
      draft.timeline = draft.timeline.filter((entry) => entry.version > copied.timelineVersion!);
    }
    if (copied.endedOpenedAt === draft.openedAt && !isOpen(draft)) draft.endedCopied = true;
    beginWindows(draft, nowMs, operations);
    for (const outcome of outcomes) {
      const page = draft.pages.find(({ id }) => id === outcome.page);
      if (outcome.kind === 'undelivered') undelivered(draft, page, outcome, nowMs, operations);
      else if (page && (isActive(page) || outcome.kind === 'sent'))
        settle(draft, page, outcome, nowMs, operations);
    }
    claimOwedPages(draft, nowMs);
  });
}

function settle(
  draft: Alert,
  page: Page,
  outcome: Exclude<Outcome, { kind: 'undelivered' }>,
  nowMs: number,
  operations: Operations,
): void {
  // Its turn has come and gone before this was written.
  if (outcome.kind === 'waiting' && (page.status !== 'sending' || outcome.attempt !== page.attempt)) return;
  delete page.claim;
  delete page.notBefore;
  const moot = whyMoot(draft, page);
  if (outcome.kind === 'sent') {
    sent(draft, page, outcome.at, nowMs);
  } else if (moot) {
    endPage(draft, page, 'dropped', moot, nowMs);
  } else if (outcome.kind === 'unsent') {
    page.status = 'owed';
    if (isHeldBack(draft, page)) note(draft, nowMs, 'page.held', { ...factsOf(page), reason: heldBy(draft) });
  } else if (outcome.kind === 'waiting') {
    page.status = 'waiting';
    page.notBefore = nowMs + WAITING_MOST_MS;
    // A notice wakes nobody: that it waits is no news. Neither is that a page gathers for a few seconds.
    if (page.kind !== 'notice' && !outcome.gathers)
      note(draft, nowMs, 'page.held', { ...factsOf(page), reason: 'waiting-for-slot' });
  } else if (mayRetry(page, outcome.kind)) {
    if (outcome.kind === 'failed') page.refusals = (page.refusals ?? 0) + 1;
    page.status = 'owed';
    page.notBefore = nowMs + backOffMs(page.attempt);
    note(draft, nowMs, 'page.failed', { ...factsOf(page), reason: outcome.reason, until: page.notBefore });
  } else {
    undeliverable(draft, page, outcome.reason, nowMs, operations);
  }
}

/** The watchers are the last resort: they are tried without end. */
function mayRetry(page: Page, outcome: 'failed' | 'interrupted' | 'undeliverable'): boolean {
  if (page.responder === WATCHERS.responder || outcome === 'interrupted') return true;
  return outcome === 'failed' && (page.refusals ?? 0) + 1 < REFUSALS_MOST;
}

function sent(draft: Alert, page: Page, at: number, nowMs: number): void {
  page.status = 'sent';
  page.settledAt = at;
  const event =
    page.kind === 'page' ? 'page.sent' : page.kind === 'reminder' ? 'reminder.sent' : 'notice.sent';
  note(draft, at, event, factsOf(page));
  if (page.kind !== 'page') return;
  const known = draft.paged.find(({ responder }) => responder === page.responder);
  if (known) {
    known.level = Math.max(known.level, page.level);
    return;
  }
  draft.paged.push({ responder: page.responder, level: page.level });
  // It was on its way when the alert resolved: this person is told as well.
  if (!isOpen(draft)) oweNotices(draft, nowMs, draft.paged.slice(-1));
}

/** It finds its way like one that SNS refused, unless its question is answered by now, or a report has said so before. */
function undelivered(
  draft: Alert,
  found: Page | undefined,
  { page: id, reason, contact, openedAt = draft.openedAt }: Extract<Outcome, { kind: 'undelivered' }>,
  nowMs: number,
  operations: Operations,
): void {
  if (found?.status === 'undeliverable' || found?.status === 'dropped') return;
  const page = found ?? (contact && openedAt === draft.openedAt ? forgotten(draft, id, contact) : undefined);
  if (!page) return;
  delete page.claim;
  delete page.notBefore;
  if (whyMoot(draft, page)) endPage(draft, page, 'undeliverable', reason, nowMs);
  else undeliverable(draft, page, reason, nowMs, operations);
}

/** A page that has left the item, as far as it is known. */
function forgotten(draft: Alert, id: string, { responder, channel }: Contact): Page {
  const level = draft.paged.find((one) => one.responder === responder)?.level ?? draft.highestPagedLevel;
  return { id, kind: 'page', level, responder, channel, status: 'sent', owedAt: draft.openedAt, attempt: 1 };
}

function undeliverable(
  draft: Alert,
  page: Page,
  reason: string,
  nowMs: number,
  operations: Operations,
): void {
  endPage(draft, page, 'undeliverable', reason, nowMs);
  if (!isOpen(draft) || page.kind === 'notice') return;
  // A page that has left the item is none of the draft's.
  const group = [page, ...draft.pages].filter(
    (other) => other.kind === page.kind && other.level === page.level && other.owedAt === page.owedAt,
  );
  const tried = (responder: string, channel: Page['channel']) =>
    group.some((other) => other.responder === responder && other.channel === channel);
  const people =
    page.kind === 'page' ? [page.responder, ...onCall(operations, page.level, nowMs)] : [page.responder];
  for (const responder of people) {
    const channel = channelsOf(operations, responder).find((one) => !tried(responder, one));
    if (!channel) continue;
    owePages(draft, nowMs, {
      kind: page.kind,
      level: page.level,
      contacts: [{ responder, channel }],
      byHand: page.byHand ?? false,
      owedAt: page.owedAt,
    });
    return;
  }
  if (page.kind === 'page' && group.every((other) => other.status === 'undeliverable')) {
    passOn(draft, page, nowMs, operations);
  }
}

/**
 * No page of this level can be delivered: the next level at once, or the watchers when there is nobody above. An empty
 * level that hands its moment down again is nobody: it would come back here without end.
 */
function passOn(draft: Alert, page: Page, nowMs: number, operations: Operations): void {
  const highest = draft.highestPagedLevel;
  const step = operations.escalation[draft.severity].steps.find(({ level }) => level > highest);
  const above = step && decideContacts(operations, step.level, step.channels, nowMs);
  const cause = {
    by: 'clock',
    reason: `nobody on level ${page.level} can be reached`,
    byHand: page.byHand ?? false,
  };
  if (above && above.level > highest) escalateAtOnce(draft, nowMs, operations, cause);
  else pageWatchers(draft, nowMs, page.level, 'nobody-reachable', cause.byHand);
}

function backOffMs(attempt: number): number {
  return Math.min(RETRY_FIRST_MS * 2 ** (attempt - 1), RETRY_MOST_MS);
}
