/** Where a message goes that can never be read: kept for 14 days with its reason, and an alarm tells. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { FAILED_ON_ATTRIBUTE } from './contract.ts';

/** SQS refuses an attribute beyond this; the body is kept whole. */
const REASON_MOST = 1_000;

export type DeadLetters = { keep(body: string, reason: string): Promise<void> };

/** @param codeVersion  written on each: the same code is not asked again */
export function deadLetters(client: SQSClient, queueUrl: string, codeVersion: string): DeadLetters {
  return {
    async keep(body, reason) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: body,
          MessageAttributes: {
            reason: { DataType: 'String', StringValue: reason.slice(0, REASON_MOST) || 'no reason given' },
            [FAILED_ON_ATTRIBUTE]: { DataType: 'String', StringValue: codeVersion },
          },
        }),
      );
    },
  };
}
