/** Links in messages: one random token per send, stored hashed, bound to its responder and pages. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import type { Table } from '../shared/table.store.ts';
import { keys } from '../shared/table.ts';
import { Storm } from './storm.ts';

/** 128 bits. A link must fit an SMS. */
const TOKEN_BYTES = 16;

/** Rows are swept a year later; whether a link still acts is decided from its alerts. */
const KEPT_S = 365 * 24 * 3600;

/** A link acts until this long after its alert resolved. Source: design, Links */
export const LINK_AFTER_RESOLVE_MS = 24 * 3_600_000;

export const Link = z.object({
  responder: z.string(),
  sentAt: z.number(),
  /** of a storm the worst: those that its message lists */
  alerts: z.array(z.object({ id: z.string(), openedAt: z.number() })),
  /** its message told of every page to this responder that was owed up to then */
  storm: z.optional(z.extend(Storm, { until: z.number() })),
  /** a test message: its page asks whether it arrived there (see contacts-verification.ts) */
  verify: z.optional(z.object({ responder: z.string(), channel: z.enum(['sms', 'email']) })),
});
export type Link = z.infer<typeof Link>;

export type LinkStore = {
  put(token: string, link: Link): Promise<void>;
  /** @returns undefined for a token that nobody was sent */
  read(token: string): Promise<Link | undefined>;
};

export function mintToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

export function linkStore({ client, name }: Table): LinkStore {
  return {
    async put(token, link) {
      const expiresAtEpochS = Math.floor(link.sentAt / 1000) + KEPT_S;
      await client.put({ TableName: name, Item: { ...keys.link(token), ...link, expiresAtEpochS } });
    },
    async read(token) {
      const { Item } = await client.get({ TableName: name, Key: keys.link(token), ConsistentRead: true });
      return Item && Link.parse(Item);
    },
  };
}
