/** Slots and the pages that wait for them, in the table. Each claim is one conditional write. */
import { randomUUID } from 'node:crypto';
import type { Contact } from '../escalation/decide-contacts.ts';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { keys, shardOf } from '../shared/table.ts';
import { freeAt, SENT_KEPT, type Sent, SLOT_INTERVAL_MS, SLOT_LEASE_MS, Slot, WaitingPage } from './slot.ts';

export type Lease = { contact: Contact; id: string; version: number; sent: readonly Sent[] };

export type SlotStore = {
  read(contact: Contact): Promise<Slot | undefined>;
  /** Takes the slot if it is free and nobody waits for it. */
  claim(contact: Contact, nowMs: number): Promise<Lease | undefined>;
  /** Takes the slot for those who wait, if it is still as it was read. The turn comes again should we crash. */
  claimTurn(contact: Contact, read: Slot, nowMs: number): Promise<Lease | undefined>;
  /** Moves the turn of those who wait. */
  moveTurn(contact: Contact, read: Slot, dueAt: number): Promise<boolean>;
  /**
   * Gives the slot back.
   * @param sent  null when nothing was published
   */
  release(lease: Lease, sent: Sent | null): Promise<void>;
  /** Writes down what a turn has published, before its alerts are settled: should we crash, it is not sent again. */
  noteSent(lease: Lease, sent: Sent): Promise<void>;
  /**
   * Gives the slot back after a turn.
   * @param turn  when the next turn is, or null when nobody waits any more
   * @returns when the next turn is: somebody may have come since
   */
  endTurn(lease: Lease, sent: Sent | null, turn: number | null, nowMs: number): Promise<number | null>;
  /** Puts the page in the line, and arms the slot. @returns the moment of its turn */
  wait(contact: Contact, page: WaitingPage, nowMs: number): Promise<number>;
  /** Those who wait, in the order of their keys, up to `limit`. */
  waiting(contact: Contact, limit: number): Promise<WaitingRow[]>;
  /** Takes the page out of the line, unless it has come back since the row was read. */
  leave(contact: Contact, row: WaitingRow): Promise<void>;
};

export type WaitingRow = WaitingPage & { sk: string };

export function slotStore({ client, name }: Table): SlotStore {
  const keyOf = (contact: Contact) => keys.slot(contact.responder, contact.channel);

  const read = async (contact: Contact) => {
    const { Item } = await client.get({ TableName: name, Key: keyOf(contact), ConsistentRead: true });
    return Item && Slot.parse(Item);
  };

  const update = async (
    contact: Contact,
    expression: string,
    condition: string,
    values: Record<string, unknown>,
  ): Promise<Slot | undefined> => {
    try {
      const { Attributes } = await client.update({
        TableName: name,
        Key: keyOf(contact),
        UpdateExpression: expression,
        ConditionExpression: condition,
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: values,
        ReturnValues: 'ALL_NEW',
      });
      return Slot.parse(Attributes);
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  };

  /** A claim whose response was lost and which the SDK repeated has failed on itself. */
  const ours = async (contact: Contact, id: string): Promise<Lease | undefined> => {
    const slot = await read(contact);
    return slot?.leaseId === id ? leaseOf(contact, id, slot) : undefined;
  };

  return {
    read,

    async claim(contact, nowMs) {
      const id = randomUUID();
      const slot = await update(
        contact,
        'SET leaseUntil = :until, leaseId = :id, #version = if_not_exists(#version, :zero) + :one',
        '(attribute_not_exists(nextAllowedAt) OR nextAllowedAt <= :now)' +
          ' AND (attribute_not_exists(leaseUntil) OR leaseUntil <= :now) AND attribute_not_exists(dueAt)',
        { ':now': nowMs, ':until': nowMs + SLOT_LEASE_MS, ':id': id, ':zero': 0, ':one': 1 },
      );
      return slot ? leaseOf(contact, id, slot) : ours(contact, id);
    },

    async claimTurn(contact, before, nowMs) {
      const id = randomUUID();
      const slot = await update(
        contact,
        'SET leaseUntil = :until, leaseId = :id, dueAt = :until, #version = #version + :one',
        '#version = :before',
        { ':before': before.version, ':until': nowMs + SLOT_LEASE_MS, ':id': id, ':one': 1 },
      );
      return slot ? leaseOf(contact, id, slot) : ours(contact, id);
    },

    async moveTurn(contact, before, dueAt) {
      const slot = await update(
        contact,
        'SET dueAt = :dueAt, #version = #version + :one',
        '#version = :before',
        { ':before': before.version, ':dueAt': dueAt, ':one': 1 },
      );
      return slot !== undefined;
    },

    async release({ contact, id, sent: earlier }, sent) {
      const { set, values } = publishedParts(sent, earlier);
      await update(
        contact,
        `SET ${[...set, '#version = #version + :one'].join(', ')} REMOVE leaseUntil, leaseId`,
        'leaseId = :id',
        { ':id': id, ':one': 1, ...values },
      );
    },

    async noteSent({ contact, id, sent: earlier }, sent) {
      const { set, values } = publishedParts(sent, earlier);
      // The version stays: only somebody who comes to wait raises it during a turn.
      await update(contact, `SET ${set.join(', ')}, #version = #version`, 'leaseId = :id', {
        ':id': id,
        ...values,
      });
    },

    async endTurn({ contact, id, version, sent: earlier }, sent, turn, nowMs) {
      const { set, values } = publishedParts(sent, earlier);
      if (turn === null) {
        const slot = await update(
          contact,
          `SET ${[...set, '#version = #version + :one'].join(', ')} REMOVE leaseUntil, leaseId, dueAt, dueShard`,
          'leaseId = :id AND #version = :version',
          { ':id': id, ':version': version, ':one': 1, ...values },
        );
        if (slot) return null;
      }
      const dueAt = Math.max(turn ?? 0, values[':next'] ?? 0, nowMs);
      const slot = await update(
        contact,
        `SET ${[...set, 'dueAt = :dueAt', '#version = #version + :one'].join(', ')} REMOVE leaseUntil, leaseId`,
        'leaseId = :id',
        { ':id': id, ':dueAt': dueAt, ':one': 1, ...values },
      );
      return slot ? dueAt : null;
    },

    async wait(contact, page, nowMs) {
      const row = keys.waiting(contact.responder, contact.channel, page);
      await client.put({ TableName: name, Item: { ...row, ...page } });
      const slot = await read(contact);
      const { Attributes } = await client.update({
        TableName: name,
        Key: keyOf(contact),
        UpdateExpression:
          'SET dueAt = if_not_exists(dueAt, :dueAt), dueShard = :shard, #version = if_not_exists(#version, :zero) + :one',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: {
          ':dueAt': slot ? freeAt(slot, nowMs) : nowMs,
          ':shard': shardOf(keyOf(contact).pk),
          ':zero': 0,
          ':one': 1,
        },
        ReturnValues: 'ALL_NEW',
      });
      return Slot.parse(Attributes).dueAt!;
    },

    async waiting(contact, limit) {
      const { Items } = await client.query({
        TableName: name,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': keyOf(contact).pk, ':prefix': keys.waitingPrefix },
        Limit: limit,
      });
      return (Items ?? []).map((item) => ({ ...WaitingPage.parse(item), sk: String(item.sk) }));
    },

    async leave(contact, { sk, attempt }) {
      try {
        await client.delete({
          TableName: name,
          Key: { pk: keyOf(contact).pk, sk },
          ConditionExpression: 'attempt = :attempt',
          ExpressionAttributeValues: { ':attempt': attempt },
        });
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
    },
  };
}

function leaseOf(contact: Contact, id: string, { version, sent = [] }: Slot): Lease {
  return { contact, id, version, sent };
}

/** What a publish leaves in the slot. */
function publishedParts(
  sent: Sent | null,
  earlier: readonly Sent[],
): { set: string[]; values: { ':next'?: number; ':sent'?: Sent[] } } {
  if (!sent) return { set: [], values: {} };
  return {
    set: ['nextAllowedAt = :next', 'sent = :sent'],
    values: { ':next': sent.at + SLOT_INTERVAL_MS, ':sent': [sent, ...earlier].slice(0, SENT_KEPT) },
  };
}
