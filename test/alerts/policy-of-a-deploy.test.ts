import { describe, expect, it } from 'vitest';
import { advanceAlert } from '../../functions/alerts/advance-alert.ts';
import type { Alert } from '../../functions/alerts/alert.ts';
import type { Decision } from '../../functions/alerts/alert-draft.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { acknowledged, minutesIn, OPENED_AT, sampleAlert, team } from '../support/sample-alert.ts';

/** A deploy has taken every step from the policy of critical alerts. */
const emptied: Operations = {
  ...team,
  escalation: { ...team.escalation, critical: { ...team.escalation.critical, steps: [] } },
};

function alertOf(decision: Decision): Alert {
  if (decision.kind === 'unchanged') throw new Error(decision.reason);
  return decision.alert;
}

describe('an alert whose policy a deploy has emptied', () => {
  it('pages nobody at the moment that it waited for, and waits for none after it', () => {
    const alert = sampleAlert({ dueAt: minutesIn(15), pages: [] });
    const after = alertOf(advanceAlert(alert, minutesIn(15), emptied));
    expect(after).toMatchObject({ status: 'triggered', next: null, pages: [], timeline: [] });
    expect(after.dueAt).toBeUndefined();
  });

  it('is triggered again when its acknowledgement is forgotten, and pages nobody', () => {
    const { acknowledgement, ...more } = acknowledged('ana', 5);
    const forgotten = { ...acknowledgement!, remindAt: null, forgottenAt: minutesIn(80) };
    const alert = sampleAlert({ ...more, acknowledgement: forgotten, dueAt: minutesIn(80), pages: [] });
    const after = alertOf(advanceAlert(alert, minutesIn(80), emptied));
    expect(after).toMatchObject({ status: 'triggered', pages: [] });
    expect(after.timeline.map(({ event }) => event)).toEqual([]);
  });
});

describe('an acknowledged alert that does not say by whom', () => {
  it('is left alone', () => {
    const alert = sampleAlert({ status: 'acknowledged', dueAt: OPENED_AT, pages: [], next: null });
    expect(alertOf(advanceAlert(alert, minutesIn(100), team))).toMatchObject({
      status: 'acknowledged',
      pages: [],
    });
  });
});
