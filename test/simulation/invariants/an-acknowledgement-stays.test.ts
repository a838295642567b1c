import { describe, expect, it } from 'vitest';
import type { GivenAnswer, Run } from '../run.ts';
import { anAcknowledgementStays } from './an-acknowledgement-stays.ts';
import { aRun, minute, withAlerts } from './build-run.ts';

const forgotten = aRun((story) => {
  story.signal(0, 'alarm');
  story.answer(4, 'acknowledge', 'ana');
});

const found = (run: Run) => anAcknowledgementStays(run).map(({ what }) => what);

function answered(run: Run, answer: Partial<GivenAnswer>): Run {
  const given = {
    pressedAt: minute(4),
    at: minute(4),
    by: 'ana',
    action: 'acknowledge',
    alerts: ['alert-1'],
    status: 303,
  };
  return { ...run, answers: [{ ...given, ...answer }] };
}

describe('anAcknowledgementStays', () => {
  it('holds where the answer stands in the alert, and is withdrawn because it was forgotten', () => {
    expect(forgotten.lives[0]!.alert.status).toBe('triggered');
    expect(found(answered(forgotten, {}))).toEqual([]);
  });

  it('finds an answer that was taken and stands nowhere', () => {
    const [only] = found(answered(forgotten, { by: 'ben' }));
    expect(only).toContain('ben pressed acknowledge and was answered 303 at 2026-03-02T03:04:00Z');
    expect(found(answered(forgotten, { at: minute(30) }))).toHaveLength(1);
  });

  it('wants nothing of an answer to a storm where others have been paged since', () => {
    const toLevel2 = aRun((story) => void story.signal(0, 'alarm'));
    const late = { at: minute(20), isStorm: true };
    expect(found(answered(toLevel2, { ...late, by: 'ana' }))).toEqual([]);
    expect(found(answered(toLevel2, { ...late, by: 'ben' }))).toHaveLength(1);
  });

  it('wants nothing of an answer that failed', () => {
    expect(found(answered(forgotten, { by: 'ben', status: 500 }))).toEqual([]);
  });

  it('finds an acknowledgement that is overwritten', () => {
    const acknowledged = aRun((story) => {
      story.signal(0, 'alarm');
      story.answer(4, 'acknowledge', 'ana');
      story.answer(20, 'resolve', 'ana');
    });
    const acknowledging = acknowledged.writes.find(({ at }) => at === minute(4))!;
    const overwritten: Run = {
      ...acknowledged,
      writes: [
        ...acknowledged.writes,
        {
          ...acknowledging,
          n: 900,
          at: minute(4.1),
          before: acknowledging.after,
          after: {
            ...acknowledging.before!,
            version: Number(acknowledging.after!.version) + 1,
            timeline: [],
          },
        },
      ],
    };
    expect(found(acknowledged)).toEqual([]);
    expect(found(overwritten)[0]).toContain('as triggered, without a reason');
  });

  it('finds an acknowledger who changes without a word', () => {
    const changed = withAlerts(forgotten, (alert, { at }) =>
      alert.acknowledgement && at > minute(4)
        ? { ...alert, acknowledgement: { ...alert.acknowledgement, by: 'ben' } }
        : alert,
    );
    expect(found(changed)[0]).toContain('as acknowledged by ben');
  });

  it('finds what was acknowledged in the sender’s own console and is not', () => {
    const signal = { at: minute(2), name: 'cpu', state: 'acknowledge' as const, saidAt: minute(2) };
    const unanswered = aRun((story) => void story.signal(0, 'alarm'));
    expect(found({ ...unanswered, signals: [...unanswered.signals, signal] })).toHaveLength(1);
  });
});
