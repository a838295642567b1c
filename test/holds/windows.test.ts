import { describe, expect, it } from 'vitest';
import { matchesAlert } from '../../functions/holds/match.ts';
import { occurrencesAt, windowsAt } from '../../functions/holds/windows.ts';
import { defineOperations } from '../../functions/operations/define-operations.ts';
import type { Match, Window } from '../../functions/operations/operations.ts';
import type { MaintenanceInput } from '../../functions/operations/operations-input.ts';
import { sampleAlert, team } from '../support/sample-alert.ts';

const BERLIN = 'Europe/Berlin';

function windowOf(maintenance: MaintenanceInput): Window {
  const responders = { ana: { email: 'ana@example.com' } };
  return defineOperations({ responders, maintenance: [maintenance as MaintenanceInput<never>] }).windows[0]!;
}

/** `open 01:00Z – 03:00Z`, with its dates. */
function tellWindow(window: Window, at: string): string[] {
  const { open, next } = occurrencesAt(window, Date.parse(at));
  const moment = (atMs: number) => new Date(atMs).toISOString().slice(0, 16);
  return [
    ...(open ? [`open ${moment(open.from)} until ${moment(open.until)}`] : []),
    ...(next ? [`next ${moment(next.from)} until ${moment(next.until)}`] : []),
  ];
}

describe('the weekly window, Sundays from 02:00 to 04:00 in Berlin', () => {
  const weekly = windowOf({ zone: BERLIN });

  it.each([
    ['2026-11-28T12:00Z', ['next 2026-11-29T01:00 until 2026-11-29T03:00']],
    ['2026-11-29T00:59:59.999Z', ['next 2026-11-29T01:00 until 2026-11-29T03:00']],
    [
      '2026-11-29T01:00Z',
      ['open 2026-11-29T01:00 until 2026-11-29T03:00', 'next 2026-12-06T01:00 until 2026-12-06T03:00'],
    ],
    [
      '2026-11-29T02:59:59.999Z',
      ['open 2026-11-29T01:00 until 2026-11-29T03:00', 'next 2026-12-06T01:00 until 2026-12-06T03:00'],
    ],
    ['2026-11-29T03:00Z', ['next 2026-12-06T01:00 until 2026-12-06T03:00']],
  ])('at %s is %j', (at, told) => expect(tellWindow(weekly, at)).toEqual(told));

  it('begins at 01:00Z and ends at 02:00Z where the clock is put forward within it: it lasts an hour', () =>
    expect(tellWindow(weekly, '2026-03-29T01:30Z')[0]).toBe('open 2026-03-29T01:00 until 2026-03-29T02:00'));

  it('lasts three hours where the clock is put back within it', () =>
    expect(tellWindow(weekly, '2026-10-25T02:59Z')[0]).toBe('open 2026-10-25T00:00 until 2026-10-25T03:00'));
});

describe('other windows', () => {
  it('from 23:30 to 01:00 belongs to the day on which it begins', () => {
    const window = windowOf({ zone: BERLIN, days: ['tuesday'], from: '23:30', to: '01:00' });
    expect(tellWindow(window, '2026-11-24T23:59Z')).toEqual([
      'open 2026-11-24T22:30 until 2026-11-25T00:00',
      'next 2026-12-01T22:30 until 2026-12-02T00:00',
    ]);
    expect(tellWindow(window, '2026-11-25T00:00Z')).toEqual(['next 2026-12-01T22:30 until 2026-12-02T00:00']);
  });

  it('within the hour that a clock change leaves out does not come that week', () => {
    const window = windowOf({ zone: BERLIN, from: '02:15', to: '02:45' });
    expect(tellWindow(window, '2026-03-23T12:00Z')).toEqual(['next 2026-04-05T00:15 until 2026-04-05T00:45']);
    expect(tellWindow(window, '2026-03-28T12:00Z')).toEqual(['next 2026-04-05T00:15 until 2026-04-05T00:45']);
    expect(tellWindow(window, '2026-03-29T01:00Z')).toEqual(['next 2026-04-05T00:15 until 2026-04-05T00:45']);
  });

  it('of every day at 04:00 for 24 hours less a minute is open, and the next is tomorrow', () => {
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
    const window = windowOf({ zone: 'UTC', days, from: '04:00', to: '03:59' });
    expect(tellWindow(window, '2026-11-25T03:58Z')).toEqual([
      'open 2026-11-24T04:00 until 2026-11-25T03:59',
      'next 2026-11-25T04:00 until 2026-11-26T03:59',
    ]);
  });

  it('once is open once: until 2026-12-25T06:00 in New York', () => {
    const window = windowOf({
      zone: 'America/New_York',
      from: '2026-12-24T20:00',
      until: '2026-12-25T06:00',
    });
    expect(tellWindow(window, '2026-12-01T00:00Z')).toEqual(['next 2026-12-25T01:00 until 2026-12-25T11:00']);
    expect(tellWindow(window, '2026-12-25T10:59Z')).toEqual(['open 2026-12-25T01:00 until 2026-12-25T11:00']);
    expect(tellWindow(window, '2026-12-25T11:00Z')).toEqual([]);
  });
});

describe('windowsAt', () => {
  const at = Date.parse('2026-11-24T14:00Z');
  const once = (id: string, from: number, until: number, more: Partial<Window> = {}): Window =>
    ({
      kind: 'once',
      id,
      hold: 'maintenance',
      match: {},
      reason: `why ${id}`,
      from: at + from,
      until: at + until,
      ...more,
    }) as Window;

  it('joins those that are open: since the first began, until the last ends, by the name of that', () =>
    expect(
      windowsAt(
        { ...team, windows: [once('a', -50, 90), once('b', -80, 10), once('c', -20, 60)] },
        sampleAlert(),
        at,
      ),
    ).toEqual({
      maintenance: { since: at - 80, until: at + 90, window: 'a', name: 'why a' },
    }));

  it('keeps silences apart, and knows the next start of any', () =>
    expect(
      windowsAt(
        { ...team, windows: [once('a', -5, 9, { hold: 'silenced' }), once('b', 30, 40), once('c', 20, 25)] },
        sampleAlert(),
        at,
      ),
    ).toEqual({
      silenced: { since: at - 5, until: at + 9, window: 'a', name: 'why a' },
      nextStart: at + 20,
    }));

  it('leaves out what does not mean the alert', () =>
    expect(
      windowsAt(
        { ...team, windows: [once('a', -5, 9, { match: { service: 'search' } })] },
        sampleAlert(),
        at,
      ),
    ).toEqual({}));
});

describe('matchesAlert', () => {
  const alert = { service: 'checkout', severity: 'critical' as const, labels: { cluster: 'eu-1' } };
  it.each<[Match, boolean]>([
    [{}, true],
    [{ service: 'checkout' }, true],
    [{ service: 'check*' }, true],
    [{ service: 'search' }, false],
    [{ severity: 'warning' }, false],
    [{ severity: 'critical', labels: { cluster: 'eu-?' } }, true],
    [{ labels: { cluster: 'us-*' } }, false],
    [{ labels: { team: '*' } }, false],
    [{ labels: { constructor: '*' } }, false],
    [{ service: 'checkout', severity: 'critical', labels: { cluster: 'us-1' } }, false],
  ])('%j: %s', (match, expected) => expect(matchesAlert(match, alert)).toBe(expected));

  it('of no service matches no service, not even *', () =>
    expect(matchesAlert({ service: '*' }, { severity: 'critical', labels: {} })).toBe(false));
});
