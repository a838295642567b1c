/** The due queue: what is due soon is handed over with its delay; what is due later is the tick's. */
import { type BatchResultErrorEntry, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { OpsError } from './errors.ts';
import type { DueMessage } from './table.ts';

/** SQS takes ten messages at once. */
const BATCH_SIZE = 10;

/** The longest delay of SQS; what comes earlier than it is due is handed back. */
const DELAY_MOST_S = 900;

export type DueQueue = {
  /**
   * Hands rows over; each arrives at its moment, rounded down to the second.
   * @throws OpsError `retry` when SQS refused some; the others are handed over
   */
  enqueue(rows: readonly DueMessage[], nowMs: number): Promise<void>;
};

export function dueQueue(client: SQSClient, queueUrl: string): DueQueue {
  return {
    enqueue: (rows, nowMs) =>
      sendAll(
        client,
        queueUrl,
        rows.map(({ pk, sk, dueAt }) => ({
          MessageBody: JSON.stringify({ pk, sk, dueAt }),
          DelaySeconds: Math.min(Math.max(0, Math.floor((dueAt - nowMs) / 1000)), DELAY_MOST_S),
        })),
      ),
  };
}

/** @throws OpsError `retry` when SQS refused some; the others are handed over */
export async function sendAll(
  client: SQSClient,
  QueueUrl: string,
  messages: readonly { MessageBody: string; DelaySeconds?: number }[],
): Promise<void> {
  const refused: BatchResultErrorEntry[] = [];
  for (let from = 0; from < messages.length; from += BATCH_SIZE) {
    const batch = messages.slice(from, from + BATCH_SIZE);
    const Entries = batch.map((message, index) => ({ Id: String(index), ...message }));
    const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    refused.push(...(Failed ?? []));
  }
  if (refused.length > 0)
    throw new OpsError('retry', `SQS refused ${refused.length} messages: ${refused[0]?.Message}`);
}

export function openQueueClient(): SQSClient {
  return new SQSClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });
}
