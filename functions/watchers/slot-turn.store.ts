/** Gives a slot a turn that has none although somebody waits for it. */
import type { Contact } from '../escalation/decide-contacts.ts';
import { isConditionFailed, type Table } from '../shared/table.store.ts';
import { keys, shardOf } from '../shared/table.ts';

export type SlotTurns = {
  /** @returns false when it has one by now */
  arm(contact: Contact, dueAt: number): Promise<boolean>;
};

export function slotTurns({ client, name }: Table): SlotTurns {
  return {
    async arm({ responder, channel }, dueAt) {
      const key = keys.slot(responder, channel);
      try {
        await client.update({
          TableName: name,
          Key: key,
          UpdateExpression:
            'SET dueAt = :dueAt, dueShard = :shard, #version = if_not_exists(#version, :zero) + :one',
          ConditionExpression: 'attribute_not_exists(dueAt)',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':dueAt': dueAt, ':shard': shardOf(key.pk), ':zero': 0, ':one': 1 },
        });
        return true;
      } catch (error) {
        if (isConditionFailed(error)) return false;
        throw error;
      }
    },
  };
}
