/** Puts signals into the intake queue, for everybody who makes them: webhooks, the command line, the audit. */
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { messageOf, OpsError } from '../shared/errors.ts';
import { type OwnMessage, writeOwnMessage } from './own-signal.ts';

/** Source: SQS API reference, SendMessageBatch: ten messages, 256 KiB in all */
const BATCH_MESSAGES_MOST = 10;
const BATCH_BYTES_MOST = 256 * 1024;

/** A webhook may bring thousands of alerts, and the function has 10 s. */
const BATCHES_AT_ONCE = 16;

export type SignalQueue = {
  /**
   * Hands all of them over, in no order.
   * @throws OpsError `retry` when SQS took not all: send them again, a signal told twice changes nothing
   */
  send(messages: readonly OwnMessage[]): Promise<void>;
};

export function signalQueue(client: SQSClient, queueUrl: string): SignalQueue {
  const sendBatch = async (bodies: readonly string[]): Promise<void> => {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: bodies.map((body, index) => ({ Id: String(index), MessageBody: body })),
      }),
    );
    if (Failed.length > 0) throw new Error(`${Failed.length} of ${bodies.length}: ${Failed[0]?.Message}`);
  };
  return {
    async send(messages) {
      const batches = batchesOf(messages.map(writeOwnMessage)).values();
      // The workers share one iterator: each takes the next batch when it is done with its own.
      const work = async () => {
        for (const batch of batches) await sendBatch(batch);
      };
      const ends = await Promise.allSettled(Array.from({ length: BATCHES_AT_ONCE }, work));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) {
        const { reason: cause } = failed;
        throw new OpsError('retry', `SQS refused signals: ${messageOf(cause)}`, { cause });
      }
    },
  };
}

/** In the order given, each as full as SQS takes it. */
function batchesOf(bodies: readonly string[]): string[][] {
  const batches: string[][] = [];
  let room = 0;
  for (const body of bodies) {
    const bytes = Buffer.byteLength(body);
    const last = batches.at(-1);
    if (last && last.length < BATCH_MESSAGES_MOST && bytes <= room) last.push(body);
    else {
      batches.push([body]);
      room = BATCH_BYTES_MOST;
    }
    room -= bytes;
  }
  return batches;
}
