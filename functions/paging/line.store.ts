/** The line of the pages that wait for a contact's slot, in the table. */
import type { Contact } from '../escalation/decide-contacts.ts';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { keys, shardOf } from '../shared/table.ts';
import { freeAt, Slot, type WaitingPage, WaitingRow } from './slot.ts';

/** Rows of one query: a turn that settles a hundred does not read ten thousand. */
const ROWS_AT_ONCE = 1_000;

export type Line = {
  /**
   * Puts the page in the line, and arms the slot. What only gathers gives way: the turn is as soon as the slot is free.
   * @param notBefore  of a turn that is not armed yet
   * @returns the moment of its turn
   */
  wait(contact: Contact, page: WaitingPage, nowMs: number, notBefore?: number): Promise<number>;
  /** Those who wait and are wanted, in the order of their keys, up to `limit`. */
  waiting(contact: Contact, limit: number, isWanted?: (row: WaitingRow) => boolean): Promise<WaitingRow[]>;
  /** Takes the page out of the line, unless it has come back since the row was read. */
  leave(contact: Contact, row: WaitingRow): Promise<void>;
};

export function waitingLine({ client, name }: Table): Line {
  const readSlot = async (contact: Contact) => {
    const Key = keys.slot(contact.responder, contact.channel);
    const { Item } = await client.get({ TableName: name, Key, ConsistentRead: true });
    return Item && Slot.parse(Item);
  };

  /** Others let their turn wait, a page does not: unless the turn has begun by now. */
  const bringTurnForward = async (contact: Contact, from: number, to: number): Promise<boolean> => {
    try {
      await client.update({
        TableName: name,
        Key: keys.slot(contact.responder, contact.channel),
        UpdateExpression: 'SET dueAt = :to, #version = #version + :one',
        ConditionExpression: 'dueAt = :from',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':from': from, ':to': to, ':one': 1 },
      });
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  };

  return {
    async wait(contact, page, nowMs, notBefore = nowMs) {
      const key = keys.waiting(contact.responder, contact.channel, page);
      let putAt = nowMs;
      let slot: Slot | undefined;
      for (;;) {
        await client.put({ TableName: name, Item: { ...key, ...page, putAt } });
        slot = await readSlot(contact);
        if ((slot?.readUpTo ?? 0) < putAt) break;
        // The line was read while this row was on its way. Whether it was seen is not known, so it comes anew.
        putAt = slot!.readUpTo! + 1;
      }
      const { Attributes } = await client.update({
        TableName: name,
        Key: keys.slot(contact.responder, contact.channel),
        UpdateExpression:
          'SET dueAt = if_not_exists(dueAt, :dueAt), dueShard = :shard, #version = if_not_exists(#version, :zero) + :one',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: {
          ':dueAt': Math.max(slot ? freeAt(slot, nowMs) : nowMs, notBefore),
          ':shard': shardOf(keys.slot(contact.responder, contact.channel).pk),
          ':zero': 0,
          ':one': 1,
        },
        ReturnValues: 'ALL_NEW',
      });
      const armed = Slot.parse(Attributes);
      const freeFrom = freeAt(armed, nowMs);
      if (page.gathers || page.isNotice || armed.dueAt! <= freeFrom) return armed.dueAt!;
      return (await bringTurnForward(contact, armed.dueAt!, freeFrom)) ? freeFrom : armed.dueAt!;
    },

    async waiting(contact, limit, isWanted = () => true) {
      const rows: WaitingRow[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const { Items, LastEvaluatedKey } = await client.query({
          TableName: name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: {
            ':pk': keys.slot(contact.responder, contact.channel).pk,
            ':prefix': keys.waitingPrefix,
          },
          ExclusiveStartKey: from,
          Limit: ROWS_AT_ONCE,
        });
        rows.push(...(Items ?? []).map((item) => WaitingRow.parse(item)).filter(isWanted));
        from = LastEvaluatedKey;
      } while (from && rows.length < limit);
      return rows.slice(0, limit);
    },

    async leave(contact, { sk, attempt }) {
      try {
        await client.delete({
          TableName: name,
          Key: { pk: keys.slot(contact.responder, contact.channel).pk, sk },
          ConditionExpression: 'attempt = :attempt',
          ExpressionAttributeValues: { ':attempt': attempt },
        });
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
    },
  };
}
