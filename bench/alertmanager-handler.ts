/**
 * Intake's bundle under a stream of fresh alerts, as fast as it takes them: what Lambda would bill. AWS is the stub, in
 * another process. Arguments: the bundle, how many alerts. Its parent is sent a `HandlerLoad`.
 */
import type { SQSRecord } from 'aws-lambda';
import { queueRecord } from './alertmanager-alert.ts';

export type HandlerLoad = { cpuS: number; residentMb: number };

type Handler = (event: { Records: SQSRecord[] }, context: object) => Promise<unknown>;

/** As the queue hands them over: ten at a time, to three at once. Source: lib/queue.ts */
const BATCH = 10;
const CONSUMERS = 3;
const WARM_UP = 500;
const CONTEXT = {
  functionName: 'bench',
  functionVersion: '1',
  memoryLimitInMB: '512',
  awsRequestId: 'bench',
};

const [file = '', alerts = '0'] = process.argv.slice(2);
const handler: Handler = (await import(file)).handler;

await handle(0, WARM_UP);
const before = process.cpuUsage();
await handle(WARM_UP, Number(alerts));
const { user, system } = process.cpuUsage(before);
const load: HandlerLoad = {
  cpuS: (user + system) / 1e6,
  residentMb: process.memoryUsage.rss() / 1024 / 1024,
};
process.send?.(load, () => process.exit());

async function handle(from: number, count: number): Promise<void> {
  let next = from;
  const consume = async () => {
    while (next < from + count) {
      const Records = Array.from({ length: Math.min(BATCH, from + count - next) }, () => queueRecord(next++));
      await handler({ Records }, CONTEXT);
    }
  };
  await Promise.all(Array.from({ length: CONSUMERS }, consume));
}
