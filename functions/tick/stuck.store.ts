/** A row that cannot be advanced backs off, is marked, and the watchers are told. */

import { isConditionFailed, type Table } from '../shared/table.store.ts';
import type { DueMessage } from '../shared/table.ts';

export const STUCK_BACK_OFF_MS = 10 * 60_000;

/** So many failures in a row are no accident. Source: design, Tick */
export const STUCK_AFTER_FAILURES = 5;

export type StuckRows = {
  /** @returns false when the row has moved on by itself */
  mark(row: DueMessage, reason: string, nowMs: number): Promise<boolean>;
};

export function stuckRows({ client, name }: Table): StuckRows {
  return {
    async mark({ pk, sk, dueAt }, reason, nowMs) {
      try {
        await client.update({
          TableName: name,
          Key: { pk, sk },
          UpdateExpression: 'SET dueAt = :later, stuck = :reason',
          ConditionExpression: 'dueAt = :told',
          ExpressionAttributeValues: {
            ':later': nowMs + STUCK_BACK_OFF_MS,
            ':reason': reason,
            ':told': dueAt,
          },
        });
        return true;
      } catch (error) {
        if (isConditionFailed(error)) return false;
        throw error;
      }
    },
  };
}
