/** Where a message goes that can never be read: kept for 14 days with its reason, and an alarm tells. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { FAILED_ON_ATTRIBUTE } from './contract.ts';

/** SQS refuses an attribute beyond this; the body is kept whole. */
const REASON_MOST = 1_000;

/** SQS refuses an attribute with any other character. Source: SQS API reference, SendMessage */
const NOT_FOR_SQS = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

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
            reason: { DataType: 'String', StringValue: asAttribute(reason) || 'no reason given' },
            [FAILED_ON_ATTRIBUTE]: { DataType: 'String', StringValue: codeVersion },
          },
        }),
      );
    },
  };
}

/** It may quote what it could not read, and end in half a character. */
function asAttribute(reason: string): string {
  return reason.slice(0, REASON_MOST).replace(NOT_FOR_SQS, '\ufffd');
}
