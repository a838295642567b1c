/** SQS: send, receive, delete, change visibility, singly and in batches. */
import { type AwsCall, AwsError, type Input } from './call.ts';
import { type MessageAttributes, md5, type Queue, type Received } from './queue.ts';
import type { Service } from './service.ts';

const DELAY_MOST_S = 900;
const VISIBILITY_MOST_S = 43_200;
const BATCH_MOST = 10;
const BODY_MOST_BYTES = 1_048_576;

/** The permission that each action needs: a batch has none of its own. Source: SQS API permissions reference */
const PERMISSIONS: Record<string, string> = {
  SendMessage: 'SendMessage',
  SendMessageBatch: 'SendMessage',
  ReceiveMessage: 'ReceiveMessage',
  DeleteMessage: 'DeleteMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibility: 'ChangeMessageVisibility',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
  GetQueueAttributes: 'GetQueueAttributes',
  GetQueueUrl: 'GetQueueUrl',
};

export function sqs(queues: readonly Queue[]): Service {
  const named = (input: Input): Queue => {
    const name = String(
      input.QueueName ??
        String(input.QueueUrl ?? '')
          .split('/')
          .at(-1),
    );
    const queue = queues.find((one) => one.name === name);
    if (!queue) throw new AwsError('QueueDoesNotExist', `The specified queue does not exist: ${name}`);
    return queue;
  };
  return {
    grants(action, input) {
      const permission = PERMISSIONS[action];
      return (permission && [{ action: `sqs:${permission}`, resource: named(input).arn }]) || undefined;
    },
    handle(call) {
      const queue = named(call.input);
      return answer(call, queue);
    },
  };
}

function answer({ action, input }: AwsCall, queue: Queue): unknown {
  switch (action) {
    case 'SendMessage':
      return send(queue, input);
    case 'SendMessageBatch':
      return batch(input, (entry) => send(queue, entry));
    case 'ReceiveMessage':
      return {
        Messages: queue.receive(Number(input.MaxNumberOfMessages ?? 1), visibility(input)).map(shown),
      };
    case 'DeleteMessage':
      queue.delete(String(input.ReceiptHandle));
      return {};
    case 'DeleteMessageBatch':
      return batch(input, (entry) => {
        queue.delete(String(entry.ReceiptHandle));
        return {};
      });
    case 'ChangeMessageVisibility':
      return changeVisibility(queue, input);
    case 'ChangeMessageVisibilityBatch':
      return batch(input, (entry) => changeVisibility(queue, entry));
    case 'GetQueueUrl':
      return { QueueUrl: queue.url };
    default:
      return { Attributes: attributes(queue) };
  }
}

function send(queue: Queue, input: Input) {
  const body = String(input.MessageBody ?? '');
  const sent = (input.MessageAttributes ?? {}) as MessageAttributes;
  const delayS = input.DelaySeconds === undefined ? undefined : Number(input.DelaySeconds);
  if (delayS !== undefined && !(Number.isInteger(delayS) && delayS >= 0 && delayS <= DELAY_MOST_S)) {
    throw new AwsError(
      'InvalidParameterValue',
      `DelaySeconds is ${delayS}: it must be from 0 to ${DELAY_MOST_S}.`,
    );
  }
  if (body === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (Buffer.byteLength(body) > BODY_MOST_BYTES) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid: over ${BODY_MOST_BYTES} bytes.`,
    );
  }
  const id = queue.send(body, {
    attributes: sent,
    ...(delayS === undefined ? {} : { delayMs: delayS * 1000 }),
  });
  return { MessageId: id, MD5OfMessageBody: md5(body) };
}

/** Each entry succeeds or fails by itself. */
function batch(input: Input, one: (entry: Input) => object) {
  const entries = (input.Entries ?? []) as Input[];
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'The batch request has no entries.');
  if (entries.length > BATCH_MOST) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `${entries.length} entries: ${BATCH_MOST} are permitted.`,
    );
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...one(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function changeVisibility(queue: Queue, input: Input) {
  const ms = visibility(input);
  if (ms === undefined || !queue.changeVisibility(String(input.ReceiptHandle), ms)) {
    throw new AwsError(
      'InvalidParameterValue',
      'The message is not in flight, or VisibilityTimeout is missing.',
    );
  }
  return {};
}

function visibility(input: Input): number | undefined {
  if (input.VisibilityTimeout === undefined) return undefined;
  const seconds = Number(input.VisibilityTimeout);
  if (!(seconds >= 0 && seconds <= VISIBILITY_MOST_S)) {
    throw new AwsError(
      'InvalidParameterValue',
      `VisibilityTimeout is ${seconds}: 0 to ${VISIBILITY_MOST_S}.`,
    );
  }
  return seconds * 1000;
}

function shown(message: Received) {
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: { ApproximateReceiveCount: String(message.receives), SentTimestamp: String(message.sentMs) },
    MessageAttributes: message.attributes,
  };
}

function attributes(queue: Queue) {
  const count = (state: string) => String(queue.messages().filter((one) => one.state === state).length);
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: count('visible'),
    ApproximateNumberOfMessagesNotVisible: count('in-flight'),
    ApproximateNumberOfMessagesDelayed: count('delayed'),
    VisibilityTimeout: String(queue.visibilityMs / 1000),
  };
}
