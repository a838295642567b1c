import { describe, expect, it } from 'vitest';
import type { WaitingRow } from '../../functions/paging/slot.ts';
import {
  countStorm,
  describeStorm,
  describeUnlisted,
  STORM_ROWS_MOST,
  worstFirst,
} from '../../functions/paging/storm.ts';
import { OPENED_AT } from '../support/sample-alert.ts';

const row = (n: number, changes: Partial<WaitingRow> = {}): WaitingRow => ({
  sk: `waiting#${n}`,
  alertId: `alert-${n}`,
  pageId: '1',
  attempt: 1,
  owedAt: OPENED_AT + n,
  isNotice: false,
  severity: 'warning',
  service: 'search',
  ...changes,
});

describe('worstFirst', () => {
  it('has pages before notices, critical before warning, and then the longest owed', () => {
    const rows = [
      row(1, { isNotice: true, severity: 'critical' }),
      row(3),
      row(2),
      row(5, { severity: 'critical' }),
      row(4, { severity: undefined }),
    ];
    expect(worstFirst(rows).map(({ sk }) => sk)).toEqual([4, 5, 2, 3, 1].map((n) => `waiting#${n}`));
  });
});

describe('countStorm', () => {
  it.each([
    ['search', 'checkout', 'api'],
    ['api', 'checkout', 'search'],
    ['checkout', 'search', 'api'],
  ])('has services of the same number by name, whatever came first: %s, %s, %s', (...names) => {
    const { services } = countStorm(names.map((service, n) => row(n, { service })));
    expect(services.map(({ service }) => service)).toEqual(['api', 'checkout', 'search']);
  });

  it('counts by service, the most first, and says how bad the worst is', () => {
    const rows = [
      row(1),
      row(2, { service: 'checkout', severity: 'critical' }),
      row(3),
      row(4, { service: undefined }),
    ];
    const storm = countStorm(rows);
    expect(storm).toEqual({
      severity: 'critical',
      alerts: 4,
      services: [
        { service: 'search', alerts: 2 },
        { service: 'checkout', alerts: 1 },
      ],
    });
    expect(describeStorm(storm)).toBe('4 alerts: search 2, checkout 1, no service 1');
  });

  it('counts an alert once that has a page and a reminder waiting', () => {
    expect(countStorm([row(1), row(1, { pageId: '2' })]).alerts).toBe(1);
  });

  it('says just how many when no alert has a service', () => {
    const rows = [1, 2].map((n) => row(n, { service: undefined }));
    expect(describeStorm(countStorm(rows))).toBe('2 alerts');
  });

  it('names 20 of 25 services, and counts the others together', () => {
    const rows = Array.from({ length: 50 }, (_, n) => row(n, { service: `service-${n % 25}` }));
    const storm = countStorm(rows);
    expect(storm.services).toHaveLength(20);
    expect(describeStorm(storm)).toMatch(/, other 10$/);
  });

  it('stops counting at 20,000', () => {
    const rows = Array.from({ length: STORM_ROWS_MOST + 1 }, (_, n) => row(n));
    expect(describeStorm(countStorm(rows))).toBe('20,000+ alerts: search 20,000');
  });
});

describe('describeUnlisted', () => {
  const storm = { severity: 'critical' as const, alerts: 9_950, services: [] };

  it.each<[string | undefined, number, boolean, boolean]>([
    ['9,900 more: `tocsin alerts` lists them', 50, false, false],
    ['9,900+ more: `tocsin alerts` lists them', 50, true, false],
    ['9,900 more: `tocsin alerts --all` lists them', 50, false, true],
    ['1 more: `tocsin alerts` lists them', 9_949, false, false],
    [undefined, 9_950, false, false],
  ])('is %s where %d of 9,950 are listed', (expected, listed, isMore, isOver) =>
    expect(describeUnlisted({ ...storm, isMore }, listed, isOver)).toBe(expected),
  );
});
