/** The sweep: what is due until the tick after next is handed to the due queue, oldest first. */
import type { DueQueue } from '../shared/due-queue.ts';
import type { DueMessage } from '../shared/table.ts';
import { TICK_LOOKAHEAD_MS } from './contract.ts';
import type { DueIndex } from './due-index.store.ts';

/** In one sweep; what is left is older in the next. Source: design, Tick */
const ROWS_MOST = 2_000;

export type SweepReport = { handed: number; overdueMs: number };

/**
 * @param lookaheadMs  until after the next sweep
 * @param behindMs     so much after its moment each row is to be taken
 * @returns how many rows were handed over, and by how much the oldest is late (0: none is)
 */
export async function sweep(
  index: DueIndex,
  due: DueQueue,
  nowMs: number,
  { lookaheadMs = TICK_LOOKAHEAD_MS, behindMs = 0 } = {},
): Promise<SweepReport> {
  const rows: DueMessage[] = await index.dueUntil(nowMs + lookaheadMs, ROWS_MOST);
  await due.enqueue(rows, nowMs - behindMs);
  const oldest = rows[0]?.dueAt ?? nowMs;
  return { handed: rows.length, overdueMs: Math.max(0, nowMs - oldest) };
}
