/** Whether a contact's slot will give those who wait their turn. */
import type { Slot, WaitingRow } from '../paging/slot.ts';
import { LATE_MOST_MS } from './contract.ts';

/** `stuck`: its turn fails, and comes again once in ten minutes */
export type SlotVerdict = 'in-time' | 'overdue' | 'not-armed' | 'stuck';

/** @param rows  some of those who wait, the first included */
export function judgeSlot(
  slot: Pick<Slot, 'dueAt' | 'stuck'> | undefined,
  rows: readonly Pick<WaitingRow, 'putAt'>[],
  nowMs: number,
): SlotVerdict {
  const dueAt = slot?.dueAt;
  if (dueAt !== undefined && nowMs - dueAt > LATE_MOST_MS) return 'overdue';
  if (slot?.stuck !== undefined) return 'stuck';
  if (dueAt !== undefined) return 'in-time';
  // A row is put before its slot is armed: only one that stands there for long was forgotten.
  return rows.some(({ putAt = 0 }) => nowMs - putAt > LATE_MOST_MS) ? 'not-armed' : 'in-time';
}
