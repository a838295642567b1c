import { describe, expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { aRun, minute } from './build-run.ts';
import { forgottenInTime } from './forgotten-in-time.ts';

const forgotten = aRun(
  (story) => {
    story.signal(0, 'alarm');
    story.answer(4, 'acknowledge', 'ana');
  },
  { endMinute: 100 },
);

const found = (run: Run) => forgottenInTime(run).map(({ what }) => what);

describe('forgottenInTime', () => {
  it('holds where Ana is reminded at 64 and level 2 is paged at 79', () => {
    expect(forgotten.publishes.map(({ at }) => at)).toEqual([0, 0, 64, 64, 79, 79, 94, 94].map(minute));
    expect(found(forgotten)).toEqual([]);
  });

  it('finds a reminder that was never sent', () => {
    const publishes = forgotten.publishes.filter(({ at, channel }) => at !== minute(64) || channel !== 'sms');
    expect(found({ ...forgotten, publishes })).toEqual([
      'alert cpu (alert-1, opened 2026-03-02T03:00:00Z) was acknowledged by ana at 2026-03-02T03:04:00Z and not ' +
        'resolved; the reminder to ana by sms, owed at 2026-03-02T04:04:00Z, was not published by 2026-03-02T04:04:05Z',
    ]);
  });

  it('finds an alert that stays acknowledged after its reminder', () => {
    const writes = forgotten.writes.filter(({ at }) => at < minute(79));
    expect(found({ ...forgotten, writes })[0]).toContain('it had to escalate 15 min after the reminder');
  });

  it('begins anew with each acknowledgement, and ends with a resolve', () => {
    const again = aRun((story) => {
      story.signal(0, 'alarm');
      story.answer(4, 'acknowledge', 'ana');
      story.answer(50, 'acknowledge', 'ben');
      story.answer(90, 'resolve', 'ben');
    });
    expect(found({ ...again, publishes: [] })).toEqual([]);
  });
});
