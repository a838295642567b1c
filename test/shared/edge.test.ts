import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { edge, queueEdge } from '../../functions/shared/edge.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import type { Log } from '../../functions/shared/log.ts';

const sqs = mockClient(SQSClient);
const queue = { client: new SQSClient({ region: 'local-1' }), url: 'https://sqs/due' };
const context = { awsRequestId: 'r-1' } as Context;

beforeEach(() => {
  sqs.reset();
});

function record(messageId: string, received = 1, body = ''): SQSRecord {
  const attributes = { ApproximateReceiveCount: String(received) };
  return { messageId, receiptHandle: `handle-${messageId}`, body, attributes } as SQSRecord;
}

function quietLog() {
  const lines: string[] = [];
  const write = (message: unknown) => {
    lines.push(String(message));
  };
  const log = { info: write, warn: write, error: write, addContext: () => {} } as unknown as Log;
  return { log, lines };
}

const send = (handler: ReturnType<typeof queueEdge>, ...Records: SQSRecord[]) =>
  handler({ Records } as SQSEvent, context);

const failing =
  (...ids: string[]) =>
  async ({ messageId }: SQSRecord) => {
    if (ids.includes(messageId)) throw new OpsError('retry', 'later');
  };

describe('queueEdge', () => {
  it('reports the 2 of 4 records that failed, and handles the others', async () => {
    const handled: string[] = [];
    const handler = queueEdge({
      log: quietLog().log,
      queue,
      handle: async (one) => {
        await failing('b', 'd')(one);
        handled.push(one.messageId);
      },
    });
    const answer = await send(handler, record('a'), record('b'), record('c'), record('d'));
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['b', 'd']);
    expect(handled).toEqual(['a', 'c']);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [5, 16],
    [6, 30],
    [900, 30],
  ])('brings a message back that failed for the %i. time after %i s', async (received, seconds) => {
    const handler = queueEdge({ log: quietLog().log, queue, handle: failing('a') });
    await send(handler, record('a', received));
    expect(sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input)).toEqual([
      { QueueUrl: queue.url, ReceiptHandle: 'handle-a', VisibilityTimeout: seconds },
    ]);
  });

  it('still reports a failed record when its visibility cannot be changed', async () => {
    sqs.on(ChangeMessageVisibilityCommand).rejects(new Error('throttled'));
    const handler = queueEdge({ log: quietLog().log, queue, handle: failing('a') });
    expect(await send(handler, record('a'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] });
  });

  it('does not bring back what was given up for good', async () => {
    const handler = queueEdge({ log: quietLog().log, queue, handle: failing('a'), giveUp: async () => true });
    expect(await send(handler, record('a'))).toEqual({ batchItemFailures: [] });
    expect(sqs.calls()).toHaveLength(0);
  });

  it('brings a record back when giving it up fails', async () => {
    const { log, lines } = quietLog();
    const giveUp = async () => {
      throw new Error('no dead-letter queue');
    };
    const answer = await send(queueEdge({ log, queue, handle: failing('a'), giveUp }), record('a'));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] });
    expect(lines).toContain('could not give a message up; it goes back');
  });

  it('handles the records of one group in their order, groups side by side', async () => {
    const handled: string[] = [];
    const handler = queueEdge({
      log: quietLog().log,
      queue,
      groupOf: ({ body }) => body,
      handle: async ({ messageId, body }) => {
        handled.push(`${messageId} begins`);
        await new Promise((resolve) => setTimeout(resolve, body === 'slow' ? 20 : 1));
        handled.push(`${messageId} ends`);
      },
    });
    await send(handler, record('a1', 1, 'slow'), record('b1', 1, 'fast'), record('a2', 1, 'slow'));
    expect(handled.indexOf('a2 begins')).toBeGreaterThan(handled.indexOf('a1 ends'));
    expect(handled.indexOf('b1 ends')).toBeLessThan(handled.indexOf('a1 ends'));
  });
});

describe('edge', () => {
  it('answers what the function answers', async () => {
    const handler = edge(quietLog().log, async (event: { n: number }) => event.n + 1);
    expect(await handler({ n: 1 }, context)).toBe(2);
  });

  it('logs what is thrown and throws it on, without numbers and with its name alone', async () => {
    const { log, lines } = quietLog();
    const handler = edge(log, async () => {
      throw Object.assign(new OpsError('bug', 'broken for +12025550101'), { input: 'ana@example.com' });
    });
    const thrown = await handler({}, context).catch((error: unknown) => error as Error);
    expect(thrown).toMatchObject({ name: 'OpsError', message: 'broken for [number]' });
    expect(Object.keys(thrown as Error)).toEqual(['name']);
    expect((thrown as Error).stack).not.toContain('2025550101');
    expect(lines).toEqual(['the function failed']);
  });
});
