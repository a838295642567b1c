/**
 * Hands fresh alarms to two handlers in turn, in one process, so that what disturbs one disturbs the other.
 * Arguments: the stub's address, intake's bundle, the bare handler's. Its parent is sent the `Timings` of each.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { alarmEvent } from '../test/support/cloudwatch-events.ts';
import type { Arrival } from './aws-stub.ts';
import { monotonicMs } from './figure.ts';

/** Milliseconds from the invocation until the first and the last page arrive, one of each per alarm. */
export type Timings = { firstMs: number[]; lastMs: number[] };

type Handler = (event: { Records: SQSRecord[] }, context: object) => Promise<unknown>;

/** So many that V8 has compiled what it will compile. */
const WARM_UP_ROUNDS = 300;
const ROUNDS = 1_000;

/** Two pages: the SMS and the email of the one who is on call at level 1. */
const PAGES = 2;
const REST_MS = 2;
const CONTEXT = {
  functionName: 'bench',
  functionVersion: '1',
  memoryLimitInMB: '512',
  awsRequestId: 'bench',
};

const [stub = '', intakeFile = '', bareFile = ''] = process.argv.slice(2);
const intake: Handler = (await import(intakeFile)).handler;
const bare: Handler = (await import(bareFile)).handler;
const timings = { intake: noTimings(), bare: noTimings() };
let alarms = 0;

for (let round = 0; round < WARM_UP_ROUNDS; round++) {
  compareCalls(await callsOf(intake), await callsOf(bare));
}
for (let round = 0; round < ROUNDS; round++) {
  // Each goes first as often as the other.
  const turns = round % 2 === 0 ? (['intake', 'bare'] as const) : (['bare', 'intake'] as const);
  for (const turn of turns) await time(turn === 'intake' ? intake : bare, timings[turn]);
}
process.send?.(timings, () => process.exit());

async function time(handler: Handler, { firstMs, lastMs }: Timings): Promise<void> {
  const { startedMs, arrivals } = await handleFreshAlarm(handler);
  const published = arrivals.filter(({ call }) => call === 'Publish').map(({ atMs }) => atMs - startedMs);
  if (published.length !== PAGES) throw new Error(`${published.length} pages were published, not ${PAGES}`);
  firstMs.push(published[0]!);
  lastMs.push(published.at(-1)!);
}

/** The calls up to the first page, in the order of their names: those made side by side arrive in any. */
async function callsOf(handler: Handler): Promise<string> {
  const { arrivals } = await handleFreshAlarm(handler);
  const calls = arrivals.map(({ call }) => call);
  return calls.slice(0, calls.indexOf('Publish')).sort().join(' ');
}

function compareCalls(ofIntake: string, ofBare: string): void {
  if (ofIntake === ofBare) return;
  throw new Error(
    `before its first page intake calls ${ofIntake}, the bare handler ${ofBare}: align the latter`,
  );
}

async function handleFreshAlarm(handler: Handler): Promise<{ startedMs: number; arrivals: Arrival[] }> {
  const event = { Records: [recordOf(alarms++)] };
  // Garbage of one must not be collected at the cost of the other.
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  await pause(REST_MS);
  const startedMs = monotonicMs();
  await handler(event, CONTEXT);
  const arrivals = (await (await fetch(`${stub}/arrivals`)).json()) as Arrival[];
  return { startedMs, arrivals };
}

function recordOf(alarm: number): SQSRecord {
  return {
    messageId: `message-${alarm}`,
    receiptHandle: `receipt-${alarm}`,
    body: JSON.stringify(alarmEvent({ alarmName: `checkout-errors-${alarm}`, at: Date.now() })),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Date.now()),
      SenderId: 'bench',
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:tocsin-intake',
    awsRegion: 'eu-west-1',
  };
}

function noTimings(): Timings {
  return { firstMs: [], lastMs: [] };
}
