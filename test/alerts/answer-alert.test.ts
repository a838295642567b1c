import { describe, expect, it } from 'vitest';
import { type Alert, isUnanswered } from '../../functions/alerts/alert.ts';
import { type Answer, answerAlert, type Snooze } from '../../functions/alerts/answer-alert.ts';
import { acknowledged, minutesIn, OPENED_AT, resolved, sampleAlert, team } from '../support/sample-alert.ts';

const snoozed: Partial<Alert> = {
  holds: { snoozed: { since: OPENED_AT, until: minutesIn(60), by: 'ana' } },
};

const answered = (before: Partial<Alert>, answer: Answer, by: string, minute: number, snooze?: Snooze) =>
  answerAlert(sampleAlert(before), answer, by, minutesIn(minute), team, snooze);

describe('an answer after ana acknowledged', () => {
  const before = acknowledged('ana', 0);

  it('that is the same press within a minute changes nothing, and says so', () =>
    expect(answered(before, 'acknowledge', 'ana', 0.99)).toEqual({
      kind: 'unchanged',
      reason: 'acknowledged a moment ago',
    }));

  it.each<[string, Answer, string, number]>([
    ['a minute later', 'acknowledge', 'ana', 1],
    ['by somebody else', 'acknowledge', 'ben', 0.5],
    ['of another kind', 'resolve', 'ana', 0.5],
  ])('%s counts', (_, answer, by, minute) =>
    expect(answered(before, answer, by, minute).kind).toBe('changed'),
  );

  it('keeps who was first, and when; the reminder is counted from the latest', () =>
    expect(answered(before, 'acknowledge', 'ben', 2)).toMatchObject({
      alert: {
        acknowledgement: {
          firstBy: 'ana',
          firstAt: OPENED_AT,
          by: 'ben',
          at: minutesIn(2),
          remindAt: minutesIn(62),
        },
      },
    }));
});

describe('a snooze', () => {
  it('without an end is a mistake of the caller, and named so', () =>
    expect(() => answered({}, 'snooze', 'ana', 0)).toThrow('a snooze without an end'));

  it('that is the same press within a minute changes nothing, and says so', () =>
    expect(answered(snoozed, 'snooze', 'ana', 0.99, { until: minutesIn(60.99) })).toEqual({
      kind: 'unchanged',
      reason: 'snoozed a moment ago',
    }));

  it.each<[string, string, number, number]>([
    ['a minute later', 'ana', 1, 60.5],
    ['much later, with nearly the same end', 'ana', 20, 60.5],
    ['by somebody else', 'ben', 0.5, 60.5],
    ['with an end a minute later', 'ana', 0.5, 61],
    ['with an end much later', 'ana', 0.5, 120],
  ])('%s takes the place of the one before', (_, by, minute, until) =>
    expect(answered(snoozed, 'snooze', by, minute, { until: minutesIn(until) })).toMatchObject({
      alert: { holds: { snoozed: { by, since: minutesIn(minute), until: minutesIn(until) } } },
    }),
  );
});

describe('isUnanswered', () => {
  it.each<[string, Partial<Alert>, boolean]>([
    ['triggered', {}, true],
    ['triggered and snoozed', snoozed, false],
    ['acknowledged', acknowledged('ana', 0), false],
    ['resolved', resolved('ana', 0), false],
  ])('%s', (_, alert, expected) => expect(isUnanswered(sampleAlert(alert))).toBe(expected));
});
