import { describe, expect, it } from 'vitest';
import { reviewHolds } from '../../functions/alerts/review-holds.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { minutesIn, resolved, sampleAlert, team } from '../support/sample-alert.ts';

const NOW_MS = minutesIn(1);

/** A window that holds everything from that minute until minute 60. */
const withWindow = (from: number): Operations => ({
  ...team,
  windows: [
    {
      kind: 'once',
      id: 'w',
      hold: 'maintenance',
      match: {},
      reason: 'upgrade',
      from: minutesIn(from),
      until: minutesIn(60),
    },
  ],
});

describe('reviewHolds', () => {
  it('leaves a resolved alert alone, and says so', () =>
    expect(reviewHolds(sampleAlert(resolved('ana', 0)), NOW_MS, withWindow(0), 'none')).toEqual({
      kind: 'unchanged',
      reason: 'resolved',
    }));

  it('changes nothing for an alert that is held as before, and due when it was', () =>
    expect(reviewHolds(sampleAlert({ dueAt: minutesIn(15) }), NOW_MS, team, 'none')).toEqual({
      kind: 'unchanged',
      reason: 'held as before',
    }));

  it('takes a window that begins before the alert is due otherwise: it is due then', () => {
    const decision = reviewHolds(sampleAlert({ dueAt: minutesIn(15) }), NOW_MS, withWindow(5), 'none');
    expect(decision).toMatchObject({ kind: 'changed', alert: { holds: {}, dueAt: minutesIn(5) } });
  });

  it('takes a window that holds the alert from now on', () => {
    const decision = reviewHolds(sampleAlert({ dueAt: minutesIn(15) }), NOW_MS, withWindow(1), 'none');
    expect(decision).toMatchObject({ kind: 'changed', alert: { holds: { maintenance: { since: NOW_MS } } } });
  });

  it('takes one alert that explains it in place of another', () => {
    const inhibited = { since: NOW_MS, checkAt: minutesIn(20), by: 'cluster-down' };
    const alert = sampleAlert({ holds: { inhibited }, dueAt: minutesIn(20) });
    const by = (name: string) => reviewHolds(alert, NOW_MS, team, { by: name, since: NOW_MS }).kind;
    expect([by('cluster-down'), by('region-down')]).toEqual(['unchanged', 'changed']);
  });
});
