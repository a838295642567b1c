/** Asks SQS how much waits in a queue. */
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ask } from './asked.ts';
import type { QueueDepths } from './check-queues.ts';

export type QueueDepthReader = { read(): Promise<QueueDepths> };

/** Each by its URL. */
export type QueueUrls = Record<keyof QueueDepths, { queue: string; deadLetters: string }>;

export function queueDepthReader(client: SQSClient, urls: QueueUrls): QueueDepthReader {
  const depthOf = (QueueUrl: string) =>
    ask('sqs:GetQueueAttributes', async () => {
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    });
  const read = async ({ queue, deadLetters }: QueueUrls['intake']) => {
    const [waiting, dead] = await Promise.all([depthOf(queue), depthOf(deadLetters)]);
    return { queue: waiting, deadLetters: dead };
  };
  return {
    async read() {
      const [intake, due] = await Promise.all([read(urls.intake), read(urls.due)]);
      return { intake, due };
    },
  };
}
