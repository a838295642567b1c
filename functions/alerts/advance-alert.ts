/** What falls due in an alert: the end of a recovery, a claim that expired, the next level, a forgotten acknowledgement. */
import { type Contact, channelsOf, WATCHERS } from '../escalation/decide-contacts.ts';
import type { Operations } from '../operations/operations.ts';
import { type Alert, heldBy, isOpen } from './alert.ts';
import { change, type Decision, moveTo } from './alert-draft.ts';
import { claimOwedPages, owePages, releaseExpiredClaims, remindedResponders } from './alert-pages.ts';
import { escalateAtOnce, escalateByClock } from './escalate.ts';
import { MUTED_RECHECK_MS, memberOf, RECOVERED, startRecovery } from './receive-signal.ts';
import { releaseHold, resolve } from './resolve.ts';

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
 * @param reading  of the alarm, where {@link needsAlarmReading}
 * @returns `unchanged` when nothing is due
 */
export function advanceAlert(
  alert: Alert,
  nowMs: number,
  operations: Operations,
  reading?: AlarmReading,
): Decision {
  if (alert.dueAt === undefined || alert.dueAt > nowMs) return { kind: 'unchanged', reason: 'not-yet' };
  return change(alert, nowMs, (draft) => {
    releaseExpiredClaims(draft, nowMs);
    if ((draft.holds.recovering?.until ?? Number.POSITIVE_INFINITY) <= nowMs) {
      resolve(draft, nowMs, { by: 'alarm', reason: RECOVERED });
    }
    if (reading && needsAlarmReading(draft, nowMs)) recheckMuted(draft, nowMs, operations, reading);
    if (isOpen(draft) && heldBy(draft) === undefined) {
      if (draft.status === 'triggered') escalateByClock(draft, nowMs, operations);
      else remind(draft, nowMs, operations);
    }
    claimOwedPages(draft, nowMs);
  });
}

function recheckMuted(draft: Alert, nowMs: number, operations: Operations, reading: AlarmReading): void {
  if (reading.state === 'missing') {
    resolve(draft, nowMs, { by: 'alarm', reason: 'the alarm was deleted' });
  } else if (reading.state === 'ok') {
    releaseHold(draft, 'muted', nowMs);
    if (!othersFire(draft)) startRecovery(draft, nowMs, operations);
  } else if (!reading.suppressed || (reading.state === 'unknown' && mutedForLong(draft, nowMs))) {
    releaseHold(draft, 'muted', nowMs);
  } else {
    draft.holds.muted!.checkAt = nowMs + MUTED_RECHECK_MS;
  }
}

/** Another alarm under the same key still fires: that the one asked about is OK ends nothing. */
function othersFire(draft: Alert): boolean {
  const asked = memberOf(draft);
  return Object.entries(draft.members).some(([member, { state }]) => member !== asked && state === 'alarm');
}

/** Of an alarm that cannot be asked about, somebody is told rather than nobody. */
function mutedForLong(draft: Alert, nowMs: number): boolean {
  return nowMs - (draft.holds.muted?.since ?? nowMs) >= MUTED_UNKNOWN_MOST_MS;
}

/** Reminds the latest acknowledger once; 15 minutes later the alert escalates as if by hand. */
function remind(draft: Alert, nowMs: number, operations: Operations): void {
  const acknowledgement = draft.acknowledgement;
  if (!acknowledgement) return;
  if (acknowledgement.remindAt !== null && acknowledgement.remindAt <= nowMs) {
    acknowledgement.remindAt = null;
    acknowledgement.forgottenAt = nowMs + operations.forgottenMinutes * MINUTE_MS;
    const contacts = reminded(draft, acknowledgement.by, operations);
    owePages(draft, nowMs, { kind: 'reminder', level: draft.highestPagedLevel, contacts });
  }
  if (acknowledgement.forgottenAt !== null && acknowledgement.forgottenAt <= nowMs) {
    moveTo(draft, 'triggered');
    delete draft.acknowledgement;
    escalateAtOnce(draft, nowMs, operations, {
      by: 'clock',
      reason: `${acknowledgement.by} acknowledged and did not resolve`,
      byHand: false,
    });
  }
}

/** Those to remind, each on what they have; the watchers when that is nobody. */
function reminded(draft: Alert, by: string, operations: Operations): Contact[] {
  const contacts = remindedResponders(draft, by, operations).flatMap((responder) =>
    channelsOf(operations, responder, ['sms', 'email']).map((channel) => ({ responder, channel })),
  );
  return contacts.length > 0 ? contacts : [WATCHERS];
}
