/** Feeds so many inputs of a seed, each made by its own number, and counts what became of them. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Chance, chanceOf } from './chance.ts';
import { OUTCOMES, type Outcome, type Target } from './target.ts';

/** Caches and compiled code have their size by then. */
const WARM_SHARE = 0.2;

/** One of so many is followed to its messages and pages. */
const FOLLOWED_EACH = 16;

export type Failure = { target: string; number: number; input: unknown; error: unknown };

export type Fuzzed = {
  counts: Map<string, Record<Outcome, number>>;
  failure?: Failure | undefined;
  /** bytes, after a forced cycle: once warm, and at the end */
  heap: { begin: number; end: number };
};

/**
 * Feeds the inputs from number `first`, below number `end`.
 * @param onProgress is told how many were fed, now and then
 */
export async function runFuzz(
  targets: readonly Target[],
  {
    first = 0,
    end,
    seed,
    onProgress = () => {},
  }: { first?: number; end: number; seed: number; onProgress?: (fed: number) => void },
): Promise<Fuzzed> {
  const counts = new Map(targets.map(({ name }) => [name, zero()]));
  const heap = { begin: 0, end: 0 };
  const warmAt = first + Math.floor((end - first) * WARM_SHARE);
  for (let number = first; number < end; number++) {
    if (number === warmAt) heap.begin = heapBytes();
    const { target, input } = inputOf(targets, seed, number);
    try {
      const outcome = await target.feed(input, number % FOLLOWED_EACH === 0);
      counts.get(target.name)![outcome] += 1;
    } catch (error) {
      return { counts, heap, failure: { target: target.name, number, input, error } };
    }
    if (number % 10_000 === 0) onProgress(number - first);
  }
  heap.end = heapBytes();
  return { counts, heap };
}

/** The input of that number: the same whatever came before it. */
export function inputOf(targets: readonly Target[], seed: number, number: number) {
  const chance = chanceOf(Math.imul(seed + 1, 0x9e3779b1) ^ number);
  const target = pickByShare(targets, chance);
  return { target, input: target.make(chance) as unknown };
}

function pickByShare(targets: readonly Target[], chance: Chance): Target {
  let place = chance.whole(targets.reduce((sum, { share }) => sum + share, 0));
  for (const target of targets) {
    if (place < target.share) return target;
    place -= target.share;
  }
  throw new Error('no target has a share');
}

function zero(): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}

/** What is still in use when all else was collected. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
