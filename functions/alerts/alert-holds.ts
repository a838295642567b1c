/** The holds of an alert, brought up to a moment: which begin, which end, and where the escalation clock then stands. */
import { INHIBITED_MOST, type Inhibitor, recheckAt } from '../holds/inhibition.ts';
import { type WindowsNow, windowsAt } from '../holds/windows.ts';
import type { Operations } from '../operations/operations.ts';
import { type Alert, type Hold, heldBy, isOpen } from './alert.ts';
import { elapsedAt, note, pagesNobody, setClock } from './alert-draft.ts';
import { releaseWaitingPages } from './alert-pages.ts';
import { escalateByClock, restartEscalation } from './escalate.ts';
import { remind } from './remind.ts';

const WINDOW_HOLDS = ['maintenance', 'silenced'] as const;

/**
 * The last step of every rule: the holds as they are now, and, when nothing holds the alert any more, all that has
 * fallen due meanwhile. Pages that a hold's end brings are marked with it: they gather into one message per contact.
 * @param before     the alert as it was read
 * @param inhibitor  what holds it from outside; left out when nobody asked, and the hold stays as it is
 */
export function goOn(
  before: Alert,
  draft: Alert,
  nowMs: number,
  operations: Operations,
  inhibitor?: Inhibitor,
): void {
  if (!isOpen(draft)) return;
  takeHolds(draft, nowMs, operations, inhibitor);
  if (heldBy(draft) !== undefined) return;
  const ended = heldBy(before);
  if (ended) releaseWaitingPages(draft);
  if (draft.status === 'triggered') escalateByClock(draft, nowMs, operations);
  else remind(draft, nowMs, operations);
  if (!ended || ended === 'recovering') return;
  for (const page of draft.pages) {
    if (page.status === 'owed' && page.kind === 'page' && !page.byHand) page.after = ended;
  }
}

/**
 * Takes the windows and silences that have begun, and their ends as they are now. A settlement does no more than that:
 * what ends is for {@link goOn}.
 */
export function beginWindows(draft: Alert, nowMs: number, operations: Operations): WindowsNow {
  if (!isOpen(draft) || pagesNobody(draft, operations)) return {};
  const windows = windowsAt(operations, draft, nowMs);
  for (const hold of WINDOW_HOLDS) {
    const held = windows[hold];
    const before = draft.holds[hold];
    if (!held) continue;
    draft.holds[hold] = { ...held, since: before?.since ?? held.since };
    if (!before) stopClock(draft, held.since);
    if (before?.until !== held.until)
      note(draft, nowMs, 'alert.held', { reason: hold, until: held.until, by: held.name });
  }
  return windows;
}

function takeHolds(draft: Alert, nowMs: number, operations: Operations, inhibitor?: Inhibitor): void {
  const windows = beginWindows(draft, nowMs, operations);
  for (const hold of WINDOW_HOLDS) {
    if (draft.holds[hold] && !windows[hold]) endHold(draft, hold, nowMs, operations);
  }
  takeInhibitor(draft, pagesNobody(draft, operations) ? 'none' : inhibitor, nowMs, operations);
  if (draft.holds.snoozed && draft.holds.snoozed.until <= nowMs) endHold(draft, 'snoozed', nowMs, operations);
}

function takeInhibitor(
  draft: Alert,
  inhibitor: Inhibitor | undefined,
  nowMs: number,
  operations: Operations,
): void {
  const before = draft.holds.inhibited;
  if (inhibitor === undefined) return;
  if (inhibitor === 'none') {
    if (before) endHold(draft, 'inhibited', nowMs, operations);
    return;
  }
  const { by, since } = inhibitor;
  if (before?.by === by && before.checkAt > nowMs) return;
  if (!before) {
    if ((draft.timesInhibited ?? 0) >= INHIBITED_MOST) return;
    draft.timesInhibited = (draft.timesInhibited ?? 0) + 1;
  }
  draft.holds.inhibited = { since: before?.since ?? since, checkAt: recheckAt(draft.id, nowMs), by };
  if (!before) stopClock(draft, since);
  if (before?.by !== by) note(draft, nowMs, 'alert.held', { reason: 'inhibited', by });
}

/**
 * Ends one hold. The clock goes on as it stood, except that an alert that opened within the hold, or was snoozed, starts
 * at level 1: nobody has heard of it yet, or they meant to hear of it anew.
 * Source: design, Holds and Maintenance
 */
export function endHold(draft: Alert, hold: Hold, nowMs: number, operations: Operations): void {
  const since = draft.holds[hold]?.since ?? nowMs;
  delete draft.holds[hold];
  note(draft, nowMs, 'alert.released', { reason: hold });
  if (draft.status !== 'triggered' || hold === 'recovering') return;
  if (hold === 'snoozed' || draft.openedAt >= since) restartEscalation(draft, operations);
}

/** Where the hold began, also when it is noticed later. */
function stopClock(draft: Alert, atMs: number): void {
  setClock(draft, elapsedAt(draft, atMs));
}
