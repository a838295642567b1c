import { describe, expect, it } from 'vitest';
import { advanceAlert } from '../../functions/alerts/advance-alert.ts';
import { minutesIn, sampleAlert, team } from '../support/sample-alert.ts';

describe('advanceAlert', () => {
  const advanced = (dueAt: number | undefined) => advanceAlert(sampleAlert({ dueAt }), minutesIn(15), team);

  it.each<[string, number | undefined]>([
    ['never', undefined],
    ['a millisecond later', minutesIn(15) + 1],
  ])('changes nothing when the alert is due %s', (_, dueAt) =>
    expect(advanced(dueAt)).toEqual({ kind: 'unchanged', reason: 'not-yet' }),
  );

  it('takes what is due now', () =>
    expect(advanced(minutesIn(15))).toMatchObject({ kind: 'changed', alert: { highestPagedLevel: 2 } }));
});
