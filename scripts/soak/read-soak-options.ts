/** What `npm run soak` is asked for, checked. */
import { parseDuration } from '../../cli/duration.ts';

/** At its end all that happened lies in memory. */
const MINUTES_MOST = 240;
/** More than one process of the local world carries. */
const RATE_MOST = 100;
/** A world needs 10 s to start, and its backlog half a minute. */
const KILL_EVERY_LEAST_MS = 60_000;

/** `killEveryMs`: 0 for never */
export type SoakOptions = { minutes: number; rate: number; killEveryMs: number };

type Given = { minutes?: string; rate?: string; killEvery?: string };

/**
 * @param given  the options as they were written, with their defaults
 * @param rest   what else was written
 * @throws Error that says what was received and what to write
 */
export function readSoakOptions(given: Given, rest: readonly string[] = []): SoakOptions {
  if (rest.length > 0)
    throw new Error(
      `'${rest.join(' ')}' was not expected: write --minutes ${rest[0]} for a number of minutes`,
    );
  const { minutes = '60', rate = '50', killEvery = '5m' } = given;
  return {
    minutes: wholeNumber('--minutes', minutes, MINUTES_MOST),
    rate: wholeNumber('--rate', rate, RATE_MOST),
    killEveryMs: killInterval(killEvery),
  };
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new Error(`${option} is '${text}': write a whole number from 1 to ${most}`);
}

function killInterval(text: string): number {
  const ms = parseDuration(text, '--kill-every');
  if (ms === 0 || ms >= KILL_EVERY_LEAST_MS) return ms;
  throw new Error(`--kill-every is '${text}': write 1m or more, or 0 for never`);
}
