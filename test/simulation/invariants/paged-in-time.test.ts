import { describe, expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { aRun, hitAt, minute } from './build-run.ts';
import { pagedInTime } from './paged-in-time.ts';

const unanswered = aRun((story) => void story.signal(0, 'alarm'));

/** The run in which level 2 was told so many minutes later, or never. */
function levelTwoLater(run: Run, minutes: number): Run {
  return {
    ...run,
    publishes: run.publishes.flatMap((publish) => {
      if (publish.responder !== 'ben') return [publish];
      const at = publish.at + minutes * 60_000;
      return Number.isFinite(at) ? [{ ...publish, at, takenAt: at }] : [];
    }),
  };
}

const found = (run: Run) => pagedInTime(run).map(({ what }) => what);

describe('pagedInTime', () => {
  it('holds where level 2 is told within 5 s of minute 15', () => {
    expect(found(levelTwoLater(unanswered, 4 / 60))).toEqual([]);
  });

  it('finds level 2 told 6 s late on both channels, and says when it had to be', () => {
    const [first, ...others] = found(levelTwoLater(unanswered, 0.1));
    expect(others).toHaveLength(1);
    expect(first).toBe(
      'alert cpu (alert-1, opened 2026-03-02T03:00:00Z) owed level 2 (critical, by clock) to ben by sms at ' +
        '2026-03-02T03:15:00Z; SNS had to have it by 2026-03-02T03:15:05Z, and had it at 2026-03-02T03:15:06Z',
    );
  });

  it('finds level 2 never told', () => {
    expect(found(levelTwoLater(unanswered, Number.NaN))[0]).toContain('and had it never');
  });

  it('allows 3 min from a fault near the moment, a crash too, and no second more', () => {
    for (const fault of ['fail-before', 'crash-before'] as const) {
      const withFault = (minutes: number): Run => ({
        ...levelTwoLater(unanswered, minutes),
        hits: [hitAt(15, fault)],
      });
      expect(found(withFault(3))).toEqual([]);
      expect(found(withFault(3.02))).toHaveLength(2);
    }
  });

  it('is not excused by a fault of ten minutes before', () => {
    const run = { ...levelTwoLater(unanswered, 1), hits: [hitAt(5, 'fail-before')] };
    expect(found(run)).toHaveLength(2);
  });

  it('waits for the slot: a message to Ben at 14:30 keeps the page until 15:30', () => {
    const busy = (run: Run): Run => ({
      ...run,
      publishes: [
        ...run.publishes,
        {
          ...run.publishes[0]!,
          n: 999,
          at: minute(14.5),
          takenAt: minute(14.5),
          responder: 'ben',
          alerts: [],
        },
      ],
    });
    const late = (minutes: number) => found(busy(levelTwoLater(unanswered, minutes)));
    expect(late(0.5).filter((what) => what.includes('ben by sms'))).toEqual([]);
    expect(late(0.6).filter((what) => what.includes('ben by sms'))).toHaveLength(1);
  });

  it('wants nobody told of a level whose moment an answer has overtaken', () => {
    const acknowledged = aRun((story) => {
      story.signal(0, 'alarm');
      story.answer(15, 'acknowledge', 'ana');
      story.answer(20, 'resolve', 'ana');
    });
    expect(found(levelTwoLater(acknowledged, Number.NaN))).toEqual([]);
  });

  it('finds a level that the clock owes after a recovery and that nobody was told of', () => {
    const flapped = aRun((story) => {
      story.signal(0, 'alarm');
      story.signal(10, 'ok');
      story.signal(14, 'alarm');
    });
    expect(found(flapped)).toEqual([]);
    expect(found(levelTwoLater(flapped, Number.NaN))[0]).toContain('at 2026-03-02T03:19:00Z');
  });
});
