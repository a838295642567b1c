/** Ends an alert's life, and ends its holds. */
import { type Alert, heldBy } from './alert.ts';
import { moveTo, note } from './alert-draft.ts';
import { dropActivePages, oweNotices, releaseWaitingPages } from './alert-pages.ts';

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

/** Ends one hold. When it was the last one, what waited is owed again. */
export function releaseHold(draft: Alert, hold: keyof Alert['holds'], nowMs: number): void {
  delete draft.holds[hold];
  note(draft, nowMs, 'alert.released', { reason: hold });
  if (heldBy(draft) === undefined) releaseWaitingPages(draft);
}
