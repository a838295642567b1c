/**
 * Runs the tick over two tables in turn, in one process, so that what disturbs one disturbs the other.
 * Arguments: the tick's bundle, the table with few open alerts, the one with many. Its parent is sent `TickTimings`.
 */
import { monotonicMs } from './figure.ts';

/** Milliseconds of each invocation. */
export type TickTimings = { fewMs: number[]; manyMs: number[] };

type Handler = (event: object, context: object) => Promise<unknown>;

const WARM_UP_ROUNDS = 50;
const ROUNDS = 200;
const CONTEXT = { functionName: 'tick', functionVersion: '1', memoryLimitInMB: '512', awsRequestId: 'bench' };

const [file = '', fewTable = '', manyTable = ''] = process.argv.slice(2);
const few = await load(fewTable);
const many = await load(manyTable);
const timings: TickTimings = { fewMs: [], manyMs: [] };

for (let round = 0; round < WARM_UP_ROUNDS; round++) for (const tick of [few, many]) await time(tick);
for (let round = 0; round < ROUNDS; round++) {
  // Each goes first as often as the other.
  if (round % 2 === 0) timings.fewMs.push(await time(few));
  timings.manyMs.push(await time(many));
  if (round % 2 === 1) timings.fewMs.push(await time(few));
}
process.send?.(timings, () => process.exit());

/** A bundle reads its environment once, when it loads. */
async function load(tableName: string): Promise<Handler> {
  process.env.TABLE_NAME = tableName;
  return (await import(`${file}?table=${tableName}`)).handler;
}

async function time(tick: Handler): Promise<number> {
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  const startedMs = monotonicMs();
  await tick({}, CONTEXT);
  return monotonicMs() - startedMs;
}
