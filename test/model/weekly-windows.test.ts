import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windowsAt } from '../../functions/holds/windows.ts';
import type { Window } from '../../functions/operations/operations.ts';
import { fourLevels } from '../support/teams.ts';
import { MODEL_RUNS } from './model-runs.ts';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

type Weekly = { zone: string; days: number[]; from: number; minutes: number };

const weekly: fc.Arbitrary<Weekly> = fc.record({
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'),
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
  /** in minutes of the day */
  from: fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15),
  minutes: fc.integer({ min: 1, max: 92 }).map((quarters) => quarters * 15),
});

/** Any quarter of an hour of four years. */
const moment = fc.integer({ min: 0, max: 4 * 365 * 96 }).map((n) => Date.UTC(2025, 0, 1) + n * QUARTER_MS);

/** Whoever stands before a clock in the zone and has the calendar beside it. */
function isOpenByTheClock({ zone, days, from, minutes }: Weekly, atMs: number): boolean {
  const { weekday, minute } = clockIn(zone, atMs);
  const startedToday = days.includes(weekday) && from <= minute && minute < from + minutes;
  const startedYesterday = days.includes((weekday + 6) % 7) && minute + 24 * 60 < from + minutes;
  return startedToday || startedYesterday;
}

function clockIn(zone: string, atMs: number): { weekday: number; minute: number } {
  const shown = Object.fromEntries(formatIn(zone).map(({ type, value }) => [type, value]));
  function formatIn(timeZone: string) {
    formats[timeZone] ??= new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    return formats[timeZone].formatToParts(atMs);
  }
  return {
    weekday: WEEKDAYS.indexOf(shown.weekday!),
    minute: Number(shown.hour) * 60 + Number(shown.minute),
  };
}
const formats: Record<string, Intl.DateTimeFormat> = {};

/** Between two changes of the clocks: what these do to a window is told case by case in wall-time.test.ts. */
function isWithoutClockChange(zone: string, atMs: number): boolean {
  const week = Array.from({ length: 11 }, (_, n) => clockIn(zone, atMs + (n - 2) * DAY_MS).minute);
  return new Set(week).size === 1;
}

it('a weekly window is open when a clock and a calendar in its zone say so, and begins next when they do', () => {
  let wasOpen = 0;
  const property = fc.property(weekly, moment, (window, nowMs) => {
    fc.pre(isWithoutClockChange(window.zone, nowMs));
    const { maintenance, nextStart } = windowsAt(operationsWith(window), anyAlert, nowMs);
    const isOpen = isOpenByTheClock(window, nowMs);
    expect({ isOpen: maintenance !== undefined }).toEqual({ isOpen });
    expect({ nextStart }).toEqual({ nextStart: nextStartByTheClock(window, nowMs) });
    if (!maintenance) return;
    wasOpen += 1;
    expect(maintenance.until - maintenance.since).toBe(window.minutes * MINUTE_MS);
    expect(clockIn(window.zone, maintenance.since).minute).toBe(window.from);
    expect(maintenance.since <= nowMs && nowMs < maintenance.until).toBe(true);
  });
  fc.assert(property, MODEL_RUNS);
  expect(wasOpen).toBeGreaterThan(50);
});

/** The next quarter of an hour at which the clock shows its beginning, on one of its days. */
function nextStartByTheClock({ zone, days, from }: Weekly, nowMs: number): number {
  const step = Array.from({ length: 8 * 96 }, (_, n) => nowMs + (n + 1) * QUARTER_MS);
  return step.find((atMs) => {
    const { weekday, minute } = clockIn(zone, atMs);
    return minute === from && days.includes(weekday);
  })!;
}

const anyAlert = { service: undefined, severity: 'critical', labels: {} } as const;

function operationsWith({ zone, days, from, minutes }: Weekly) {
  const to = (from + minutes) % (24 * 60);
  const times = { from: timeOf(from), to: timeOf(to) };
  const window: Window = {
    kind: 'weekly',
    id: 'w',
    hold: 'maintenance',
    match: {},
    reason: 'w',
    zone,
    days,
    ...times,
  };
  return { ...fourLevels, windows: [window] };
}

function timeOf(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
