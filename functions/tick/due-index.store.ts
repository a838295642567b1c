/** The sparse index of what is due, over all its shards. */

import { queryAll, type Table } from '../shared/table.store.ts';
import { DUE_INDEX, type DueMessage, SHARDS } from '../shared/table.ts';

export type DueIndex = {
  /** Rows due at or before `untilMs`, without a lower bound, oldest first, at most `limit`. */
  dueUntil(untilMs: number, limit: number): Promise<DueMessage[]>;
};

export function dueIndex(table: Table): DueIndex {
  const shard = async (dueShard: string, untilMs: number, limit: number): Promise<DueMessage[]> => {
    const query = {
      IndexName: DUE_INDEX,
      KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
      ExpressionAttributeValues: { ':shard': dueShard, ':until': untilMs },
    };
    const rows = await queryAll(table, query, limit);
    return rows.map(({ pk, sk, dueAt }) => ({ pk: String(pk), sk: String(sk), dueAt: Number(dueAt) }));
  };

  return {
    async dueUntil(untilMs, limit) {
      const shards = Array.from({ length: SHARDS }, (_, n) => String(n));
      const rows = (await Promise.all(shards.map((one) => shard(one, untilMs, limit)))).flat();
      return rows.sort((a, b) => a.dueAt - b.dueAt).slice(0, limit);
    },
  };
}
