/** Slots in the table, with the lines of those who wait for them. Each claim is one conditional write. */
import { randomUUID } from 'node:crypto';
import type { Contact } from '../escalation/decide-contacts.ts';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { keys } from '../shared/table.ts';
import { type Line, waitingLine } from './line.store.ts';
import { ROW_ON_ITS_WAY_MS, SENT_KEPT, type Sent, SLOT_INTERVAL_MS, SLOT_LEASE_MS, Slot } from './slot.ts';

export type Lease = {
  contact: Contact;
  id: string;
  version: number;
  sent: readonly Sent[];
  nextAllowedAt: number;
  /** of a turn: up to which moment its reading of the line is complete */
  readUpTo: number;
};

export type SlotStore = Line & {
  read(contact: Contact): Promise<Slot | undefined>;
  /** Takes the slot if it is free and nobody waits for it. */
  claim(contact: Contact, nowMs: number): Promise<Lease | undefined>;
  /**
   * Takes the slot for those who wait, if it is still as it was read. The turn comes again should we crash.
   * The line is read after this: a row with a moment up to `readUpTo` stands in it, or its writer puts it anew.
   */
  claimTurn(contact: Contact, read: Slot, nowMs: number): Promise<Lease | undefined>;
  /** Moves the turn of those who wait. */
  moveTurn(contact: Contact, read: Slot, dueAt: number): Promise<boolean>;
  /**
   * Gives the slot back.
   * @param sent  null when nothing was published
   */
  release(lease: Lease, sent: Sent | null): Promise<void>;
  /**
   * Writes down what a turn has published, before its alerts are settled: should we crash, it is not sent again.
   * @param told  the storms that the slot now remembers
   */
  noteSent(lease: Lease, sent: Sent, told: Slot['told']): Promise<void>;
  /** Gives the slot back with the turn not taken, due as it was: who handed it out finds it again, and counts. */
  giveBackTurn(lease: Lease, dueAt: number): Promise<void>;
  /**
   * Gives the slot back after a turn.
   * @returns when the next turn is: somebody may have come since
   */
  endTurn(lease: Lease, end: TurnEnd, nowMs: number): Promise<number | null>;
};

export type TurnEnd = {
  /** null when nothing was published */
  sent: Sent | null;
  /** when the next turn is, or null when nobody waits any more */
  turn: number | null;
  /** of which storms rows are left to settle */
  told: Slot['told'];
};

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
    ...waitingLine({ client, name }),
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
        'SET leaseUntil = :until, leaseId = :id, dueAt = :until, readUpTo = :read, #version = #version + :one',
        '#version = :before',
        {
          ':before': before.version,
          ':until': nowMs + SLOT_LEASE_MS,
          ':read': Math.max(before.readUpTo ?? 0, nowMs - ROW_ON_ITS_WAY_MS),
          ':id': id,
          ':one': 1,
        },
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

    async noteSent({ contact, id, sent: earlier }, sent, told) {
      const { set, values } = publishedParts(sent, earlier);
      // The version stays: only somebody who comes to wait raises it during a turn.
      const parts = [...set, ...(told ? ['told = :told'] : []), '#version = #version'];
      await update(contact, `SET ${parts.join(', ')}`, 'leaseId = :id', {
        ':id': id,
        ...values,
        ...(told && { ':told': told }),
      });
    },

    async giveBackTurn({ contact, id }, dueAt) {
      await update(
        contact,
        'SET dueAt = :dueAt, #version = #version + :one REMOVE leaseUntil, leaseId',
        'leaseId = :id',
        { ':id': id, ':dueAt': dueAt, ':one': 1 },
      );
    },

    async endTurn({ contact, id, version, sent: earlier, nextAllowedAt }, { sent, turn, told }, nowMs) {
      const { set, values } = publishedParts(sent, earlier);
      if (turn === null) {
        const slot = await update(
          contact,
          `SET ${[...set, '#version = #version + :one'].join(', ')} REMOVE leaseUntil, leaseId, told, stuck, dueAt, dueShard`,
          'leaseId = :id AND #version = :version',
          { ':id': id, ':version': version, ':one': 1, ...values },
        );
        if (slot) return null;
      }
      const dueAt = turn ?? Math.max(values[':next'] ?? nextAllowedAt, nowMs);
      const parts = [
        ...set,
        ...(told ? ['told = :told'] : []),
        'dueAt = :dueAt',
        '#version = #version + :one',
      ];
      const slot = await update(
        contact,
        `SET ${parts.join(', ')} REMOVE leaseUntil, leaseId, stuck${told ? '' : ', told'}`,
        'leaseId = :id',
        { ':id': id, ':dueAt': dueAt, ':one': 1, ...values, ...(told && { ':told': told }) },
      );
      return slot ? dueAt : null;
    },
  };
}

function leaseOf(contact: Contact, id: string, slot: Slot): Lease {
  const { version, sent = [], nextAllowedAt = 0, readUpTo = 0 } = slot;
  return { contact, id, version, sent, nextAllowedAt, readUpTo };
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
