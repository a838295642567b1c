import type { SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { deadLetters } from '../../functions/intake/dead-letter.queue.ts';

/** What is put into the queue as the reason. */
async function reasonKept(reason: string): Promise<string | undefined> {
  const sent: SendMessageCommandInput[] = [];
  const client = { send: async ({ input }: { input: SendMessageCommandInput }) => void sent.push(input) };
  await deadLetters(client as unknown as SQSClient, 'https://sqs.example.com/letters', 'v1').keep(
    '{}',
    reason,
  );
  return sent[0]?.MessageAttributes?.reason?.StringValue;
}

test.each([
  ['it is "a", not of type string', 'it is "a", not of type string'],
  ['', 'no reason given'],
  ['an object with \u0000\u0007, \uffff', 'an object with \ufffd\ufffd, \ufffd'],
  [`${'x'.repeat(999)}😀`, `${'x'.repeat(999)}\ufffd`],
])('the reason %j has only what SQS takes, 1,000 characters of it', async (reason, kept) => {
  expect(await reasonKept(reason)).toBe(kept);
});
