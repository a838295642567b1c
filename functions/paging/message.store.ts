/** Which pages a text message was: SNS reports a week later at most, and knows only its own id of it. */
import * as z from 'zod/mini';
import { Channel } from '../alerts/alert.ts';
import type { Table } from '../shared/table.store.ts';
import { keys } from '../shared/table.ts';

const KEPT_S = 7 * 24 * 3600;

export const SentMessage = z.object({
  responder: z.string(),
  channel: Channel,
  at: z.number(),
  /** of a storm's message those that it lists: it told of more */
  pages: z.array(z.object({ alert: z.string(), openedAt: z.number(), page: z.string() })),
  storm: z.optional(z.boolean()),
});
export type SentMessage = z.infer<typeof SentMessage>;

export type MessageStore = {
  /** @param messageId  what SNS answered to the publish */
  put(messageId: string, message: SentMessage): Promise<void>;
  /** @returns undefined for a message of somebody else's, or one that is forgotten by now */
  read(messageId: string): Promise<SentMessage | undefined>;
};

export function messageStore({ client, name }: Table): MessageStore {
  return {
    async put(messageId, message) {
      const expiresAtEpochS = Math.floor(message.at / 1000) + KEPT_S;
      await client.put({
        TableName: name,
        Item: { ...keys.message(messageId), ...message, expiresAtEpochS },
      });
    },
    async read(messageId) {
      const { Item } = await client.get({
        TableName: name,
        Key: keys.message(messageId),
        ConsistentRead: true,
      });
      return Item && SentMessage.parse(Item);
    },
  };
}
