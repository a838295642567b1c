/** Links in messages: one random token per send, stored hashed, bound to its responder and pages. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { Channel } from '../alerts/alert.ts';
import { FeedCursor } from '../alerts/feed.store.ts';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { keys, shardOf } from '../shared/table.ts';
import { Storm } from './storm.ts';

/** 128 bits. A link must fit an SMS. */
const TOKEN_BYTES = 16;

/** Rows are swept a year later; whether a link still acts is decided from its alerts. */
const KEPT_S = 365 * 24 * 3600;

/** A link acts until this long after its alert resolved. Source: design, Links */
export const LINK_AFTER_RESOLVE_MS = 24 * 3_600_000;

/** An answer to all that a storm's message told of, while it is carried out and after. */
export const StormAnswer = z.object({
  by: z.string(),
  at: z.number(),
  /** alerts acknowledged by it so far */
  acknowledged: z.number(),
  /** where the walk over the open alerts goes on */
  cursor: z.optional(FeedCursor),
  finishedAt: z.optional(z.number()),
});
export type StormAnswer = z.infer<typeof StormAnswer>;

export const Link = z.object({
  responder: z.string(),
  sentAt: z.number(),
  /** of a storm the worst: those that its message lists */
  alerts: z.array(z.object({ id: z.string(), openedAt: z.number() })),
  /** its message told of every page to this contact that had come into its line by `until`; older rows have no channel */
  storm: z.optional(z.extend(Storm, { until: z.number(), channel: z.optional(Channel) })),
  answer: z.optional(StormAnswer),
  /** while the answer is carried out */
  dueAt: z.optional(z.number()),
  /** a test message: its page asks whether it arrived there (see contacts-verification.ts) */
  verify: z.optional(z.object({ responder: z.string(), channel: z.enum(['sms', 'email']) })),
});
export type Link = z.infer<typeof Link>;

export type LinkStore = {
  put(token: string, link: Link): Promise<void>;
  /** @returns undefined for a token that nobody was sent */
  read(token: string): Promise<Link | undefined>;
  readByHash(hash: string): Promise<Link | undefined>;
  /**
   * Hands a storm's answer to whoever takes what is due.
   * @returns false when there is one already
   */
  arm(token: string, answer: StormAnswer): Promise<boolean>;
  /**
   * Remembers how far the answer has come.
   * @param toldDueAt  the row's `dueAt` when this turn was handed out
   * @param dueAt      of the next turn; undefined: it was the last
   * @returns false when somebody else took the turn
   */
  goOn(hash: string, toldDueAt: number, answer: StormAnswer, dueAt: number | undefined): Promise<boolean>;
};

export function mintToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

export function linkStore({ client, name }: Table): LinkStore {
  const get = async (Key: { pk: string; sk: string }) => {
    const { Item } = await client.get({ TableName: name, Key, ConsistentRead: true });
    return Item && Link.parse(Item);
  };

  const update = async (
    Key: { pk: string; sk: string },
    UpdateExpression: string,
    ConditionExpression: string,
    ExpressionAttributeValues: Record<string, unknown>,
  ): Promise<boolean> => {
    const write = { TableName: name, Key, UpdateExpression, ConditionExpression, ExpressionAttributeValues };
    try {
      await client.update(write);
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  };

  return {
    async put(token, link) {
      const expiresAtEpochS = Math.floor(link.sentAt / 1000) + KEPT_S;
      await client.put({ TableName: name, Item: { ...keys.link(token), ...link, expiresAtEpochS } });
    },

    read: (token) => get(keys.link(token)),
    readByHash: (hash) => get(keys.linkOf(hash)),

    arm(token, answer) {
      const key = keys.link(token);
      return update(
        key,
        'SET answer = :answer, dueAt = :dueAt, dueShard = :shard',
        'attribute_exists(pk) AND attribute_not_exists(answer)',
        { ':answer': answer, ':dueAt': answer.at, ':shard': shardOf(key.pk) },
      );
    },

    goOn(hash, toldDueAt, answer, dueAt) {
      return update(
        keys.linkOf(hash),
        dueAt === undefined
          ? 'SET answer = :answer REMOVE dueAt, dueShard'
          : 'SET answer = :answer, dueAt = :dueAt',
        'dueAt = :told',
        { ':answer': answer, ':told': toldDueAt, ...(dueAt !== undefined && { ':dueAt': dueAt }) },
      );
    },
  };
}
