/** What a person does with an alert: acknowledge, resolve, escalate, snooze. Nothing is published here; what is owed is due now. */
import type { Operations } from '../operations/operations.ts';
import { OpsError } from '../shared/errors.ts';
import { type Alert, isOpen } from './alert.ts';
import { change, type Decision, moveTo, note, pagesNobody } from './alert-draft.ts';
import { endHold, goOn } from './alert-holds.ts';
import { dropActivePages } from './alert-pages.ts';
import { escalateAtOnce } from './escalate.ts';
import { resolve } from './resolve.ts';
import { withdrawAcknowledgement } from './withdraw-acknowledgement.ts';

const MINUTE_MS = 60_000;

/** Pressed again within this time it is the same press: nothing is written, the reminder stays. */
const REPEAT_MS = 60_000;

export type Answer = 'acknowledge' | 'resolve' | 'escalate' | 'snooze';

/** Every snooze ends. */
export type Snooze = {
  /** epoch milliseconds */
  until: number;
  reason?: string | undefined;
};

/**
 * Decides what an answer changes.
 * @param by      a responder's name, `cli:<user>` or `integration:<name>`
 * @param snooze  for `snooze`: until when, and why
 * @returns `unchanged` when the alert is resolved already, its severity pages nobody, or the press is a repeated one
 * @throws OpsError `bug` for a snooze without an end
 * Source: design, Alert; an acknowledgement again restarts the reminder's time, who answered first stays known
 */
export function answerAlert(
  alert: Alert,
  answer: Answer,
  by: string,
  nowMs: number,
  operations: Operations,
  snooze?: Snooze,
): Decision {
  if (!isOpen(alert)) return { kind: 'unchanged', reason: 'resolved already' };
  if (answer === 'escalate' && pagesNobody(alert, operations)) {
    return { kind: 'unchanged', reason: `${alert.severity} alerts have no escalation` };
  }
  const latest = alert.acknowledgement;
  if (answer === 'acknowledge' && latest?.by === by && nowMs - latest.at < REPEAT_MS) {
    return { kind: 'unchanged', reason: 'acknowledged a moment ago' };
  }
  if (answer === 'snooze') return snoozeAlert(alert, by, nowMs, operations, snooze);
  return change(alert, nowMs, operations, (draft) => {
    if (answer === 'acknowledge') acknowledge(draft, by, nowMs, operations);
    if (answer === 'resolve') resolve(draft, nowMs, { by, reason: 'resolved by hand' });
    if (answer === 'escalate') escalateByHand(draft, by, nowMs, operations);
    goOn(alert, draft, nowMs, operations);
  });
}

/** It withdraws an acknowledgement, and ends by starting over at level 1. A later end takes the place of an earlier one. */
function snoozeAlert(
  alert: Alert,
  by: string,
  nowMs: number,
  operations: Operations,
  snooze: Snooze | undefined,
): Decision {
  if (!snooze) throw new OpsError('bug', `alert ${alert.id}: a snooze without an end`);
  const { until, reason } = snooze;
  if (until <= nowMs) return { kind: 'unchanged', reason: 'the end of the snooze is over' };
  const before = alert.holds.snoozed;
  if (before?.by === by && nowMs - before.since < REPEAT_MS && Math.abs(until - before.until) < REPEAT_MS) {
    return { kind: 'unchanged', reason: 'snoozed a moment ago' };
  }
  return change(alert, nowMs, operations, (draft) => {
    note(draft, nowMs, 'alert.snoozed', { by, until, reason });
    withdrawAcknowledgement(draft, nowMs);
    draft.holds.snoozed = { since: nowMs, until, by, reason };
    dropActivePages(draft, nowMs, 'snoozed');
    goOn(alert, draft, nowMs, operations);
  });
}

function acknowledge(draft: Alert, by: string, nowMs: number, operations: Operations): void {
  const timeoutMinutes = operations.escalation[draft.severity].ackTimeoutMinutes;
  if (draft.status === 'triggered') moveTo(draft, 'acknowledged');
  draft.acknowledgement = {
    firstBy: draft.acknowledgement?.firstBy ?? by,
    firstAt: draft.acknowledgement?.firstAt ?? nowMs,
    by,
    at: nowMs,
    remindAt: timeoutMinutes === null ? null : nowMs + timeoutMinutes * MINUTE_MS,
    forgottenAt: null,
  };
  note(draft, nowMs, 'alert.acknowledged', { by });
  if (draft.holds.snoozed) endHold(draft, 'snoozed', nowMs, operations);
  dropActivePages(draft, nowMs, 'acknowledged');
}

/** Back to triggered when it was acknowledged; a hold stays, and does not keep these pages back. */
function escalateByHand(draft: Alert, by: string, nowMs: number, operations: Operations): void {
  withdrawAcknowledgement(draft, nowMs);
  escalateAtOnce(draft, nowMs, operations, { by, reason: 'by hand', byHand: true });
}
