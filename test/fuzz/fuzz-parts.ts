/** Feeds the inputs of a seed by several processes at once, each a part of them: an input depends on its number only. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Failure, type Fuzzed, runFuzz } from './run-fuzz.ts';
import { OUTCOMES } from './target.ts';
import { TARGETS } from './targets/targets.ts';

const WORKER = fileURLToPath(new URL('fuzz-part.worker.ts', import.meta.url));
const LOADER = ['--import', import.meta.resolve('tsx')];

/** The inputs from number `first`, below number `end`. */
export type Part = { first: number; end: number; seed: number };

type Ended = Omit<Fuzzed, 'failure'> & { failure?: { number: number; told: string } | undefined };
export type FromPart = { fed: number } | Ended;

type Asked = { inputs: number; seed: number; workers: number; onProgress?: (fed: number) => void };

/** @returns as `runFuzz`, of all parts together: the first input that fails, and the heap that grew most */
export async function fuzzInParts({ inputs, seed, workers, onProgress = () => {} }: Asked): Promise<Fuzzed> {
  const count = Math.min(workers, inputs);
  const bound = (n: number) => Math.floor((inputs * n) / count);
  const fed = Array<number>(count).fill(0);
  const parts = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      feedPart({ first: bound(n), end: bound(n + 1), seed }, (so) => {
        fed[n] = so;
        onProgress(fed.reduce((sum, one) => sum + one, 0));
      }),
    ),
  );
  const failures = parts.flatMap(({ failure }) => failure ?? []);
  const [first] = failures.sort((a, b) => a.number - b.number);
  const grewBy = ({ heap }: Ended) => heap.end / heap.begin;
  return {
    counts: addCounts(parts),
    heap: parts.reduce((most, one) => (grewBy(one) > grewBy(most) ? one : most)).heap,
    failure: first && (await failAgain(first, seed)),
  };
}

function feedPart(part: Part, onProgress: (fed: number) => void): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const worker = fork(WORKER, { serialization: 'advanced', execArgv: LOADER });
    worker.on('message', (message: FromPart) => {
      if ('fed' in message) onProgress(message.fed);
      else resolve(message);
    });
    worker.once('exit', (code, signal) => {
      const which = `inputs ${part.first} to ${part.end - 1} of seed ${part.seed}`;
      reject(new Error(`the process that fed ${which} ended with ${signal ?? code}`));
    });
    worker.send(part);
  });
}

function addCounts(parts: readonly Ended[]): Fuzzed['counts'] {
  const added: Fuzzed['counts'] = new Map();
  for (const [name, count] of parts.flatMap(({ counts }) => [...counts])) {
    const sum = added.get(name) ?? { accepted: 0, ignored: 0, refused: 0, kept: 0 };
    for (const outcome of OUTCOMES) sum[outcome] += count[outcome];
    added.set(name, sum);
  }
  return added;
}

/** Here, where it can be looked at and shortened. */
async function failAgain({ number, told }: { number: number; told: string }, seed: number): Promise<Failure> {
  const { failure } = await runFuzz(TARGETS, { first: number, end: number + 1, seed });
  if (failure) return failure;
  throw new Error(`input ${number} of seed ${seed} failed after those before it, and not by itself: ${told}`);
}
