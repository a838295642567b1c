import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../local/aws/schedule-expression.ts';

const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);
const next = (expression: string, after: string, zone?: string) =>
  iso(parseSchedule(expression, zone)(Date.parse(`${after}Z`)));

describe('parseSchedule', () => {
  it.each([
    ['rate(1 minute)', '2026-01-05T03:00', '2026-01-05T03:01'],
    ['rate(5 minutes)', '2026-01-05T03:02', '2026-01-05T03:05'],
    ['rate(1 hour)', '2026-01-05T03:59', '2026-01-05T04:00'],
    ['cron(0 8 * * ? *)', '2026-01-05T08:00', '2026-01-06T08:00'],
    ['cron(0 2 ? * SUN *)', '2026-01-05T03:00', '2026-01-11T02:00'],
    ['cron(30 6 ? * MON-FRI *)', '2026-01-09T07:00', '2026-01-12T06:30'],
    ['cron(0/20 9,17 1 * ? *)', '2026-01-01T09:40', '2026-01-01T17:00'],
    ['cron(0 0 29 FEB ? *)', '2026-01-01T00:00', '2028-02-29T00:00'],
  ])('%s fires after %s at %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it.each([
    ['08:00 in Berlin in winter', 'cron(0 8 * * ? *)', '2026-01-05T03:00', '2026-01-05T07:00'],
    ['08:00 in Berlin in summer', 'cron(0 8 * * ? *)', '2026-07-05T03:00', '2026-07-05T06:00'],
    ['Monday in Berlin, still Sunday in UTC', 'cron(30 0 ? * MON *)', '2026-01-05T00:00', '2026-01-11T23:30'],
    ['02:30, which the spring does not have', 'cron(30 2 * * ? *)', '2026-03-28T02:00', '2026-03-30T00:30'],
    ['02:30, which the autumn has twice', 'cron(30 2 * * ? *)', '2026-10-24T01:00', '2026-10-25T00:30'],
    ['02:30, after the first of them', 'cron(30 2 * * ? *)', '2026-10-25T00:30', '2026-10-26T01:30'],
    ['a day of 24 hours, though the clocks change', 'rate(1 day)', '2026-10-25T00:00', '2026-10-26T00:00'],
  ])('by the clocks of a zone: %s', (_, expression, after, expected) => {
    expect(next(expression, after, 'Europe/Berlin')).toBe(expected);
  });

  it('knows no zone of that name', () => {
    expect(() => next('cron(0 8 * * ? *)', '2026-01-01T00:00', 'Europe/Berln')).toThrow(
      'there is no time zone Europe/Berln',
    );
  });

  it('is never due in a year that is over', () => {
    expect(next('cron(0 0 1 1 ? 2020)', '2026-01-01T00:00')).toBeUndefined();
  });

  it.each(['at(2026-01-01T00:00:00)', 'cron(0 8 L * ? *)', 'rate(1 week)'])(
    'names %s, which it does not know',
    (expression) => {
      expect(() => parseSchedule(expression)).toThrow('not supported locally');
    },
  );
});
