/** Lists of alerts, from the sparse index of what is open and what has ended. */

import * as z from 'zod/mini';
import { OpsError } from '../shared/errors.ts';
import { queryAll, type Table } from '../shared/table.store.ts';
import { alertIdOf, COUNT_MOST, FEED_INDEX, type Key, keys, readKey, SHARDS } from '../shared/table.ts';
import { readAlert } from './alert.store.ts';
import type { Alert } from './alert.ts';

/** DynamoDB answers at most this many items at once. */
const BATCH_MOST = 100;

export type AlertFeed = {
  /** The latest first, at most `limit`, after the latest `skip` of them. */
  list(kind: 'open' | 'ended', limit: number, skip?: number): Promise<Alert[]>;
  /** The ids that begin so, among the latest {@link COUNT_MOST} open and as many ended; `isAll`: there are no others. */
  find(prefix: string): Promise<{ ids: string[]; isAll: boolean }>;
  /** How many there are, up to {@link COUNT_MOST}. Read from the index: a change of this second may be missing. */
  count(kind: 'open' | 'ended'): Promise<number>;
  /**
   * The next open alerts of a walk over all of them, shard by shard. One whose status changes meanwhile may come twice:
   * it moves to the end of its shard.
   */
  walkOpen(from: FeedCursor, limit: number): Promise<FeedStep>;
};

/** Where a walk stands: in which shard, and after which alert of it. */
export const FeedCursor = z.object({
  shard: z.number(),
  after: z.optional(z.object({ id: z.string(), feedAt: z.number() })),
});
export type FeedCursor = z.infer<typeof FeedCursor>;

/** `next` is absent when the walk is over. */
export type FeedStep = { ids: string[]; next?: FeedCursor | undefined };

export const FEED_START: FeedCursor = { shard: 0 };

type Entry = Key & { feedAt: number };

export function alertFeed(table: Table): AlertFeed {
  const { client, name } = table;
  const feedsOf = (kind: 'open' | 'ended') => Array.from({ length: SHARDS }, (_, n) => `${kind}#${n}`);

  const latestOf = async (feed: string, limit: number): Promise<Entry[]> => {
    const query = {
      IndexName: FEED_INDEX,
      KeyConditionExpression: 'feed = :feed',
      ExpressionAttributeValues: { ':feed': feed },
      ScanIndexForward: false,
    };
    return (await queryAll(table, query, limit)).map(entryOf);
  };

  const countOf = async (feed: string): Promise<number> => {
    let count = 0;
    let from: Record<string, unknown> | undefined;
    do {
      const page = await client.query({
        TableName: name,
        IndexName: FEED_INDEX,
        KeyConditionExpression: 'feed = :feed',
        ExpressionAttributeValues: { ':feed': feed },
        Select: 'COUNT',
        Limit: COUNT_MOST - count,
        ExclusiveStartKey: from,
      });
      count += page.Count ?? 0;
      from = page.LastEvaluatedKey;
    } while (from && count < COUNT_MOST);
    return count;
  };

  const get = async (found: readonly Key[]): Promise<Alert[]> => {
    const alerts: Alert[] = [];
    let wanted = found.map(({ pk, sk }): Record<string, unknown> => ({ pk, sk }));
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
    async list(kind, limit, skip = 0) {
      const found = (await Promise.all(feedsOf(kind).map((feed) => latestOf(feed, skip + limit)))).flat();
      const latest = found.sort(byLatest).slice(skip, skip + limit);
      return (await get(latest)).sort((a, b) => (b.feedAt ?? 0) - (a.feedAt ?? 0));
    },

    async find(prefix) {
      const feeds = [...feedsOf('open'), ...feedsOf('ended')];
      const most = COUNT_MOST / SHARDS;
      const found = await Promise.all(feeds.map((feed) => latestOf(feed, most)));
      const ids = new Set(found.flat().map(({ pk }) => alertIdOf(pk)));
      return {
        ids: [...ids].filter((id) => id.startsWith(prefix)),
        isAll: found.every((entries) => entries.length < most),
      };
    },

    async count(kind) {
      const counts = await Promise.all(feedsOf(kind).map(countOf));
      return Math.min(
        counts.reduce((sum, count) => sum + count, 0),
        COUNT_MOST,
      );
    },

    async walkOpen({ shard, after }, limit) {
      const feed = `open#${shard}`;
      const { Items, LastEvaluatedKey } = await client.query({
        TableName: name,
        IndexName: FEED_INDEX,
        KeyConditionExpression: 'feed = :feed',
        ExpressionAttributeValues: { ':feed': feed },
        Limit: limit,
        ...(after && { ExclusiveStartKey: { ...keys.alert(after.id), feed, feedAt: after.feedAt } }),
      });
      const last = LastEvaluatedKey && entryOf(LastEvaluatedKey);
      const further = last ? { shard, after: { id: idOf(last), feedAt: last.feedAt } } : { shard: shard + 1 };
      return {
        ids: (Items ?? []).map(entryOf).map(idOf),
        next: further.shard < SHARDS ? further : undefined,
      };
    },
  };
}

/** Of the same moment in a fixed order: a page of a list ends where the next begins. */
function byLatest(a: Entry, b: Entry): number {
  return b.feedAt - a.feedAt || (a.pk < b.pk ? -1 : 1);
}

function entryOf(item: Record<string, unknown>): Entry {
  return { pk: String(item.pk), sk: String(item.sk), feedAt: Number(item.feedAt) };
}

/** Of an open alert: only its item is in that feed. */
function idOf(key: Key): string {
  const row = readKey(key);
  if (row.kind !== 'alert') throw new OpsError('bug', `the feed of open alerts holds ${key.pk} ${key.sk}`);
  return row.id;
}
