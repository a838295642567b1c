/** The row of the review: who asked for a walk over all open alerts, and how far it has come. */
import * as z from 'zod/mini';
import { alertFeed, FeedCursor, type FeedStep } from '../alerts/feed.store.ts';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { keys, shardOf } from '../shared/table.ts';

const ReviewRow = z.object({
  /** how often somebody asked */
  asked: z.number(),
  dueAt: z.optional(z.number()),
  /** the walk that was begun for the request of that number */
  walk: z.optional(z.object({ asked: z.number(), cursor: FeedCursor })),
});
export type ReviewRow = z.infer<typeof ReviewRow>;

export type ReviewStore = {
  /** Asks for a walk from the beginning, due now. */
  ask(nowMs: number): Promise<void>;
  read(): Promise<ReviewRow | undefined>;
  /** The next open alerts of the walk, at most `limit`, and where to go on. */
  open(cursor: FeedCursor, limit: number): Promise<FeedStep>;
  /**
   * Remembers how far the walk has come, and when it goes on; without a cursor it is over.
   * @returns false when somebody asked, or went on, in the meantime
   */
  goOn(row: ReviewRow, cursor: FeedCursor | undefined, dueAt: number): Promise<boolean>;
};

export function reviewStore(table: Table): ReviewStore {
  const { client, name } = table;
  const feed = alertFeed(table);
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

    open: feed.walkOpen,

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
