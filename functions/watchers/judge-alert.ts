/**
 * Whether an open alert has gone on as it should: read from its own clock and promises, not from the `dueAt` that was made
 * of them. Deliberately a second opinion: a mistake in what arms alerts must not be repeated by what looks for it.
 */
import { type Alert, heldBy, isOpen } from '../alerts/alert.ts';
import { isActive } from '../alerts/alert-draft.ts';
import { isHeldBack } from '../alerts/alert-pages.ts';
import type { Operations } from '../operations/operations.ts';
import { ESCALATION_AUDIT_PERIOD_MS, LATE_MOST_MS } from './contract.ts';

const MINUTE_MS = 60_000;

/** By then it was handed over by two ticks and two audits, and nobody took it. */
export const UNMOVED_MS = LATE_MOST_MS + 2 * ESCALATION_AUDIT_PERIOD_MS;

/** `lateMs`: by how much the earliest thing that it has to do is late; 0 when it is not. */
export type Verdict = { lateMs: number } & (
  | { kind: 'in-time' }
  /** armed, and nobody came: it is to be handed over */
  | { kind: 'overdue'; why: string }
  /** nothing would ever come of it, or too late: it is to be written anew */
  | { kind: 'not-armed'; why: string; fault: Fault }
  /** handing it over has not helped: people have to look */
  | { kind: 'stuck'; why: string }
);

export type Fault = 'never-escalated' | 'clock-stands-still' | 'behind-its-policy' | 'armed-late';

/** @param nowMs  epoch milliseconds, as are all moments */
export function judgeAlert(alert: Alert, operations: Operations, nowMs: number): Verdict {
  if (!isOpen(alert)) return { kind: 'in-time', lateMs: 0 };
  const promised = earliestPromise(alert);
  const lateMs = Math.max(0, nowMs - Math.min(promised, alert.dueAt ?? Number.POSITIVE_INFINITY));
  if (alert.stuck !== undefined) {
    return lateMs > LATE_MOST_MS
      ? { kind: 'stuck', lateMs, why: `it fails: ${alert.stuck}` }
      : { kind: 'in-time', lateMs };
  }
  const fault = faultOf(alert, operations, promised);
  if (fault) return { kind: 'not-armed', lateMs, fault, why: WHY[fault] };
  if (lateMs <= LATE_MOST_MS) return { kind: 'in-time', lateMs };
  return lateMs > UNMOVED_MS
    ? { kind: 'stuck', lateMs, why: 'it was handed over again and again, and nobody took it' }
    : { kind: 'overdue', lateMs, why: 'its moment came, and nobody took it' };
}

const WHY: Record<Fault, string> = {
  'never-escalated': 'it opened while its policy had no steps, and has them now',
  'clock-stands-still': 'its clock stood still although nothing held it',
  'behind-its-policy': 'its next level is later than its policy says now',
  'armed-late': 'nothing, or something too late, would have woken it',
};

function faultOf(alert: Alert, operations: Operations, promised: number): Fault | undefined {
  if (isEscalating(alert)) {
    if (isNeverEscalated(alert, operations)) return 'never-escalated';
    if (alert.next && alert.clock.runningSince === null) return 'clock-stands-still';
    if (momentOfNextStep(alert, operations) !== undefined) return 'behind-its-policy';
  }
  return promised < (alert.dueAt ?? Number.POSITIVE_INFINITY) ? 'armed-late' : undefined;
}

/** Nobody has answered and nothing holds it. */
function isEscalating(alert: Alert): boolean {
  return alert.status === 'triggered' && heldBy(alert) === undefined;
}

function isNeverEscalated({ next, highestPagedLevel, severity }: Alert, { escalation }: Operations): boolean {
  return next === null && highestPagedLevel === 0 && escalation[severity].steps.length > 0;
}

/**
 * On the alert's clock, when the policy as it is now takes the step that is next; absent when the alert will not be later.
 * The last step is left out: it is repeated, so a later moment of it may be right.
 */
export function momentOfNextStep(
  { next, severity }: Pick<Alert, 'next' | 'severity'>,
  { escalation }: Operations,
): number | undefined {
  const { steps } = escalation[severity];
  if (!next || next.step >= steps.length - 1) return undefined;
  const atMs = steps[next.step]!.afterMinutes * MINUTE_MS;
  return atMs < next.atMs ? atMs : undefined;
}

/** The earliest moment at which the alert has to do something, as its parts say; infinity when there is none. */
export function earliestPromise(alert: Alert): number {
  const { holds, acknowledgement, clock, next } = alert;
  const isHeld = heldBy(alert) !== undefined;
  const moments = [
    ...alert.pages.filter((page) => isActive(page) && !isHeldBackByHold(alert, page)).map(promiseOfPage),
    holds.recovering?.until,
    holds.snoozed?.until,
    holds.maintenance?.until,
    holds.silenced?.until,
    holds.muted?.checkAt,
    holds.inhibited?.checkAt,
    ...(isHeld ? [] : [acknowledgement?.remindAt, acknowledgement?.forgottenAt]),
    ...(isEscalating(alert) && next && clock.runningSince !== null
      ? [clock.runningSince + next.atMs - clock.elapsedMs]
      : []),
  ];
  return Math.min(...moments.map((moment) => moment ?? Number.POSITIVE_INFINITY));
}

/** What is on its way, or waits for a slot, has its own moment whatever holds the alert. */
function isHeldBackByHold(alert: Alert, page: Alert['pages'][number]): boolean {
  return page.status === 'owed' && isHeldBack(alert, page);
}

function promiseOfPage(page: Alert['pages'][number]): number | undefined {
  if (page.status === 'sending') return page.claim?.until ?? page.owedAt;
  return page.status === 'waiting' ? page.notBefore : (page.notBefore ?? page.owedAt);
}
