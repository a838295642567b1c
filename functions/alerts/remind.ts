/** A forgotten acknowledgement: its reminder, and what follows when nobody heeds it. */
import { type Contact, channelsOf, WATCHERS } from '../escalation/decide-contacts.ts';
import type { Operations } from '../operations/operations.ts';
import type { Alert } from './alert.ts';
import { owePages, remindedResponders } from './alert-pages.ts';
import { escalateAtOnce } from './escalate.ts';
import { withdrawAcknowledgement } from './withdraw-acknowledgement.ts';

const MINUTE_MS = 60_000;

/** Reminds the latest acknowledger once; 15 minutes later the alert escalates as if by hand. */
export function remind(draft: Alert, nowMs: number, operations: Operations): void {
  const acknowledgement = draft.acknowledgement;
  if (!acknowledgement) return;
  if (acknowledgement.remindAt !== null && acknowledgement.remindAt <= nowMs) {
    acknowledgement.remindAt = null;
    acknowledgement.forgottenAt = nowMs + operations.forgottenMinutes * MINUTE_MS;
    const contacts = reminded(draft, acknowledgement.by, operations);
    owePages(draft, nowMs, { kind: 'reminder', level: draft.highestPagedLevel, contacts });
  }
  if (acknowledgement.forgottenAt !== null && acknowledgement.forgottenAt <= nowMs) {
    withdrawAcknowledgement(draft, nowMs);
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
    channelsOf(operations, responder).map((channel) => ({ responder, channel })),
  );
  return contacts.length > 0 ? contacts : [WATCHERS];
}
