import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../local/aws/schedule-expression.ts';

const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);
const next = (expression: string, after: string) => iso(parseSchedule(expression)(Date.parse(`${after}Z`)));

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
