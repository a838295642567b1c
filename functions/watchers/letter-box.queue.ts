/** A dead-letter queue in SQS, and the queue that its letters go back to. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { FAILED_ON_ATTRIBUTE } from '../intake/contract.ts';
import type { Letter, LetterBox } from './redrive-letters.ts';

/** In one run; what is left is there in the next one. */
const LETTERS_MOST = 100;

/** What a run that crashed has taken is visible again before the next one. */
const TAKEN_FOR_S = 120;

export function letterBox(client: SQSClient, urls: { deadLetters: string; home: string }): LetterBox {
  const QueueUrl = urls.deadLetters;
  const takeSome = async (): Promise<Letter[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: TAKEN_FOR_S,
        AttributeNames: ['All'],
        MessageAttributeNames: [FAILED_ON_ATTRIBUTE],
      }),
    );
    return Messages.map(({ Body = '', ReceiptHandle = '', Attributes, MessageAttributes }) => ({
      body: Body,
      receipt: ReceiptHandle,
      sentAt: Number(Attributes?.SentTimestamp ?? 0),
      failedOn: MessageAttributes?.[FAILED_ON_ATTRIBUTE]?.StringValue,
    }));
  };
  return {
    async take() {
      const letters: Letter[] = [];
      while (letters.length < LETTERS_MOST) {
        const some = await takeSome();
        if (some.length === 0) break;
        letters.push(...some);
      }
      return letters;
    },
    async sendHome({ body, receipt }) {
      await client.send(new SendMessageCommand({ QueueUrl: urls.home, MessageBody: body }));
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
    },
    async putBack(letters) {
      for (const { receipt } of letters) {
        await client.send(
          new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 }),
        );
      }
    },
  };
}
