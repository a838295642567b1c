/** Senders' keys in the table, each found by the beginning of its hash, and how many requests each made. */
import { isConditionFailed, queryAll, type Table } from '../shared/table.store.ts';
import { keys } from '../shared/table.ts';
import { hashOf, IntegrationKey, isKeyOf } from './integration-key.ts';

const MINUTE_MS = 60_000;

/** Its last use is written down at most once in this time. */
const USE_NOTED_MS = 60 * MINUTE_MS;

/** A count is of use for its minute; the table sweeps it later. */
const COUNT_KEPT_S = 3_600;

/** A key that was revoked, or has ended, is listed for a year. */
const OVER_KEPT_S = 365 * 24 * 3_600;

export type IntegrationKeyStore = {
  /** The key that this secret is, ended ones too; undefined for an unknown or revoked one. Writes nothing. */
  find(secret: string): Promise<IntegrationKey | undefined>;
  /** @returns false when its id is taken: make another */
  add(key: IntegrationKey): Promise<boolean>;
  read(id: string): Promise<IntegrationKey | undefined>;
  /** All keys, revoked ones too, in the order of their ids. */
  list(): Promise<IntegrationKey[]>;
  /** @returns false when it was revoked before, or is not there */
  revoke(id: string, by: string, nowMs: number): Promise<boolean>;
  /** It ends then, unless it was said before when it ends, or is revoked. */
  end(id: string, endsAt: number): Promise<void>;
  noteUse(key: IntegrationKey, nowMs: number): Promise<void>;
  /** @returns how many requests the key has made in this minute, this one included */
  countRequest(id: string, nowMs: number): Promise<number>;
};

export function integrationKeyStore(table: Table): IntegrationKeyStore {
  const { client, name } = table;
  const read = async (id: string): Promise<IntegrationKey | undefined> => {
    const Key = keys.integrationKey(id);
    const { Item } = await client.get({ TableName: name, Key, ConsistentRead: true });
    return Item && IntegrationKey.parse(Item);
  };

  const update = async (id: string, condition: string, values: Record<string, unknown>): Promise<boolean> => {
    const sets = Object.keys(values).map((attribute) => `${attribute} = :${attribute}`);
    try {
      await client.update({
        TableName: name,
        Key: keys.integrationKey(id),
        UpdateExpression: `SET ${sets.join(', ')}`,
        ConditionExpression: `attribute_exists(pk) AND ${condition}`,
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(values).map(([attribute, value]) => [`:${attribute}`, value]),
        ),
      });
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  };

  return {
    read,

    async find(secret) {
      const hashed = hashOf(secret);
      if (!hashed) return undefined;
      const key = await read(hashed.id);
      return isKeyOf(hashed.hash, key) ? key : undefined;
    },

    async add(key) {
      try {
        await client.put({
          TableName: name,
          Item: { ...keys.integrationKey(key.id), ...key },
          ConditionExpression: 'attribute_not_exists(pk)',
        });
        return true;
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        // The SDK may have repeated a put whose response was lost: then it is our own that stands there.
        return (await read(key.id))?.hash === key.hash;
      }
    },

    async list() {
      const items = await queryAll(table, {
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: {
          ':pk': keys.integrationKey('').pk,
          ':prefix': keys.integrationKeyPrefix,
        },
      });
      return items.map((item) => IntegrationKey.parse(item));
    },

    async revoke(id, by, nowMs) {
      const revoked = { revokedAt: nowMs, revokedBy: by };
      const expiresAtEpochS = Math.floor(nowMs / 1_000) + OVER_KEPT_S;
      if (await update(id, 'attribute_not_exists(revokedAt)', { ...revoked, expiresAtEpochS })) return true;
      // Perhaps by ourselves, and the response was lost.
      const key = await read(id);
      return key?.revokedAt === nowMs && key.revokedBy === by;
    },

    async end(id, endsAt) {
      const isOpen = 'attribute_not_exists(revokedAt) AND attribute_not_exists(endsAt)';
      const expiresAtEpochS = Math.floor(endsAt / 1_000) + OVER_KEPT_S;
      await update(id, isOpen, { endsAt, expiresAtEpochS });
    },

    async noteUse({ id, lastUsedAt = 0 }, nowMs) {
      if (nowMs - lastUsedAt < USE_NOTED_MS) return;
      // Of several at once one is enough.
      await update(id, '(attribute_not_exists(lastUsedAt) OR lastUsedAt < :lastUsedAt)', {
        lastUsedAt: nowMs,
      });
    },

    async countRequest(id, nowMs) {
      const minute = Math.floor(nowMs / MINUTE_MS);
      const { Attributes } = await client.update({
        TableName: name,
        Key: keys.requestCount(id, minute),
        UpdateExpression: 'ADD requests :one SET expiresAtEpochS = :expires',
        ExpressionAttributeValues: { ':one': 1, ':expires': minute * 60 + COUNT_KEPT_S },
        ReturnValues: 'UPDATED_NEW',
      });
      return Number(Attributes?.requests);
    },
  };
}
