/** The row of the review: who asked for a walk over all open alerts, and how far it has come. */
import * as z from 'zod/mini';
import { alertFeed, FeedCursor, type FeedStep } from '../alerts/feed.store.ts';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { keys, shardOf } from '../shared/table.ts';

const ReviewRow = z.object({
  /** how often somebody asked */
  asked: z.number(),
  /** while a walk is to be done */
  dueAt: z.optional(z.number()),
  /** the walk that is under way, and how often somebody had asked when it began */
  walk: z.optional(z.object({ asked: z.number(), cursor: FeedCursor })),
});
export type ReviewRow = z.infer<typeof ReviewRow>;
export type Walk = NonNullable<ReviewRow['walk']>;

export type ReviewStore = {
  /**
   * Asks for a walk.
   * @returns false when one is under way or about to begin: another follows it
   */
  ask(nowMs: number): Promise<boolean>;
  /** Has another walk asked for at that moment. */
  askAgainAt(dueAt: number): Promise<void>;
  isAskedAgainAt(dueAt: number): Promise<boolean>;
  /** It was asked for. */
  askedAgainAt(dueAt: number): Promise<void>;
  read(): Promise<ReviewRow | undefined>;
  /** The next open alerts of the walk, at most `limit`, and where to go on. */
  open(cursor: FeedCursor, limit: number): Promise<FeedStep>;
  /**
   * Remembers how far the walk has come, and when it goes on; without one a new walk begins then.
   * @returns false when somebody else has gone on in the meantime
   */
  goOn(toldDueAt: number, walk: Walk | undefined, dueAt: number): Promise<boolean>;
  /**
   * The walk is over.
   * @returns false when somebody asked in the meantime
   */
  finish(toldDueAt: number, walk: Walk): Promise<boolean>;
};

export function reviewStore(table: Table): ReviewStore {
  const { client, name } = table;
  const feed = alertFeed(table);

  const updated = async (change: {
    UpdateExpression: string;
    ConditionExpression: string;
    ExpressionAttributeValues: Record<string, unknown>;
  }): Promise<boolean> => {
    try {
      await client.update({ TableName: name, Key: keys.review, ...change });
      return true;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      return false;
    }
  };

  return {
    async ask(nowMs) {
      const { Attributes } = await client.update({
        TableName: name,
        Key: keys.review,
        UpdateExpression: 'SET dueAt = if_not_exists(dueAt, :now), dueShard = :shard ADD asked :one',
        ExpressionAttributeValues: { ':now': nowMs, ':shard': shardOf(keys.review.pk), ':one': 1 },
        ReturnValues: 'ALL_OLD',
      });
      return Attributes?.dueAt === undefined;
    },

    async askAgainAt(dueAt) {
      const key = keys.reviewAgain(dueAt);
      await client.put({ TableName: name, Item: { ...key, dueAt, dueShard: shardOf(key.pk) } });
    },

    async isAskedAgainAt(dueAt) {
      const Key = keys.reviewAgain(dueAt);
      return (await client.get({ TableName: name, Key, ConsistentRead: true })).Item !== undefined;
    },

    async askedAgainAt(dueAt) {
      await client.delete({ TableName: name, Key: keys.reviewAgain(dueAt) });
    },

    async read() {
      const { Item } = await client.get({ TableName: name, Key: keys.review, ConsistentRead: true });
      return Item && ReviewRow.parse(Item);
    },

    open: feed.walkOpen,

    async goOn(toldDueAt, walk, dueAt) {
      return updated({
        UpdateExpression: walk ? 'SET walk = :walk, dueAt = :next' : 'SET dueAt = :next REMOVE walk',
        ConditionExpression: 'dueAt = :told',
        ExpressionAttributeValues: { ':told': toldDueAt, ':next': dueAt, ...(walk ? { ':walk': walk } : {}) },
      });
    },

    async finish(toldDueAt, { asked }) {
      return updated({
        UpdateExpression: 'REMOVE walk, dueAt, dueShard',
        ConditionExpression: 'dueAt = :told AND asked = :asked',
        ExpressionAttributeValues: { ':told': toldDueAt, ':asked': asked },
      });
    },
  };
}
