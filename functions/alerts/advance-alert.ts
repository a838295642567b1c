/** What falls due in an alert: the end of a hold, a claim that expired, the next level, a forgotten acknowledgement. */
import type { Inhibitor } from '../holds/inhibition.ts';
import type { Operations } from '../operations/operations.ts';
import { type Alert, isOpen } from './alert.ts';
import { change, type Decision } from './alert-draft.ts';
import { endHold, goOn } from './alert-holds.ts';
import { claimOwedPages, releaseExpiredClaims } from './alert-pages.ts';
import { hearQuiet, othersFire } from './members.ts';
import { MUTED_RECHECK_MS, startRecovery, whyRecovered } from './receive-signal.ts';
import { resolve } from './resolve.ts';

const MINUTE_MS = 60_000;

/** So long a mute is believed of an alarm that nobody here can ask about: another account's, say. */
const MUTED_UNKNOWN_MOST_MS = 60 * MINUTE_MS;

/** What CloudWatch says of a muted alarm when asked; `unknown`: it could not be asked, so the hold stays. */
export type AlarmReading = {
  state: 'alarm' | 'ok' | 'insufficient-data' | 'missing' | 'unknown';
  suppressed: boolean;
};

/** True when advancing the alert needs to know whether its alarm is still muted. */
export function needsAlarmReading(alert: Alert, nowMs: number): boolean {
  return isOpen(alert) && (alert.holds.muted?.checkAt ?? Number.POSITIVE_INFINITY) <= nowMs;
}

/**
 * Does all that is due at `nowMs`, in the order of its weight.
 * @param reading    of the alarm, where {@link needsAlarmReading}
 * @param inhibitor  the alert that holds this one now
 * @returns `unchanged` when nothing is due
 */
export function advanceAlert(
  alert: Alert,
  nowMs: number,
  operations: Operations,
  reading?: AlarmReading,
  inhibitor: Inhibitor = 'none',
): Decision {
  if (alert.dueAt === undefined || alert.dueAt > nowMs) return { kind: 'unchanged', reason: 'not-yet' };
  return change(alert, nowMs, operations, (draft) => {
    releaseExpiredClaims(draft, nowMs);
    if ((draft.holds.recovering?.until ?? Number.POSITIVE_INFINITY) <= nowMs) {
      resolve(draft, nowMs, { by: 'alarm', reason: whyRecovered(draft) });
    }
    if (reading && needsAlarmReading(draft, nowMs)) recheckMuted(draft, nowMs, operations, reading);
    goOn(alert, draft, nowMs, operations, inhibitor);
    claimOwedPages(draft, nowMs);
  });
}

function recheckMuted(draft: Alert, nowMs: number, operations: Operations, reading: AlarmReading): void {
  if (reading.state === 'missing' || reading.state === 'ok') {
    hearQuiet(draft, reading.state === 'ok' ? 'ok' : 'deleted');
    endHold(draft, 'muted', nowMs, operations);
    if (othersFire(draft)) return;
    if (reading.state === 'ok') startRecovery(draft, nowMs, operations);
    else resolve(draft, nowMs, { by: 'alarm', reason: 'the alarm was deleted' });
  } else if (!reading.suppressed || (reading.state === 'unknown' && mutedForLong(draft, nowMs))) {
    endHold(draft, 'muted', nowMs, operations);
  } else {
    draft.holds.muted!.checkAt = nowMs + MUTED_RECHECK_MS;
  }
}

/** Of an alarm that cannot be asked about, somebody is told rather than nobody. */
function mutedForLong(draft: Alert, nowMs: number): boolean {
  return nowMs - (draft.holds.muted?.since ?? nowMs) >= MUTED_UNKNOWN_MOST_MS;
}
