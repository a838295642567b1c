/** A sender's key: what it looks like, how it is made, and what of it is kept. */
import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';

/** As long as a routing key of PagerDuty, whose senders check that. 32 of 62 characters are 190 bits. */
const LENGTH = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SHAPE = /^[A-Za-z0-9]{32}$/;

/** The beginning of the hash: enough to tell keys apart, and nothing to guess a key from. */
const ID_LENGTH = 12;
export const KEY_ID = /^[0-9a-f]{12}$/;

/** As operations.ts has it for responders, and a route names it as `integration`. */
export const KEY_NAME = /^[a-z][a-z0-9-]{0,31}$/;
export const KEY_NAME_RULE = 'a name of 1 to 32 characters: a letter first, then a-z, 0-9 or -';

export const IntegrationKey = z.object({
  id: z.string(),
  /** alerts belong to the name: a new key under it goes on where the old one ended */
  name: z.string(),
  /** SHA-256 in hex; the key itself is nowhere */
  hash: z.string(),
  createdAt: z.number(),
  createdBy: z.string(),
  /** good until then, since another has taken its place; none: until it is revoked */
  endsAt: z.optional(z.number()),
  revokedAt: z.optional(z.number()),
  revokedBy: z.optional(z.string()),
  lastUsedAt: z.optional(z.number()),
});
export type IntegrationKey = z.infer<typeof IntegrationKey>;

export function mintSecret(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** @returns undefined for what cannot be a key */
export function hashOf(secret: string): { id: string; hash: string } | undefined {
  if (!SHAPE.test(secret)) return undefined;
  const hash = createHash('sha256').update(secret).digest('hex');
  return { id: hash.slice(0, ID_LENGTH), hash };
}

/** A key that was exchanged ends by itself. */
export function hasEnded({ endsAt = Number.POSITIVE_INFINITY }: IntegrationKey, nowMs: number): boolean {
  return endsAt <= nowMs;
}

/** Takes as long whether or not there is such a key, and wherever they differ. */
export function isKeyOf(hash: string, key: IntegrationKey | undefined): key is IntegrationKey {
  const known = key?.hash ?? '0'.repeat(hash.length);
  const isEqual = timingSafeEqual(Buffer.from(hash), Buffer.from(known));
  return isEqual && key !== undefined && key.revokedAt === undefined;
}
