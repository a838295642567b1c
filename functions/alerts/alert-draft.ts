/** Editing an alert: a copy, changed by the rules, closed with its clock, its next moment and its bounds in order. */

import { windowsAt } from '../holds/windows.ts';
import type { Operations } from '../operations/operations.ts';
import { OpsError } from '../shared/errors.ts';
import {
  type Alert,
  CLAIM_LEASE_MS,
  heldBy,
  isOpen,
  KEPT_PAGES,
  type Page,
  type Status,
  type TimelineEntry,
  type TimelineEvent,
  TRANSITIONS,
} from './alert.ts';

/**
 * What a rule answers: the alert as it should be written, or why nothing changes.
 * `ended`: a life that gives way to a new one and is to be copied out before the write.
 */
export type Decision =
  | { kind: 'changed'; alert: Alert; ended?: Alert | undefined }
  | { kind: 'unchanged'; reason: string };

export type Changed = Extract<Decision, { kind: 'changed' }>;

/**
 * One change of an alert, ready for one conditional write: `version` is one higher, `clock`, `dueAt`, `feedAt`
 * follow from the rest. The alert passed in is left alone.
 */
export function change(
  alert: Alert,
  nowMs: number,
  operations: Operations,
  edit: (draft: Alert) => void,
): Changed {
  const draft = structuredClone(alert);
  draft.version += 1;
  delete draft.stuck;
  edit(draft);
  runClock(draft, nowMs);
  prunePages(draft);
  draft.dueAt = nextDueAt(draft, nowMs, operations);
  if (draft.status !== alert.status) draft.feedAt = nowMs;
  return { kind: 'changed', alert: draft };
}

/** Adds one fact to the timeline. */
export function note(
  draft: Alert,
  nowMs: number,
  event: TimelineEvent,
  facts: Partial<Omit<TimelineEntry, 'openedAt' | 'version' | 'n' | 'at' | 'event'>> = {},
): void {
  const n = draft.timeline.filter((entry) => entry.version === draft.version).length;
  draft.timeline.push({ openedAt: draft.openedAt, version: draft.version, n, at: nowMs, event, ...facts });
}

/** @throws OpsError `bug` when the table of transitions does not have this one */
export function moveTo(draft: Alert, status: Status): void {
  const allowed: readonly Status[] = TRANSITIONS[draft.status];
  if (!allowed.includes(status)) {
    throw new OpsError('bug', `alert ${draft.id}: no transition from ${draft.status} to ${status}`);
  }
  draft.status = status;
}

/** The reading of the escalation clock. */
export function elapsedAt(alert: Alert, nowMs: number): number {
  const { elapsedMs, runningSince } = alert.clock;
  return runningSince === null ? elapsedMs : elapsedMs + Math.max(0, nowMs - runningSince);
}

/** Sets the clock's reading; it goes on from there as the change is closed. */
export function setClock(draft: Alert, elapsedMs: number): void {
  draft.clock = { elapsedMs, runningSince: null };
}

/** The earliest moment at which anything is to be done with this alert, or undefined. */
function nextDueAt(alert: Alert, nowMs: number, operations: Operations): number | undefined {
  const held = heldBy(alert) !== undefined;
  const moments: (number | null | undefined)[] = alert.pages.map((page) => pageDueAt(page, held));
  if (isOpen(alert)) {
    moments.push(...holdMoments(alert, nowMs, operations));
    if (!held && alert.acknowledgement) {
      moments.push(alert.acknowledgement.remindAt, alert.acknowledgement.forgottenAt);
    }
    if (alert.next && alert.clock.runningSince !== null) {
      moments.push(alert.clock.runningSince + alert.next.atMs - alert.clock.elapsedMs);
    }
  } else if (alert.openedAt > 0 && !alert.endedCopied) {
    moments.push((alert.resolution?.at ?? 0) + CLAIM_LEASE_MS);
  }
  const known = moments.filter((moment) => typeof moment === 'number');
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** When a hold ends, is to be asked about, or begins. */
function holdMoments({ holds, ...alert }: Alert, nowMs: number, operations: Operations) {
  return [
    holds.recovering?.until,
    holds.snoozed?.until,
    holds.maintenance?.until,
    holds.silenced?.until,
    holds.muted?.checkAt,
    holds.inhibited?.checkAt,
    pagesNobody(alert, operations) ? undefined : windowsAt(operations, alert, nowMs).nextStart,
  ];
}

/** Nobody is ever paged for it (info), so nothing needs to hold it. */
export function pagesNobody({ severity }: Pick<Alert, 'severity'>, { escalation }: Operations): boolean {
  return escalation[severity].steps.length === 0;
}

function pageDueAt(page: Page, held: boolean): number | undefined {
  if (page.status === 'sending') return page.claim?.until ?? page.owedAt;
  if (page.status === 'waiting') return page.notBefore;
  if (page.status === 'owed' && (!held || page.byHand || page.kind === 'notice')) {
    return page.notBefore ?? page.owedAt;
  }
  return undefined;
}

/** The clock counts only while the alert is triggered and not held. */
function runClock(draft: Alert, nowMs: number): void {
  const runs = draft.status === 'triggered' && heldBy(draft) === undefined;
  if (runs && draft.clock.runningSince === null) draft.clock.runningSince = nowMs;
  if (!runs) setClock(draft, elapsedAt(draft, nowMs));
}

/** Settled pages beyond the limit leave the item, oldest first; the timeline has them. */
function prunePages(draft: Alert): void {
  let surplus = draft.pages.length - KEPT_PAGES;
  draft.pages = draft.pages.filter((page) => isActive(page) || surplus-- <= 0);
}

/** True until the page is sent, undeliverable or dropped. */
export function isActive(page: Page): boolean {
  return page.status === 'owed' || page.status === 'sending' || page.status === 'waiting';
}
