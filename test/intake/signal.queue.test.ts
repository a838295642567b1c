import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { type OwnMessage, tocsinSignal } from '../../functions/intake/own-signal.ts';
import { signalQueue } from '../../functions/intake/signal.queue.ts';

const sqs = mockClient(SQSClient);
const queue = signalQueue(new SQSClient({ region: 'local-1' }), 'https://sqs/intake');

function message(n: number, labels: Record<string, string> = {}): OwnMessage {
  return { signal: tocsinSignal({ key: `k${n}`, state: 'alarm', at: n, title: 't', labels }) };
}

const messages = (count: number) => Array.from({ length: count }, (_, n) => message(n));
const batches = () =>
  sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries ?? []);

beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});

describe('signalQueue.send', () => {
  test('23 signals go as 10, 10 and 3, each once', async () => {
    await queue.send(messages(23));
    expect(batches().map(({ length }) => length)).toEqual([10, 10, 3]);
    const keys = batches().flatMap((entries) =>
      entries.map(({ MessageBody }) => JSON.parse(MessageBody!).tocsin.signal.dedupKey),
    );
    expect(new Set(keys).size).toBe(23);
  });

  test('nothing to send is no call', async () => {
    await queue.send([]);
    expect(batches()).toEqual([]);
  });

  test('10 signals of 60 KB go in batches of at most 256 KB', async () => {
    await queue.send(Array.from({ length: 10 }, (_, n) => message(n, { big: 'ä'.repeat(30_000) })));
    expect(batches().map(({ length }) => length)).toEqual([4, 4, 2]);
    for (const entries of batches()) {
      const bytes = entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody!), 0);
      expect(bytes).toBeLessThanOrEqual(256 * 1024);
    }
  });

  test('one of 30 refused: retry, with what SQS said, and the others are handed over', async () => {
    const Failed = [{ Id: '3', Message: 'busy', SenderFault: false, Code: 'InternalError' }];
    sqs.on(SendMessageBatchCommand).resolvesOnce({ Failed }).resolves({});
    await expect(queue.send(messages(30))).rejects.toMatchObject({
      kind: 'retry',
      message: 'SQS refused signals: 1 of 10: busy',
    });
    expect(batches()).toHaveLength(3);
  });

  test('SQS out of reach: retry, with its cause', async () => {
    const cause = new Error('connect ECONNREFUSED');
    sqs.on(SendMessageBatchCommand).rejects(cause);
    await expect(queue.send(messages(1))).rejects.toMatchObject({ kind: 'retry', cause });
  });

  test('of 10,000 signals at most 16 batches are on their way at once', async () => {
    let open = 0;
    let most = 0;
    sqs.on(SendMessageBatchCommand).callsFake(async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
      return {};
    });
    await queue.send(messages(10_000));
    expect(batches()).toHaveLength(1_000);
    expect(most).toBe(16);
  });
});
