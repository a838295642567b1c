/** Back to triggered: nobody sees to the alert any more. */
import type { Alert } from './alert.ts';
import { moveTo } from './alert-draft.ts';
import { dropReminders } from './alert-pages.ts';

/** Withdraws the acknowledgement, if there is one; a reminder of it that has not gone out has lost its sense. */
export function withdrawAcknowledgement(draft: Alert, nowMs: number): void {
  if (draft.status === 'acknowledged') moveTo(draft, 'triggered');
  delete draft.acknowledgement;
  dropReminders(draft, nowMs);
}
