import { describe, expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { aRun, hitAt, withAlerts } from './build-run.ts';
import { theTimelineExplains } from './the-timeline-explains.ts';

const acknowledged = aRun((story) => {
  story.signal(0, 'alarm');
  story.answer(4, 'acknowledge', 'ana');
  story.answer(20, 'resolve', 'ana');
});

function withTimeline(run: Run, changed: (timeline: Run['lives'][number]['timeline']) => unknown[]): Run {
  return {
    ...run,
    lives: run.lives.map((life) => ({ ...life, timeline: changed(life.timeline) as typeof life.timeline })),
  };
}

describe('theTimelineExplains', () => {
  it('holds where each message has its entry', () => {
    expect(theTimelineExplains(acknowledged)).toEqual([]);
  });

  it('finds a message of which the timeline says nothing', () => {
    const run = withTimeline(acknowledged, (timeline) =>
      timeline.filter(({ event, channel }) => !(event === 'page.sent' && channel === 'sms')),
    );
    expect(theTimelineExplains(run).map(({ what }) => what)[0]).toContain('its timeline says nothing of it');
  });

  it('is content with a retry where the answer was lost', () => {
    const run = withTimeline(acknowledged, (timeline) =>
      timeline.map((entry) =>
        entry.event === 'page.sent' && entry.channel === 'sms'
          ? { ...entry, event: 'page.dropped', at: entry.at + 31_000, reason: 'acknowledged' }
          : entry,
      ),
    );
    const about = (one: Run) =>
      theTimelineExplains(one).filter(({ what }) => what.includes('its timeline says nothing'));
    expect(about(run)).toHaveLength(1);
    expect(about({ ...run, hits: [hitAt(0, 'crash-after')] })).toEqual([]);
  });

  it('finds a page that the timeline calls sent and nobody was sent: a bundle that drops its last alert', () => {
    const [first, ...others] = acknowledged.publishes;
    const run = { ...acknowledged, publishes: [{ ...first!, alerts: [] }, ...others] };
    expect(theTimelineExplains(run)[0]!.what).toContain('no message of that moment told them of it');
  });

  it('finds a page that never ended', () => {
    const run = withAlerts(acknowledged, (alert) => ({
      ...alert,
      pages: alert.pages.map((page) =>
        page.channel === 'email' && page.status === 'sent' ? { ...page, status: 'sending' } : page,
      ),
    }));
    expect(theTimelineExplains(run)[0]!.what).toContain('never ended');
  });
});
