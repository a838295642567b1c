import { describe, expect, it } from 'vitest';
import { readSimulateOptions } from './read-simulate-options.ts';

describe('readSimulateOptions', () => {
  it('reads seeds 0 to 199 of 7 days when nothing is said', () => {
    const { seeds, days, json } = readSimulateOptions({});
    expect([seeds.length, seeds[0], seeds.at(-1), days, json]).toEqual([200, 0, 199, 7, false]);
  });

  it('reads one seed, the greatest included, and days with a fraction', () => {
    expect(readSimulateOptions({ seed: '2147483647', days: '1.5' })).toMatchObject({
      seeds: [2_147_483_647],
      days: 1.5,
    });
  });

  it.each([
    [{ seed: '-1' }, "--seed is '-1': write a whole number from 0 to 2147483647"],
    [{ seed: '2147483648' }, "--seed is '2147483648': write a whole number from 0 to 2147483647"],
    [{ seed: '1.5' }, "--seed is '1.5': write a whole number from 0 to 2147483647"],
    [{ seed: '' }, "--seed is '': write a whole number from 0 to 2147483647"],
    [{ seeds: '0' }, "--seeds is '0': write a whole number from 1 to 100000"],
    [{ seeds: '1e3' }, "--seeds is '1e3': write a whole number from 1 to 100000"],
    [{ days: '0' }, "--days is '0': write a number from 0.1 to 60"],
    [{ days: 'week' }, "--days is 'week': write a number from 0.1 to 60"],
    [{ seed: '3', seeds: '5' }, '--seed and --seeds were both given'],
    [{ workers: '0' }, "--workers is '0': write a whole number from 1 to 64"],
  ])('refuses %o: %s', (given, message) => {
    expect(() => readSimulateOptions(given)).toThrow(message);
  });

  it('refuses what was not asked with a flag', () => {
    expect(() => readSimulateOptions({}, ['7'])).toThrow("'7' was not expected: write --seed 7 for a seed");
  });
});
