/** What `npm run simulate` is asked for, checked. */

/** A seed is a whole number of 31 bits. */
export const SEED_MOST = 2 ** 31 - 1;
const SEEDS_MOST = 100_000;
const DAYS_MOST = 60;
const WORKERS_MOST = 64;

export type SimulateOptions = { seeds: number[]; days: number; workers: number; json: boolean };

type Given = { seeds?: string; seed?: string; days?: string; workers?: string; json?: boolean };

/**
 * @param given  the options as they were written, with their defaults
 * @param rest   what else was written
 * @throws Error that says what was received and what to write
 */
export function readSimulateOptions(given: Given, rest: readonly string[] = []): SimulateOptions {
  if (rest.length > 0)
    throw new Error(`'${rest.join(' ')}' was not expected: write --seed ${rest[0]} for a seed`);
  const { seeds = '200', seed, days = '7', workers = '2', json = false } = given;
  if (seed !== undefined && given.seeds !== undefined)
    throw new Error(
      '--seed and --seeds were both given: write --seed for one story, --seeds for the first ones',
    );
  const count = wholeNumber('--seeds', seeds, 1, SEEDS_MOST);
  return {
    seeds:
      seed === undefined
        ? Array.from({ length: count }, (_, n) => n)
        : [wholeNumber('--seed', seed, 0, SEED_MOST)],
    days: number('--days', days, DAYS_MOST),
    workers: wholeNumber('--workers', workers, 1, WORKERS_MOST),
    json,
  };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option} is '${text}': write a whole number from ${least} to ${most}`);
}

/** A story shorter than an hour has no room for what follows an alarm. */
function number(option: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= 0.1 && value <= most) return value;
  throw new Error(`${option} is '${text}': write a number from 0.1 to ${most}`);
}
