/** The rows that inhibiting alerts leave behind: a hint which alerts to look at, never the reason to hold one. */
import type { Table } from '../shared/table.store.ts';
import { keys } from '../shared/table.ts';

/** A row that nothing has renewed for so long is forgotten: at worst somebody is paged. */
const KEPT_S = 30 * 24 * 60 * 60;

export type InhibitorStore = {
  /**
   * Leaves the row, or renews it.
   * @returns whether it is new
   */
  put(hash: string, alertId: string, nowMs: number): Promise<boolean>;
  /** @returns false when there was none */
  remove(hash: string, alertId: string): Promise<boolean>;
  /** The ids of alerts that may inhibit, at most `limit`. */
  list(hash: string, limit: number): Promise<string[]>;
};

export function inhibitorStore({ client, name }: Table): InhibitorStore {
  return {
    async put(hash, alertId, nowMs) {
      const expiresAtEpochS = Math.floor(nowMs / 1000) + KEPT_S;
      const { Attributes } = await client.put({
        TableName: name,
        Item: { ...keys.inhibitor(hash, alertId), expiresAtEpochS },
        ReturnValues: 'ALL_OLD',
      });
      return Attributes === undefined;
    },

    async remove(hash, alertId) {
      const { Attributes } = await client.delete({
        TableName: name,
        Key: keys.inhibitor(hash, alertId),
        ReturnValues: 'ALL_OLD',
      });
      return Attributes !== undefined;
    },

    async list(hash, limit) {
      const { Items } = await client.query({
        TableName: name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': keys.inhibitor(hash, '').pk },
        ConsistentRead: true,
        Limit: limit,
      });
      return (Items ?? []).map(({ sk }) => String(sk).split('#')[1]!);
    },
  };
}
