import { describe, expect, it } from 'vitest';
import { aRun, withAlerts } from './build-run.ts';
import { noPageWithoutItsMoment } from './no-page-without-its-moment.ts';

const unanswered = aRun((story) => void story.signal(0, 'alarm'));

describe('noPageWithoutItsMoment', () => {
  it('holds where each page has its level’s moment', () => {
    expect(noPageWithoutItsMoment(unanswered)).toEqual([]);
  });

  it('finds level 2 paged at 14 instead of 15', () => {
    const [life] = unanswered.lives;
    const early = life!.timeline.map((entry) =>
      entry.responder === 'ben' ? { ...entry, at: entry.at - 60_000 } : entry,
    );
    const found = noPageWithoutItsMoment({ ...unanswered, lives: [{ ...life!, timeline: early }] });
    expect(found.map(({ what }) => what)).toHaveLength(2);
    expect(found[0]!.what).toContain('paged ben by sms for the 1. time at 2026-03-02T03:14:00Z');
  });

  it('finds a clock that goes on while the alert is held', () => {
    const flapped = aRun((story) => {
      story.signal(0, 'alarm');
      story.signal(5, 'ok');
      story.signal(9, 'alarm');
    });
    expect(noPageWithoutItsMoment(flapped)).toEqual([]);
    // Held a minute longer than it was: level 2 came a minute too early.
    const longer = withAlerts(flapped, (alert) => alert);
    const writes = longer.writes.map((write) =>
      write.at === flapped.startMs + 9 * 60_000 ? { ...write, at: write.at + 60_000 } : write,
    );
    expect(noPageWithoutItsMoment({ ...longer, writes })[0]!.what).toContain('paged ben by sms');
  });
});
