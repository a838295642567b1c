/** Moments and durations as people read them: UTC, to the minute, with the date only where it is needed. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Further away than this, a time of day alone could be taken for another day's. */
const DATED_BEYOND_MS = 12 * HOUR_MS;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `14:05Z`, or `24 Nov 14:05Z` when that is more than 12 hours from now. */
export function describeMoment(atMs: number, nowMs: number): string {
  const time = `${new Date(atMs).toISOString().slice(11, 16)}Z`;
  return Math.abs(nowMs - atMs) > DATED_BEYOND_MS ? `${describeDay(atMs)} ${time}` : time;
}

/** `24 Nov 2026 14:05Z` */
export function describeDate(atMs: number): string {
  const at = new Date(atMs);
  return `${describeDay(atMs)} ${at.getUTCFullYear()} ${at.toISOString().slice(11, 16)}Z`;
}

/** The two largest units, cut off, not rounded: `40 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function describeDuration(ms: number): string {
  const spanMs = Math.max(0, ms);
  if (spanMs < MINUTE_MS) return `${Math.floor(spanMs / SECOND_MS)} s`;
  if (spanMs < HOUR_MS) return `${Math.floor(spanMs / MINUTE_MS)} min`;
  if (spanMs < DAY_MS) return pair(spanMs, HOUR_MS, 'h', MINUTE_MS, 'min');
  return pair(spanMs, DAY_MS, 'd', HOUR_MS, 'h');
}

/** `12 min ago`, `just now`, `in 3 min` */
export function describeAge(atMs: number, nowMs: number): string {
  const ageMs = nowMs - atMs;
  if (Math.abs(ageMs) < SECOND_MS) return 'just now';
  return ageMs > 0 ? `${describeDuration(ageMs)} ago` : `in ${describeDuration(-ageMs)}`;
}

function describeDay(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
}

function pair(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % largeMs) / smallMs);
  return `${Math.floor(ms / largeMs)} ${large}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}
