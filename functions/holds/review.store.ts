/** The row of the review: who asked for a walk over all open alerts, and how far it has come. */
import * as z from 'zod/mini';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { FEED_INDEX, keys, SHARDS, shardOf } from '../shared/table.ts';

/** Where a walk goes on: after that row of that shard of the feed. */
const Cursor = z.object({
  shard: z.number(),
  after: z.optional(z.object({ feedAt: z.number(), pk: z.string(), sk: z.string() })),
});
export type Cursor = z.infer<typeof Cursor>;

const ReviewRow = z.object({
  /** how often somebody asked */
  asked: z.number(),
  dueAt: z.optional(z.number()),
  /** the walk that was begun for the request of that number */
  walk: z.optional(z.object({ asked: z.number(), cursor: Cursor })),
});
export type ReviewRow = z.infer<typeof ReviewRow>;

export type ReviewStore = {
  /** Asks for a walk from the beginning, due now. */
  ask(nowMs: number): Promise<void>;
  read(): Promise<ReviewRow | undefined>;
  /**
   * The ids of open alerts after the cursor, at most `limit`, and where to go on; no cursor when these are the last.
   */
  open(cursor: Cursor, limit: number): Promise<{ ids: string[]; next?: Cursor | undefined }>;
  /**
   * Remembers how far the walk has come, and when it goes on; without a cursor it is over.
   * @returns false when somebody asked, or went on, in the meantime
   */
  goOn(row: ReviewRow, cursor: Cursor | undefined, dueAt: number): Promise<boolean>;
};

export function reviewStore({ client, name }: Table): ReviewStore {
  return {
    async ask(nowMs) {
      await client.update({
        TableName: name,
        Key: keys.review,
        UpdateExpression: 'SET dueAt = :now, dueShard = :shard ADD asked :one',
        ExpressionAttributeValues: { ':now': nowMs, ':shard': shardOf(keys.review.pk), ':one': 1 },
      });
    },

    async read() {
      const { Item } = await client.get({ TableName: name, Key: keys.review, ConsistentRead: true });
      return Item && ReviewRow.parse(Item);
    },

    async open({ shard, after }, limit) {
      const feed = `open#${shard}`;
      const { Items, LastEvaluatedKey } = await client.query({
        TableName: name,
        IndexName: FEED_INDEX,
        KeyConditionExpression: 'feed = :feed',
        ExpressionAttributeValues: { ':feed': feed },
        ExclusiveStartKey: after && { feed, ...after },
        Limit: limit,
      });
      const ids = (Items ?? []).map((item) => String(item.pk).split('#')[1]!);
      if (LastEvaluatedKey) {
        const { feedAt, pk, sk } = LastEvaluatedKey;
        return { ids, next: { shard, after: { feedAt: Number(feedAt), pk: String(pk), sk: String(sk) } } };
      }
      return { ids, next: shard + 1 < SHARDS ? { shard: shard + 1 } : undefined };
    },

    async goOn({ asked, dueAt }, cursor, nextDueAt) {
      try {
        await client.update({
          TableName: name,
          Key: keys.review,
          UpdateExpression: cursor ? 'SET walk = :walk, dueAt = :next' : 'REMOVE walk, dueAt, dueShard',
          ConditionExpression: 'asked = :asked AND dueAt = :told',
          ExpressionAttributeValues: {
            ':asked': asked,
            ':told': dueAt,
            ...(cursor ? { ':walk': { asked, cursor }, ':next': nextDueAt } : {}),
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
