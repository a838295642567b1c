/** Writes an alert anew that nothing would have woken in time: its clock runs, and its `dueAt` is what it promises. */
import type { Alert } from '../alerts/alert.ts';
import { change, type Decision } from '../alerts/alert-draft.ts';
import { restartEscalation } from '../alerts/escalate.ts';
import type { Operations } from '../operations/operations.ts';
import { earliestPromise, judgeAlert, momentOfNextStep } from './judge-alert.ts';

/** @returns `unchanged` when the alert, as it stands by now, would be woken */
export function mendAlert(alert: Alert, operations: Operations, nowMs: number): Decision {
  const verdict = judgeAlert(alert, operations, nowMs);
  if (verdict.kind !== 'not-armed') return { kind: 'unchanged', reason: 'it is armed by now' };
  const decision = change(alert, nowMs, operations, (draft) => {
    if (verdict.fault === 'never-escalated') restartEscalation(draft, operations);
    const atMs = momentOfNextStep(draft, operations);
    if (draft.next && atMs !== undefined) draft.next.atMs = atMs;
  });
  // Should what arms alerts be what is wrong: the promise counts.
  const mended = decision.alert;
  const promised = earliestPromise(mended);
  if (promised < (mended.dueAt ?? Number.POSITIVE_INFINITY)) mended.dueAt = promised;
  return decision;
}
