/**
 * `npm run fuzz`: hostile inputs to all that takes what others send. No crash, no unbounded time or memory, each answered
 * or kept. Exits with 1 when that is broken, and with 2 when it was asked for something that there is not.
 */
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { fuzzInParts } from './fuzz-parts.ts';
import {
  HEAP_RATIO_MOST,
  heapRatio,
  renderCounts,
  renderFailure,
  renderGrowth,
  renderHeap,
} from './fuzz-report.ts';
import { GROWTH_MOST, measureGrowth } from './growth.ts';
import { type FuzzOptions, readFuzzOptions } from './read-fuzz-options.ts';
import type { Failure } from './run-fuzz.ts';
import { shrinkInput } from './shrink-input.ts';
import { TARGETS } from './targets/targets.ts';

/** Of the smaller input of a family. Below a thousand names V8 keeps objects in another way, and times jump. */
const FAMILY_SIZE = 20_000;

const program = new Command('npm run fuzz --')
  .description('Hostile inputs to intake, webhooks, links and operations.ts. Nothing leaves the machine.')
  .option('--inputs <count>', 'how many', '1000000')
  .option('--seed <n>', 'the same seed makes the same inputs', '1')
  .option('--workers <count>', 'how many are fed side by side', String(availableParallelism()))
  .allowExcessArguments()
  .showHelpAfterError('Write --help to see the options that there are.')
  .exitOverride();

// Each SDK client would print how long it supports Node.js 20, in each process.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const options = readOptions();
if (options) process.exitCode = await fuzz(options);

function readOptions(): FuzzOptions | undefined {
  try {
    return readFuzzOptions(program.parse().opts(), program.args);
  } catch (error) {
    const { exitCode = 2, message } = error as { exitCode?: number; message: string };
    // Help is no mistake, and commander has said its own already.
    if (!('exitCode' in (error as object))) process.stderr.write(`fuzz: ${message}\n`);
    process.exitCode = exitCode === 0 ? 0 : 2;
    return undefined;
  }
}

async function fuzz({ inputs, seed, workers }: FuzzOptions): Promise<number> {
  const startedAt = performance.now();
  const onProgress = (fed: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${fed.toLocaleString('en')} `);
  };
  const fuzzed = await fuzzInParts({ inputs, seed, workers, onProgress });
  say(renderCounts(fuzzed));
  if (fuzzed.failure) {
    say(renderFailure(fuzzed.failure, await shorten(fuzzed.failure), seed));
    return 1;
  }
  const grown = await measureGrowth(TARGETS, FAMILY_SIZE);
  say(renderHeap(fuzzed));
  say(renderGrowth(grown));
  say(`seed ${seed}, ${Math.round((performance.now() - startedAt) / 1_000)} s, ${workers} side by side`);
  const isFlat = heapRatio(fuzzed) <= HEAP_RATIO_MOST;
  const isBounded = grown.every(({ ratio }) => ratio <= GROWTH_MOST);
  if (!isFlat) say('FAILED: what was fed stays in memory');
  if (!isBounded) say('FAILED: the time of an input grows faster than its size');
  return isFlat && isBounded ? 0 : 1;
}

function shorten({ target: name, input, error }: Failure): Promise<unknown> {
  const target = TARGETS.find((one) => one.name === name)!;
  return shrinkInput(input, async (smaller) => {
    try {
      await target.feed(smaller, true);
      return false;
    } catch (thrown) {
      return messageOf(thrown) === messageOf(error);
    }
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
