/** What a run of the fuzzer says: a table, the heap, how time grows, and of a failure the shortest input. */
import { inspect } from 'node:util';
import { GROWTH_MOST, type Growth } from './growth.ts';
import type { Failure, Fuzzed } from './run-fuzz.ts';
import { OUTCOMES } from './target.ts';

/** Of what was in use when all was warm. */
export const HEAP_RATIO_MOST = 1.25;

const MEBIBYTE = 1024 * 1024;

export function renderCounts({ counts }: Fuzzed): string {
  const rows = [...counts].map(([name, count]) => {
    const numbers = OUTCOMES.map((outcome) => count[outcome]);
    return [name, numbers.reduce((sum, one) => sum + one, 0), ...numbers];
  });
  const total = ['all', ...[1, 2, 3, 4, 5].map((n) => rows.reduce((sum, row) => sum + Number(row[n]), 0))];
  return [['target', 'inputs', ...OUTCOMES], ...rows, total]
    .map(([name, ...numbers]) => String(name).padEnd(14) + numbers.map(inColumn).join(''))
    .join('\n');
}

function inColumn(cell: string | number): string {
  return (typeof cell === 'number' ? cell.toLocaleString('en') : cell).padStart(12);
}

export function heapRatio({ heap }: Fuzzed): number {
  return heap.end / heap.begin;
}

export function renderHeap(fuzzed: Fuzzed): string {
  const { begin, end } = fuzzed.heap;
  const sizes = `${(begin / MEBIBYTE).toFixed(1)} MiB once warm, ${(end / MEBIBYTE).toFixed(1)} MiB at the end`;
  return `heap: ${sizes}, ${heapRatio(fuzzed).toFixed(2)} times (at most ${HEAP_RATIO_MOST})`;
}

export function renderGrowth(grown: readonly Growth[]): string {
  const lines = grown.map(({ name, ratio }) => `  ${ratio.toFixed(1).padStart(5)}  ${name}`);
  return [`time of an input 4 times as large (at most ${GROWTH_MOST} times):`, ...lines].join('\n');
}

export function renderFailure({ target, number, error }: Failure, shortest: unknown, seed: number): string {
  return [
    `FAILED: ${target}, input ${number} of seed ${seed}`,
    inspect(error, { depth: 4 }),
    'the shortest input that fails so:',
    inspect(shortest, { depth: null, maxStringLength: 4_000, maxArrayLength: 50, breakLength: 110 }),
    `again: npm run fuzz -- --seed ${seed} --inputs ${number + 1}`,
  ].join('\n');
}
