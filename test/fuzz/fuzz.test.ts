/** Five thousand hostile inputs; `npm run fuzz` feeds a million. */
import { describe, expect, test } from 'vitest';
import { chanceOf } from './chance.ts';
import { fuzzInParts } from './fuzz-parts.ts';
import { renderCounts, renderFailure } from './fuzz-report.ts';
import { GROWTH_MOST, measureGrowth } from './growth.ts';
import { mutate } from './mutate.ts';
import { readFuzzOptions } from './read-fuzz-options.ts';
import { inputOf, runFuzz } from './run-fuzz.ts';
import { shrinkInput } from './shrink-input.ts';
import { OUTCOMES, promise, type Target } from './target.ts';
import { TARGETS } from './targets/targets.ts';

const SEED = 11;

describe('5,000 hostile inputs', () => {
  test('are each answered or kept, and each target refuses some and takes some', {
    timeout: 240_000,
  }, async () => {
    const fuzzed = await runFuzz(TARGETS, { end: 5_000, seed: SEED });
    const { failure } = fuzzed;
    expect(failure && renderFailure(failure, failure.input, SEED)).toBeUndefined();
    const counts = [...fuzzed.counts.values()];
    expect(counts.flatMap((count) => Object.values(count)).reduce((sum, one) => sum + one, 0)).toBe(5_000);
    expect(counts.filter(({ accepted, refused, kept }) => accepted === 0 || refused + kept === 0)).toEqual(
      [],
    );
    expect(renderCounts(fuzzed)).toMatch(/\nall +5,000 /);
  });

  test('by 3 processes are the same as by 1', async () => {
    const fuzzed = await fuzzInParts({ inputs: 1_000, seed: SEED, workers: 3 });
    expect(fuzzed.failure).toBeUndefined();
    expect(fuzzed.counts).toEqual((await runFuzz(TARGETS, { end: 1_000, seed: SEED })).counts);
  });

  test('of a seed are the same each time, and of another seed others', () => {
    const inputs = (seed: number) =>
      Array.from({ length: 200 }, (_, number) => inputOf(TARGETS.slice(0, 2), seed, number).input);
    expect(inputs(1)).toEqual(inputs(1));
    expect(inputs(1)).not.toEqual(inputs(2));
  });
});

describe('measureGrowth', () => {
  test('no family takes more than 9 times as long when it is 4 times as large', {
    timeout: 240_000,
    // Another process may take the machine for a while; what is quadratic fails each time.
    retry: 3,
  }, async () => {
    const grown = await measureGrowth(TARGETS, 20_000);
    expect(grown.length).toBeGreaterThan(10);
    expect(grown.filter(({ ratio }) => ratio > GROWTH_MOST)).toEqual([]);
  });

  test('finds work that is quadratic', async () => {
    const feed = (size: number) => {
      let sum = 0;
      for (let n = 0; n < size * size; n++) sum += Math.sqrt(n);
      promise(sum >= 0, 'a sum');
      return OUTCOMES[0];
    };
    const target: Target<number> = {
      name: 't',
      share: 1,
      make: () => 1,
      feed,
      families: { square: (n) => n },
    };
    const [growth] = await measureGrowth([target as Target], 3_000);
    expect(growth?.ratio).toBeGreaterThan(GROWTH_MOST);
  });
});

describe('a part that breaks', () => {
  const target: Target<string> = {
    name: 'fragile',
    share: 1,
    make: (chance) => JSON.stringify(mutate({ a: ['x', 1], b: { c: 'y' } }, chance)),
    feed: (text) => {
      promise(!text.includes('__proto__'), 'no prototype');
      return 'accepted';
    },
    families: {},
  };

  test('is told with its input, which is shortened to what breaks it', async () => {
    const { failure } = await runFuzz([target as Target], { end: 5_000, seed: SEED });
    expect(failure).toMatchObject({ target: 'fragile', error: { message: 'broken: no prototype' } });
    const fails = async (text: string) => text.includes('__proto__');
    const shortest = await shrinkInput(failure!.input as string, fails);
    expect(shortest).toBe('__proto__');
    expect(renderFailure(failure!, shortest, SEED)).toContain("'__proto__'");
  });
});

describe('readFuzzOptions', () => {
  test('a million inputs of seed 1 unless told otherwise', () => {
    expect(readFuzzOptions({})).toEqual({ inputs: 1_000_000, seed: 1, workers: 1 });
    expect(readFuzzOptions({ inputs: '5', seed: '0', workers: '3' })).toEqual({
      inputs: 5,
      seed: 0,
      workers: 3,
    });
  });

  test.each(['0', '-1', '1e3', 'many', ''])('--inputs %j is refused with what to write', (inputs) => {
    expect(() => readFuzzOptions({ inputs })).toThrow(`--inputs is '${inputs}': write a whole number from 1`);
  });
});

test('chanceOf picks each of three, and nothing else', () => {
  const chance = chanceOf(SEED);
  const picked = new Set(Array.from({ length: 100 }, () => chance.pick(['a', 'b', 'c'])));
  expect([...picked].sort()).toEqual(['a', 'b', 'c']);
});
