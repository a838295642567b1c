/** When the tick last swept. */
import type { Table } from '../shared/table.store.ts';
import { keys } from '../shared/table.ts';

export type Heartbeat = {
  beat(nowMs: number): Promise<void>;
  /** @returns epoch milliseconds, or undefined when it never did */
  lastAt(): Promise<number | undefined>;
};

export function heartbeat({ client, name }: Table): Heartbeat {
  return {
    async beat(nowMs) {
      await client.put({ TableName: name, Item: { ...keys.heartbeat, at: nowMs } });
    },
    async lastAt() {
      const { Item } = await client.get({ TableName: name, Key: keys.heartbeat, ConsistentRead: true });
      return Item && Number(Item.at);
    },
  };
}
