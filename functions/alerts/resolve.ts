/** Ends an alert's life, and ends its holds. */
import type { Alert } from './alert.ts';
import { moveTo, note } from './alert-draft.ts';
import { dropActivePages, oweNotices } from './alert-pages.ts';

/** Resolves an open alert: nobody is paged any more, those who were paged are told. */
export function resolve(draft: Alert, nowMs: number, cause: { by: string; reason: string }): void {
  moveTo(draft, 'resolved');
  draft.resolution = { ...cause, at: nowMs };
  draft.holds = {};
  draft.next = null;
  delete draft.endedCopied;
  dropActivePages(draft, nowMs, 'resolved');
  note(draft, nowMs, 'alert.resolved', cause);
  oweNotices(draft, nowMs);
}
