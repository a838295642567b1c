/** SQS, as far as it refuses what it is sent: sizes, and characters. It keeps nothing. */
import type { SendMessageBatchCommandInput, SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { checkSqsText } from './check-text.ts';

/** Source: SQS API reference, SendMessageBatch: of all its messages together */
const BATCH_BYTES_MOST = 256 * 1024;

/** @param onBody  is told of each message */
export function sqsThatChecks(onBody: (body: string) => void = () => {}): SQSClient {
  const send = async ({ input }: { input: SendMessageCommandInput | SendMessageBatchCommandInput }) => {
    if ('Entries' in input) {
      const bodies = input.Entries!.map(({ MessageBody = '' }) => MessageBody);
      checkSqsText(bodies.join(''), BATCH_BYTES_MOST, 'a batch of messages');
      for (const body of bodies) onBody(body);
    } else {
      // What came out of a queue has characters that a queue takes: only what we add to it is looked at.
      const { MessageAttributes = {} } = input as SendMessageCommandInput;
      for (const [name, { StringValue = '' }] of Object.entries(MessageAttributes)) {
        checkSqsText(StringValue, 4_096, `the attribute ${name}`);
      }
    }
    return {};
  };
  return { send } as unknown as SQSClient;
}
