/** Lists of alerts, from the sparse index of what is open and what has ended. */

import type { Table } from '../shared/table.store.ts';
import { FEED_INDEX, type Key, SHARDS } from '../shared/table.ts';
import { readAlert } from './alert.store.ts';
import type { Alert } from './alert.ts';

/** DynamoDB answers at most this many items at once. */
const BATCH_MOST = 100;

export type AlertFeed = {
  /** The latest first, at most `limit`. */
  list(kind: 'open' | 'ended', limit: number): Promise<Alert[]>;
};

export function alertFeed({ client, name }: Table): AlertFeed {
  const keysOf = async (feed: string, limit: number): Promise<(Key & { feedAt: number })[]> => {
    const { Items } = await client.query({
      TableName: name,
      IndexName: FEED_INDEX,
      KeyConditionExpression: 'feed = :feed',
      ExpressionAttributeValues: { ':feed': feed },
      ScanIndexForward: false,
      Limit: limit,
    });
    return (Items ?? []).map((item) => ({
      pk: String(item.pk),
      sk: String(item.sk),
      feedAt: Number(item.feedAt),
    }));
  };

  const get = async (keys: readonly Key[]): Promise<Alert[]> => {
    const alerts: Alert[] = [];
    let wanted = keys.map(({ pk, sk }): Record<string, unknown> => ({ pk, sk }));
    while (wanted.length > 0) {
      const { Responses, UnprocessedKeys } = await client.batchGet({
        RequestItems: { [name]: { Keys: wanted.slice(0, BATCH_MOST) } },
      });
      alerts.push(...(Responses?.[name] ?? []).map(readAlert));
      wanted = [...(UnprocessedKeys?.[name]?.Keys ?? []), ...wanted.slice(BATCH_MOST)];
    }
    return alerts;
  };

  return {
    async list(kind, limit) {
      const shards = Array.from({ length: SHARDS }, (_, n) => `${kind}#${n}`);
      const found = (await Promise.all(shards.map((feed) => keysOf(feed, limit)))).flat();
      const latest = found.sort((a, b) => b.feedAt - a.feedAt).slice(0, limit);
      return (await get(latest)).sort((a, b) => (b.feedAt ?? 0) - (a.feedAt ?? 0));
    },
  };
}
