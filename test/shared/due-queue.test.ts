import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { dueQueue } from '../../functions/shared/due-queue.ts';
import type { DueMessage } from '../../functions/shared/table.ts';

const sqs = mockClient(SQSClient);
const queue = dueQueue(new SQSClient({ region: 'local-1' }), 'https://sqs/due');

const NOW = Date.parse('2026-03-02T03:00:00Z');

const dueIn = (...delays: number[]): DueMessage[] =>
  delays.map((delayMs, n) => ({ pk: `alert#${n}`, sk: 'current', dueAt: NOW + delayMs }));

const batches = () =>
  sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries ?? []);
const delays = () => batches().flatMap((entries) => entries.map(({ DelaySeconds }) => DelaySeconds));

beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});

describe('dueQueue.enqueue', () => {
  it('rounds delays down to the second, and has none for what is late', async () => {
    await queue.enqueue(dueIn(0, 999, 1_000, 59_999, -60_000), NOW);
    expect(delays()).toEqual([0, 0, 1, 59, 0]);
  });

  it('delays by 900 s at most, as SQS does: the consumer hands it back', async () => {
    await queue.enqueue(dueIn(3_600_000), NOW);
    expect(delays()).toEqual([900]);
  });

  it('sends 23 rows as 10, 10 and 3, each with its key and its moment', async () => {
    const rows = dueIn(...Array.from({ length: 23 }, (_, n) => n * 1_000));
    await queue.enqueue(rows, NOW);
    expect(batches().map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(
      batches().flatMap((entries) => entries.map(({ MessageBody }) => JSON.parse(MessageBody!))),
    ).toEqual(rows);
    for (const entries of batches()) expect(new Set(entries.map(({ Id }) => Id)).size).toBe(entries.length);
  });

  it('sends nothing for no rows', async () => {
    await queue.enqueue([], NOW);
    expect(batches()).toEqual([]);
  });

  it('throws `retry` when SQS refuses 1 of 10, after the others have been handed over', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({
        Successful: [],
        Failed: [{ Id: '3', Code: 'x', Message: 'try later', SenderFault: false }],
      })
      .resolves({});
    const handing = queue.enqueue(dueIn(...Array.from({ length: 15 }, () => 0)), NOW);
    await expect(handing).rejects.toMatchObject({
      kind: 'retry',
      message: expect.stringContaining('try later'),
    });
    expect(batches()).toHaveLength(2);
  });

  it('throws what SQS throws', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('throttled'));
    await expect(queue.enqueue(dueIn(0), NOW)).rejects.toThrow('throttled');
  });
});
