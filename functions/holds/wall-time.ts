/** Times as a clock on the wall shows them in a zone, as moments: also where a clock change repeats or leaves out an hour. */
import { tzOffset } from '@date-fns/tz/tzOffset';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** `month` from 1; a day beyond its month's end is one of the next month, as in `Date.UTC`. */
export type WallTime = { year: number; month: number; day: number; hour: number; minute: number };

/**
 * The moment at which a clock in the zone shows that time.
 * A time that does not exist moves forward to the next that does; of a repeated one the first counts.
 * @param zone  an IANA zone: `Europe/Berlin`
 * @returns epoch milliseconds
 * Source: aws-facts, On-call time
 */
export function momentOf(zone: string, { year, month, day, hour, minute }: WallTime): number {
  const shown = Date.UTC(year, month - 1, day, hour, minute);
  const offsets = [offsetMs(zone, shown - DAY_MS), offsetMs(zone, shown + DAY_MS)];
  const moments = offsets.map((offset) => shown - offset).filter((at) => at + offsetMs(zone, at) === shown);
  return moments.length > 0 ? Math.min(...moments) : clockChange(zone, shown, offsets);
}

/** The day of the month and of the week (0 is Sunday) that a calendar in the zone shows at a moment. */
export function dayOf(
  zone: string,
  atMs: number,
): { year: number; month: number; day: number; weekday: number } {
  const shown = new Date(atMs + offsetMs(zone, atMs));
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    weekday: shown.getUTCDay(),
  };
}

/** The clock is put forward past the time: the moment of that, to the minute. */
function clockChange(zone: string, shown: number, offsets: number[]): number {
  const before = offsets[0]!;
  let early = shown - Math.max(...offsets);
  let late = shown - Math.min(...offsets);
  while (late - early > MINUTE_MS) {
    const middle = early + Math.floor((late - early) / MINUTE_MS / 2) * MINUTE_MS;
    if (offsetMs(zone, middle) === before) early = middle;
    else late = middle;
  }
  return late;
}

function offsetMs(zone: string, atMs: number): number {
  return tzOffset(zone, new Date(atMs)) * MINUTE_MS;
}
