/** The pages that an alert owes: added, claimed for sending, dropped when an answer came first. */
import { type Contact, WATCHERS } from '../escalation/decide-contacts.ts';
import type { Operations } from '../operations/operations.ts';
import { type Alert, CLAIM_LEASE_MS, heldBy, type Page } from './alert.ts';
import { isActive, note } from './alert-draft.ts';

/** Why a reminder has lost its sense, in words of the timeline. */
const WITHDRAWN = 'it is no longer acknowledged';

/** One message to owe: to whom, why, and for which level. */
export type Owed = {
  kind: Page['kind'];
  level: number;
  contacts: readonly Contact[];
  byHand?: boolean;
  /** the moment it stands in for, when it replaces an undeliverable page */
  owedAt?: number;
};

/** Adds pages. A contact that already has an unsent one of that kind keeps that one: it is asked once, not twice. */
export function owePages(draft: Alert, nowMs: number, owed: Owed): void {
  for (const contact of owed.contacts) {
    const unsent = draft.pages.find(
      (page) => isActive(page) && page.kind === owed.kind && sameContact(page, contact),
    );
    if (unsent) {
      unsent.level = Math.max(unsent.level, owed.level);
      if (owed.byHand) sendAtOnce(unsent);
      continue;
    }
    draft.pageCount += 1;
    draft.pages.push({
      id: String(draft.pageCount),
      kind: owed.kind,
      level: owed.level,
      responder: contact.responder,
      channel: contact.channel,
      status: 'owed',
      owedAt: owed.owedAt ?? nowMs,
      attempt: 0,
      ...(owed.byHand ? { byHand: true } : {}),
    });
  }
}

/** A hand asks for a page that a hold or a retry keeps back. */
function sendAtOnce(page: Page): void {
  page.byHand = true;
  if (page.status !== 'owed') return;
  delete page.notBefore;
}

/** Claims what may be sent now: the write that commits the draft holds the claim until its lease ends. */
export function claimOwedPages(draft: Alert, nowMs: number): void {
  for (const page of draft.pages) {
    if (page.status !== 'owed' || (page.notBefore ?? 0) > nowMs || isHeldBack(draft, page)) continue;
    page.status = 'sending';
    page.attempt += 1;
    page.claim = { version: draft.version, until: nowMs + CLAIM_LEASE_MS };
    delete page.notBefore;
  }
}

/** The pages that this very write claimed: its author sends them. */
export function claimedPages(alert: Alert): Page[] {
  return alert.pages.filter((page) => page.status === 'sending' && page.claim?.version === alert.version);
}

/** A claim whose lease ended was made by somebody who crashed: the page is owed again, unless it was answered. */
export function releaseExpiredClaims(draft: Alert, nowMs: number): void {
  for (const page of draft.pages) {
    if (!isLeftAlone(page, nowMs)) continue;
    delete page.claim;
    delete page.notBefore;
    const moot = whyMoot(draft, page);
    if (moot) {
      endPage(draft, page, 'dropped', moot, nowMs);
      continue;
    }
    page.status = 'owed';
    note(draft, nowMs, 'page.retried', { ...factsOf(page), reason: 'no outcome in time' });
  }
}

/** Claimed by somebody who did not come back, or in a line that has forgotten it. */
function isLeftAlone(page: Page, nowMs: number): boolean {
  if (page.status === 'sending') return (page.claim?.until ?? 0) <= nowMs;
  return page.status === 'waiting' && page.notBefore !== undefined && page.notBefore <= nowMs;
}

/** When the last hold ended: what waited for a slot is sent afresh, with what else is owed. */
export function releaseWaitingPages(draft: Alert): void {
  for (const page of draft.pages) {
    if (page.status !== 'waiting') continue;
    page.status = 'owed';
    delete page.notBefore;
  }
}

/** Nobody is paged for what is answered. A page already on its way cannot be called back; a notice is still owed. */
export function dropActivePages(
  draft: Alert,
  nowMs: number,
  reason: 'acknowledged' | 'resolved' | 'snoozed',
): void {
  for (const page of draft.pages) {
    if (page.kind === 'notice' || (page.status !== 'owed' && page.status !== 'waiting')) continue;
    endPage(draft, page, 'dropped', reason, nowMs);
  }
}

/** Nobody is reminded of what they no longer say. */
export function dropReminders(draft: Alert, nowMs: number): void {
  for (const page of draft.pages) {
    if (page.kind !== 'reminder' || (page.status !== 'owed' && page.status !== 'waiting')) continue;
    endPage(draft, page, 'dropped', WITHDRAWN, nowMs);
  }
}

/** True when the page's question is answered: it must not be sent any more. */
export function isMoot(alert: Alert, page: Page): boolean {
  return whyMoot(alert, page) !== undefined;
}

/** A snooze ends by starting over, so what was owed before it is dropped, not kept. */
export function whyMoot(alert: Alert, page: Page): string | undefined {
  if (page.kind === 'notice') return undefined;
  if (page.kind === 'reminder' && alert.status === 'triggered') return WITHDRAWN;
  if (page.kind === 'reminder') return alert.status === 'acknowledged' ? undefined : alert.status;
  if (alert.status !== 'triggered') return alert.status;
  return alert.holds.snoozed && !page.byHand ? 'snoozed' : undefined;
}

/** True while a hold keeps the page back: it is owed until the hold ends, unless a hand asked for it. */
export function isHeldBack(alert: Alert, page: Page): boolean {
  return heldBy(alert) !== undefined && !page.byHand && page.kind !== 'notice';
}

/** Ends a page that was not sent, with its reason. */
export function endPage(
  draft: Alert,
  page: Page,
  status: 'dropped' | 'undeliverable',
  reason: string,
  nowMs: number,
): void {
  page.status = status;
  page.reason = reason;
  page.settledAt = nowMs;
  note(draft, nowMs, `page.${status}`, { ...factsOf(page), reason });
}

/** A resolved notice to everybody who was paged: by email only, the watchers on their topic. */
export function oweNotices(draft: Alert, nowMs: number, to = draft.paged): void {
  for (const { responder, level } of to) {
    const channel = responder === WATCHERS.responder ? WATCHERS.channel : 'email';
    owePages(draft, nowMs, { kind: 'notice', level, contacts: [{ responder, channel }] });
  }
}

export function factsOf(page: Page): {
  page: string;
  level: number;
  responder: string;
  channel: Page['channel'];
} {
  return { page: page.id, level: page.level, responder: page.responder, channel: page.channel };
}

function sameContact(page: Page, contact: Contact): boolean {
  return page.responder === contact.responder && page.channel === contact.channel;
}

/** The acknowledger, or, when that is nobody with a contact (CLI, integration), everybody paged so far. */
export function remindedResponders(alert: Alert, by: string, operations: Operations): string[] {
  return operations.responders[by] ? [by] : alert.paged.map(({ responder }) => responder);
}
