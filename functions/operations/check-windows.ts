/** What is wrong with maintenance windows: zones, times, and what a weekly and a single window may say. */
import { asRecord } from './declared-names.ts';
import { type Mistake, showFound } from './mistakes.ts';
import { nearest } from './nearest.ts';

/** As `Date` counts them. */
export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;

export const ANY_ZONE = "an IANA time zone, as in 'Europe/Berlin'";

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/;

/** A window with `until`, or whose `from` has a date, is open once; any other each week. */
export function isOnce(window: Record<string, unknown>): boolean {
  return window.until !== undefined || (typeof window.from === 'string' && window.from.includes('T'));
}

export function checkWindow(input: unknown): Mistake[] {
  const window = asRecord(input);
  return isOnce(window) ? checkOnce(window) : checkWeekly(window);
}

function checkOnce({ from, until, to, days }: Record<string, unknown>): Mistake[] {
  const ends = Object.entries({ from, until }).filter(([, end]) => !isDateTime(end));
  const weekly = Object.entries({ to, days }).filter(([, value]) => value !== undefined);
  const isReversed = ends.length === 0 && String(until) <= String(from);
  return [
    ...ends.map(([key, end]) => mistake(key, end, "a date and time that exist, as in '2026-12-24T20:00'")),
    ...weekly.map(([key, value]) =>
      mistake(key, value, 'nothing: a window with `until`, or a date in `from`, is open once'),
    ),
    ...(isReversed ? [mistake('until', until, `a time after ${showFound(from)}`)] : []),
  ];
}

function checkWeekly({ from, to, days }: Record<string, unknown>): Mistake[] {
  const times = Object.entries({ from, to }).filter(
    ([, time]) => typeof time === 'string' && !TIME.test(time),
  );
  const listed = Array.isArray(days) ? days : [];
  const repeated = listed.findIndex((day, index) => listed.indexOf(day) < index);
  const neverEnds = new Set(listed).size === WEEKDAYS.length && from !== undefined && from === to;
  return [
    ...times.map(([key, time]) => mistake(key, time, "a time of day, as in '02:00'")),
    ...(repeated < 0
      ? []
      : [
          { path: ['days', repeated], found: `${showFound(listed[repeated])} again`, write: 'each one once' },
        ]),
    ...(neverEnds ? [mistake('to', to, 'another time than `from`: a window of all days must end')] : []),
  ];
}

/** Each is known by its name. */
export function checkSeveralWindows(windows: unknown): Mistake[] {
  const names = (Array.isArray(windows) ? windows : []).map((window) => asRecord(window).name);
  return names.flatMap((name, index) =>
    name === undefined || names.indexOf(name) === index
      ? []
      : { path: [index, 'name'], found: `${showFound(name)} again`, write: 'each name once' },
  );
}

/** Intl takes offsets as well, which know no summer time. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

/** What to write instead of a zone that does not exist: the one with that city, or the nearest name. */
export function zoneToWrite(written: string): string {
  const zones = Intl.supportedValuesOf('timeZone');
  const city = written.split('/').at(-1)!.replaceAll(' ', '_').toLowerCase();
  const near =
    city && (zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? nearest(written, zones));
  return near ? `'${near}', the nearest of the IANA time zones` : ANY_ZONE;
}

/** A day that a calendar has: `Date` takes the 31st of February for the 3rd of March. */
function isDateTime(value: unknown): boolean {
  if (typeof value !== 'string' || !DATE_TIME.test(value)) return false;
  const at = new Date(`${value}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

function mistake(key: string, found: unknown, write: string): Mistake {
  return { path: [key], found: showFound(found), write };
}
