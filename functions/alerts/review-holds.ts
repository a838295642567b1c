/** Looks again what holds an alert, after windows, silences or what explains it have changed. */
import type { Inhibitor } from '../holds/inhibition.ts';
import type { Operations } from '../operations/operations.ts';
import { type Alert, isOpen } from './alert.ts';
import { change, type Decision } from './alert-draft.ts';
import { goOn } from './alert-holds.ts';
import { claimOwedPages } from './alert-pages.ts';

/** @returns `unchanged` when the alert is held as before, and due when it was */
export function reviewHolds(
  alert: Alert,
  nowMs: number,
  operations: Operations,
  inhibitor: Inhibitor,
): Decision {
  if (!isOpen(alert)) return { kind: 'unchanged', reason: 'resolved' };
  const decision = change(alert, nowMs, operations, (draft) => {
    goOn(alert, draft, nowMs, operations, inhibitor);
    claimOwedPages(draft, nowMs);
  });
  return holdsOf(decision.alert) === holdsOf(alert) && decision.alert.dueAt === alert.dueAt
    ? { kind: 'unchanged', reason: 'held as before' }
    : decision;
}

/** That somebody looked again at what explains it is no change. */
function holdsOf({ holds: { inhibited, ...holds } }: Alert): string {
  return JSON.stringify([holds, inhibited?.by]);
}
