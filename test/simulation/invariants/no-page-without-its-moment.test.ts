import { describe, expect, it } from 'vitest';
import type { Page } from '../../../functions/alerts/alert.ts';
import type { Run } from '../run.ts';
import { aRun, minute, withAlerts } from './build-run.ts';
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

  it('finds one page more for a moment whose page was dropped', () => {
    const answered = aRun(
      (story) => {
        story.signal(0, 'alarm');
        story.answer(1, 'acknowledge', 'ana');
      },
      { publish: () => 'failed', endMinute: 2 },
    );
    expect(answered.lives[0]!.timeline.map(({ event }) => event)).toContain('page.dropped');
    expect(noPageWithoutItsMoment(answered)).toEqual([]);
    const more = withPages(answered, minute(1), [{ responder: 'ana', owedAt: minute(1) }]);
    expect(noPageWithoutItsMoment(more)[0]!.what).toContain('paged ana by sms for the 2. time');
  });

  it('allows another of the level, of the same moment, for each page that could not be delivered', () => {
    const [eve, fay] = [{ responder: 'eve' }, { responder: 'fay' }];
    expect(noPageWithoutItsMoment(withPages(unanswered, minute(15), [eve], [{}]))).toEqual([]);
    expect(noPageWithoutItsMoment(withPages(unanswered, minute(15), [eve]))).toHaveLength(1);
    expect(noPageWithoutItsMoment(withPages(unanswered, minute(15), [eve, fay], [{}]))).toHaveLength(1);
  });

  it('allows none for one of another level, of another moment, or for the same contact again', () => {
    const eve = { responder: 'eve' };
    expect(noPageWithoutItsMoment(withPages(unanswered, minute(15), [eve], [{ level: 2 }]))).toHaveLength(1);
    const later = { ...eve, owedAt: minute(15) };
    expect(noPageWithoutItsMoment(withPages(unanswered, minute(15), [later], [{}]))).toHaveLength(1);
    const again = { responder: 'ana' };
    expect(noPageWithoutItsMoment(withPages(unanswered, minute(15), [again], [{}]))).toHaveLength(1);
  });

  it('allows the watchers, at once, when nobody of the level is left', () => {
    const watchers = (owedAt: number) =>
      withPages(unanswered, minute(15), [{ responder: 'watchers', channel: 'topic', owedAt }], [{}]);
    expect(noPageWithoutItsMoment(watchers(minute(15)))).toEqual([]);
    expect(noPageWithoutItsMoment(watchers(minute(0)))).toHaveLength(1);
  });
});

/** From the first write of that moment on the alert owes these pages as well, and that write has such pages of Ana's undeliverable. */
function withPages(
  run: Run,
  fromMs: number,
  pages: readonly Partial<Page>[],
  undeliverable: readonly { level?: number }[] = [],
): Run {
  const first = run.writes.find(({ at }) => at >= fromMs)!;
  return withAlerts(run, (alert, write) => {
    if (write.n < first.n) return alert;
    const more = pages.map((page, i) => ({
      ...{ id: `more-${i}`, kind: 'page' as const, level: 1, channel: 'sms' as const },
      ...{ responder: 'ana', status: 'owed' as const, owedAt: minute(0), attempt: 0, ...page },
    }));
    const { version, openedAt } = alert;
    const said = undeliverable.map(({ level = 1 }, i) => ({
      ...{ openedAt, version, n: 90 + i, at: fromMs, event: 'page.undeliverable' as const },
      ...{ level, page: '1', responder: 'ana', channel: 'sms' as const },
    }));
    const isFirst = write.n === first.n;
    return {
      ...alert,
      pages: [...alert.pages, ...more],
      timeline: [...alert.timeline, ...(isFirst ? said : [])],
    };
  });
}
