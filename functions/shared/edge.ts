/** The edge of every function: parse, log, turn error kinds into answers, report a batch's failures one by one. */
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { kindOf, messageOf } from './errors.ts';
import type { Log } from './log.ts';
import { redactError } from './redact.ts';

/** A message that failed comes back after 1, 2, 4 … 30 s. */
const BACK_OFF_MOST_S = 30;

/** No early time-out of middy's: the queue gives back what a function did not finish. */
const PLUGIN = { timeoutEarlyInMillis: 0 };

type QueueEdge = {
  log: Log;
  queue: { client: SQSClient; url: string };
  handle: (record: SQSRecord) => Promise<void>;
  /** records of one group are handled in order, groups side by side; default: each by itself */
  groupOf?: (record: SQSRecord) => string;
  /** what to do for good with a message that cannot succeed; without it such a message goes back */
  giveUp?: (record: SQSRecord, error: unknown) => Promise<boolean>;
};

/**
 * A consumer of a queue. Each record succeeds or fails by itself; a failed one goes back to the queue.
 * @returns a Lambda handler that answers with the failed message ids
 */
export function queueEdge(edge: QueueEdge) {
  const attempt = async (record: SQSRecord): Promise<string | undefined> => {
    try {
      await edge.handle(record);
      return undefined;
    } catch (error) {
      edge.log.warn('a message failed', { messageId: record.messageId, kind: kindOf(error), error });
      if (await givenUp(edge, record, error)) return undefined;
      await backOff(edge, record);
      return record.messageId;
    }
  };

  return middy<SQSEvent, SQSBatchResponse, Error, Context>(PLUGIN)
    .use(logged(edge.log))
    .handler(async (event) => {
      const failed = await Promise.all(
        groups(event.Records, edge.groupOf).map(async (records) => {
          const ids: (string | undefined)[] = [];
          for (const record of records) ids.push(await attempt(record));
          return ids;
        }),
      );
      const ids = failed.flat().filter((id) => id !== undefined);
      return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
    });
}

function groups(records: readonly SQSRecord[], groupOf: QueueEdge['groupOf']): SQSRecord[][] {
  const byKey = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const key = groupOf?.(record) ?? record.messageId;
    byKey.set(key, [...(byKey.get(key) ?? []), record]);
  }
  return [...byKey.values()];
}

/** Any other function: what it throws is logged, and thrown on without what nobody should see. */
export function edge<E, R>(log: Log, handle: (event: E, context: Context) => Promise<R>) {
  return middy<E, R, Error, Context>(PLUGIN)
    .use(logged(log))
    .handler((event, context) => handle(event, context));
}

function logged(log: Log): MiddlewareObj<unknown, unknown, Error, Context> {
  return {
    before: ({ context }) => log.addContext(context),
    onError: (request) => {
      const { error } = request;
      log.error('the function failed', { kind: kindOf(error), error: error as Error });
      request.error = redactError(error);
    },
  };
}

async function givenUp(edge: QueueEdge, record: SQSRecord, error: unknown): Promise<boolean> {
  try {
    return (await edge.giveUp?.(record, error)) ?? false;
  } catch (failure) {
    edge.log.error('could not give a message up; it goes back', { reason: messageOf(failure) });
    return false;
  }
}

/** Brings the message back sooner than its visibility timeout would. Failing here only makes it later. */
async function backOff({ log, queue }: QueueEdge, record: SQSRecord): Promise<void> {
  const received = Number(record.attributes.ApproximateReceiveCount);
  try {
    await queue.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queue.url,
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout: Math.min(2 ** Math.min(received - 1, 5), BACK_OFF_MOST_S),
      }),
    );
  } catch (error) {
    log.warn('a failed message comes back late', { messageId: record.messageId, reason: messageOf(error) });
  }
}
