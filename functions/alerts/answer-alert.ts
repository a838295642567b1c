/** What a person does with an alert: acknowledge, resolve, escalate. Nothing is published here; what is owed is due now. */
import type { Operations } from '../operations/operations.ts';
import { type Alert, isOpen } from './alert.ts';
import { change, type Decision, moveTo, note } from './alert-draft.ts';
import { dropActivePages } from './alert-pages.ts';
import { escalateAtOnce } from './escalate.ts';
import { resolve } from './resolve.ts';

const MINUTE_MS = 60_000;

/** Pressed again within this time it is the same press: nothing is written, the reminder stays. */
const REPEAT_MS = 60_000;

export type Answer = 'acknowledge' | 'resolve' | 'escalate';

/**
 * Decides what an answer changes.
 * @param by  a responder's name, or `cli:<user>`
 * @returns `unchanged` when the alert is resolved already, or its severity pages nobody
 * Source: design, Alert; an acknowledgement again restarts the reminder's time, who answered first stays known
 */
export function answerAlert(
  alert: Alert,
  answer: Answer,
  by: string,
  nowMs: number,
  operations: Operations,
): Decision {
  if (!isOpen(alert)) return { kind: 'unchanged', reason: 'resolved already' };
  if (answer === 'escalate' && operations.escalation[alert.severity].steps.length === 0) {
    return { kind: 'unchanged', reason: `${alert.severity} alerts have no escalation` };
  }
  const latest = alert.acknowledgement;
  if (answer === 'acknowledge' && latest?.by === by && nowMs - latest.at < REPEAT_MS) {
    return { kind: 'unchanged', reason: 'acknowledged a moment ago' };
  }
  return change(alert, nowMs, (draft) => {
    if (answer === 'acknowledge') acknowledge(draft, by, nowMs, operations);
    if (answer === 'resolve') resolve(draft, nowMs, { by, reason: 'resolved by hand' });
    if (answer === 'escalate') escalateByHand(draft, by, nowMs, operations);
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
  dropActivePages(draft, nowMs, 'acknowledged');
}

/** Back to triggered when it was acknowledged; a hold stays, and does not keep these pages back. */
function escalateByHand(draft: Alert, by: string, nowMs: number, operations: Operations): void {
  if (draft.status === 'acknowledged') moveTo(draft, 'triggered');
  delete draft.acknowledgement;
  escalateAtOnce(draft, nowMs, operations, { by, reason: 'by hand', byHand: true });
}
