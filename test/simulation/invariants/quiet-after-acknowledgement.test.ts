import { describe, expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { aRun, minute } from './build-run.ts';
import { quietAfterAcknowledgement } from './quiet-after-acknowledgement.ts';

const acknowledged = aRun((story) => {
  story.signal(0, 'alarm');
  story.answer(4, 'acknowledge', 'ana');
  story.answer(20, 'resolve', 'ana');
});

/** Ana's first message once more, so many minutes after the alert opened. */
function again(run: Run, minutes: number): Run {
  const late = { ...run.publishes[0]!, n: 999, at: minute(minutes), takenAt: minute(minutes) };
  return { ...run, publishes: [...run.publishes, late] };
}

describe('quietAfterAcknowledgement', () => {
  it('holds while a page begins its publish within 30 s of the acknowledgement', () => {
    expect(quietAfterAcknowledgement(again(acknowledged, 4.5))).toEqual([]);
  });

  it('finds one that begins 31 s after it', () => {
    const [only] = quietAfterAcknowledgement(again(acknowledged, 4 + 31 / 60));
    expect(only!.what).toContain('was acknowledged at 2026-03-02T03:04:00Z');
    expect(only!.what).toContain('began its publish 31.0 s later');
  });

  it('finds one after a resolve, and after a snooze', () => {
    expect(quietAfterAcknowledgement(again(acknowledged, 25))[0]!.what).toContain('was resolved');
    const snoozed = aRun((story) => {
      story.signal(0, 'alarm');
      story.answer(5, 'snooze', 'ana', { until: minute(60) });
    });
    expect(quietAfterAcknowledgement(again(snoozed, 10))[0]!.what).toContain('was snoozed');
  });

  it('leaves reminders, notices, and what is owed once it is forgotten alone', () => {
    const forgotten = aRun((story) => {
      story.signal(0, 'alarm');
      story.answer(4, 'acknowledge', 'ana');
      story.answer(200, 'resolve', 'ana');
    });
    expect(forgotten.publishes.length).toBeGreaterThan(acknowledged.publishes.length);
    expect(quietAfterAcknowledgement(forgotten)).toEqual([]);
  });

  it('leaves what was asked for by hand during a snooze alone', () => {
    const byHand = aRun((story) => {
      story.signal(0, 'alarm');
      story.answer(5, 'snooze', 'ana', { until: minute(60) });
      story.answer(20, 'escalate', 'ana');
    });
    expect(byHand.publishes.filter(({ at }) => at === minute(20))).toHaveLength(2);
    expect(quietAfterAcknowledgement(byHand)).toEqual([]);
  });
});
