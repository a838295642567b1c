/** Lengths of time as people type them: `10m`, `90s`, `1h30m`, `0`. */
import { OpsError } from '../functions/shared/errors.ts';

const SECOND_MS = 1_000;
const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const UNITS_MS = [86_400_000, 3_600_000, 60_000, SECOND_MS] as const;

/** Longer than any trace; keeps every moment within what a date can hold. */
const LONGEST_MS = 366 * 86_400_000;

/**
 * Reads a duration.
 * @param option  what it was typed for, named in the message
 * @returns milliseconds
 * @throws OpsError `rejected` when it is none
 */
export function parseDuration(text: string, option: string): number {
  const typed = text.trim();
  if (typed === '0') return 0;
  const parts = typed === '' ? undefined : DURATION.exec(typed)?.slice(1);
  if (!parts) {
    const hint = /^\d+$/.test(typed) ? ` Is it ${typed}s or ${typed}m?` : '';
    throw new OpsError('rejected', `${option}: "${text}" is no duration; write 10m, 90s, 1h30m or 0.${hint}`);
  }
  const ms = parts.reduce((sum, count, i) => sum + Number(count ?? 0) * UNITS_MS[i]!, 0);
  if (ms > LONGEST_MS) throw new OpsError('rejected', `${option}: "${text}" is longer than a year`);
  return ms;
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
