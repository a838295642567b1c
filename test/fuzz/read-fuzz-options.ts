/** What `npm run fuzz` is asked for, checked. */
import { SEED_MOST } from '../simulation/read-simulate-options.ts';

const INPUTS_MOST = 1_000_000_000;
const WORKERS_MOST = 64;

export type FuzzOptions = { inputs: number; seed: number; workers: number };

/**
 * @param given  the options as they were written, with their defaults
 * @param rest   what else was written
 * @throws Error that says what was received and what to write
 */
export function readFuzzOptions(
  given: { inputs?: string; seed?: string; workers?: string },
  rest: readonly string[] = [],
): FuzzOptions {
  if (rest.length > 0)
    throw new Error(`'${rest.join(' ')}' was not expected: write --inputs ${rest[0]} for a number`);
  const { inputs = '1000000', seed = '1', workers = '1' } = given;
  return {
    inputs: wholeNumber('--inputs', inputs, 1, INPUTS_MOST),
    seed: wholeNumber('--seed', seed, 0, SEED_MOST),
    workers: wholeNumber('--workers', workers, 1, WORKERS_MOST),
  };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option} is '${text}': write a whole number from ${least} to ${most}`);
}
