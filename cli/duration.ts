/** Lengths of time as people type them: `10m`, `90s`, `1h30m`, `0`. */
import { MINUTES_MOST } from '../functions/console/commands.ts';
import { OpsError } from '../functions/shared/errors.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const UNITS_MS = [86_400_000, 3_600_000, MINUTE_MS, SECOND_MS] as const;

/** Longer than any trace; keeps every moment within what a date can hold. */
const LONGEST_MS = 366 * 86_400_000;

/** With its zone: an operator's machine and the alerts are seldom in the same one. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads a duration.
 * @param option  what it was typed for, named in the message
 * @returns milliseconds
 * @throws OpsError `rejected` when it is none
 */
export function parseDuration(text: string, option: string): number {
  const ms = readDuration(text, option, 'write 10m, 90s, 1h30m or 0');
  if (ms > LONGEST_MS) throw new OpsError('rejected', `${option}: "${text}" is longer than a year`);
  return ms;
}

/**
 * Reads how long something is held.
 * @returns whole minutes
 * @throws OpsError `rejected` when it is not from a minute to 30 days
 */
export function parseMinutes(text: string, option: string): number {
  const ask = 'write 1m to 30d, such as 2h or 1h30m';
  const minutes = Math.ceil(readDuration(text, option, ask) / MINUTE_MS);
  if (minutes >= 1 && minutes <= MINUTES_MOST) return minutes;
  throw new OpsError('rejected', `${option}: "${text}" is too ${minutes < 1 ? 'short' : 'long'}; ${ask}`);
}

/**
 * Reads a moment: ISO 8601 with its zone, or how long from now.
 * @returns epoch milliseconds
 * @throws OpsError `rejected` when it is neither
 */
export function parseMoment(text: string, option: string, nowMs: number): number {
  const typed = text.trim();
  if (DURATION.test(typed)) return nowMs + parseDuration(typed, option);
  const atMs = MOMENT.test(typed) ? Date.parse(typed) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new OpsError(
    'rejected',
    `${option}: "${text}" is no moment; write 2026-11-24T22:00Z, 2026-11-24T23:00+01:00, or 30m for so long from now`,
  );
}

/**
 * Reads a period as CloudWatch has it: whole seconds.
 * @returns milliseconds
 * @throws OpsError `rejected` when it is not from 1 s to one day
 */
export function parsePeriod(text: string): number {
  const seconds = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  if (seconds < 1 || seconds > 86_400) {
    throw new OpsError(
      'rejected',
      `--period: "${text}" is no period; write whole seconds, 1 to 86400, such as 300`,
    );
  }
  return seconds * SECOND_MS;
}

/** @param ask  what to write instead, where it is told that this is none */
function readDuration(text: string, option: string, ask: string): number {
  const typed = text.trim();
  if (typed === '0') return 0;
  const parts = typed === '' ? undefined : DURATION.exec(typed)?.slice(1);
  if (parts) return parts.reduce((sum, count, i) => sum + Number(count ?? 0) * UNITS_MS[i]!, 0);
  const hint = /^\d+$/.test(typed) ? ` Is it ${typed}s or ${typed}m?` : '';
  throw new OpsError('rejected', `${option}: "${text}" is no duration; ${ask}.${hint}`);
}
