import { describe, expect, it } from 'vitest';
import { clock, MINUTE_MS, START_MS, type Story, tell } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

/** `15:00 alert.escalated, level 2, by clock`, one line per entry, in order. */
function timelineOf({ timeline }: Story): string[] {
  return timeline.map(({ at, event, level, responder, channel, by, reason, until }) => {
    const facts = [
      event,
      level && `level ${level}`,
      responder && `${responder} ${channel}`,
      by && `by ${by}`,
      reason,
      until !== undefined && `until ${clock(until)}`,
    ];
    return `${clock(at)} ${facts.filter(Boolean).join(', ')}`;
  });
}

describe('the timeline of an alert', () => {
  it('that nobody answers names each level that it rises to, and not the repeats of the last', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.runTo(90);
    expect(timelineOf(story)).toEqual([
      '0:00 alert.opened, by alarm, Threshold Crossed',
      '0:00 page.sent, level 1, ana sms',
      '0:00 page.sent, level 1, ana email',
      '15:00 alert.escalated, level 2, by clock',
      '15:00 page.sent, level 2, ben sms',
      '15:00 page.sent, level 2, ben email',
      '30:00 alert.escalated, level 3, by clock',
      '30:00 page.sent, level 3, cleo sms',
      '30:00 page.sent, level 3, cleo email',
      '60:00 alert.escalated, level 4, by clock',
      '60:00 page.sent, level 4, dan sms',
      '60:00 page.sent, level 4, dan email',
      '90:00 page.sent, level 4, dan sms',
      '90:00 page.sent, level 4, dan email',
    ]);
  });

  it('escalated by hand names who did it, also where the level stays', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'escalate', 'ana');
    story.runTo(35);
    story.answer(36, 'escalate', 'cli:root');
    story.answer(37, 'escalate', 'cli:root');
    expect(timelineOf(story)).toEqual([
      '0:00 alert.opened, by alarm, Threshold Crossed',
      '0:00 page.sent, level 1, ana sms',
      '0:00 page.sent, level 1, ana email',
      '5:00 alert.escalated, level 2, by ana, by hand',
      '5:00 page.sent, level 2, ben sms',
      '5:00 page.sent, level 2, ben email',
      '20:00 alert.escalated, level 3, by clock',
      '20:00 page.sent, level 3, cleo sms',
      '20:00 page.sent, level 3, cleo email',
      '36:00 alert.escalated, level 4, by cli:root, by hand',
      '36:00 page.sent, level 4, dan sms',
      '36:00 page.sent, level 4, dan email',
      '37:00 alert.escalated, level 4, by cli:root, by hand',
      '37:00 page.sent, level 4, dan sms',
      '37:00 page.sent, level 4, dan email',
    ]);
  });

  it('whose acknowledgement is forgotten names who did not resolve it', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'acknowledge', 'ana');
    story.runTo(80);
    expect(timelineOf(story)).toEqual([
      '0:00 alert.opened, by alarm, Threshold Crossed',
      '0:00 page.sent, level 1, ana sms',
      '0:00 page.sent, level 1, ana email',
      '5:00 alert.acknowledged, by ana',
      '65:00 reminder.sent, level 1, ana sms',
      '65:00 reminder.sent, level 1, ana email',
      '80:00 alert.escalated, level 2, by clock, ana acknowledged and did not resolve',
      '80:00 page.sent, level 2, ben sms',
      '80:00 page.sent, level 2, ben email',
    ]);
  });

  it('says why a level was passed over: one of its people cannot be reached, or it has nobody', () => {
    const unreachable = { sms: 'opted out', email: 'bounced' };
    const responders = { ...fourLevels.responders, ben: { ...fourLevels.responders.ben!, unreachable } };
    const story = tell({ ...fourLevels, responders, levels: [[], ['ben'], ['cleo'], ['dan']] });
    story.signal(0, 'alarm');
    expect(timelineOf(story)).toEqual([
      '0:00 alert.opened, by alarm, Threshold Crossed',
      '0:00 page.undeliverable, level 2, ben sms, opted out',
      '0:00 page.undeliverable, level 2, ben email, bounced',
      '0:00 page.held, level 1, nobody-on-call',
      '0:00 page.held, level 2, nobody-reachable',
      '0:00 page.sent, level 3, cleo sms',
      '0:00 page.sent, level 3, cleo email',
    ]);
  });

  it('that nobody can be told of says so for the level that it pages the watchers for', () => {
    const story = tell({ ...fourLevels, levels: [[], [], [], []] });
    story.signal(0, 'alarm');
    story.runTo(15);
    expect(timelineOf(story)).toEqual([
      '0:00 alert.opened, by alarm, Threshold Crossed',
      '0:00 page.held, level 1, nobody-on-call',
      '0:00 page.sent, level 1, watchers topic',
      '15:00 alert.escalated, level 2, by clock',
      '15:00 page.held, level 2, nobody-on-call',
      '15:00 page.sent, level 2, watchers topic',
    ]);
  });

  it('that recovers, fires anew, repeats, is acknowledged, repeats and resolves', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(1, 'ok');
    story.signal(2, 'alarm');
    story.signal(3, 'alarm');
    story.answer(4, 'acknowledge', 'ben');
    story.signal(5, 'alarm');
    story.signal(6, 'ok');
    story.runTo(20);
    expect(timelineOf(story)).toEqual([
      '0:00 alert.opened, by alarm, Threshold Crossed',
      '0:00 page.sent, level 1, ana sms',
      '0:00 page.sent, level 1, ana email',
      '1:00 alert.held, recovering, until 6:00',
      '2:00 alert.repeated, by alarm, recovering',
      '2:00 alert.released, recovering',
      '3:00 alert.repeated, by alarm, not-yet',
      '4:00 alert.acknowledged, by ben',
      '5:00 alert.repeated, by alarm, acknowledged',
      '6:00 alert.held, recovering, until 11:00',
      '11:00 alert.resolved, by alarm, the alarm is OK again',
      '11:00 notice.sent, level 1, ana email',
    ]);
  });

  it('that is muted, snoozed, explained, in maintenance, and raised in severity', () => {
    const story = tell(fourLevels, { reading: () => ({ state: 'alarm', suppressed: true }) });
    story.signal(0, 'alarm', { severity: 'warning', suppressed: 'a mute rule' });
    story.signal(2, 'alarm', { severity: 'warning' });
    story.answer(3, 'snooze', 'ana', { until: START_MS + 10 * MINUTE_MS, reason: 'vendor' });
    story.runTo(10);
    story.review(11, fourLevels, { by: 'cluster-down', since: START_MS + 11 * MINUTE_MS });
    story.review(12, fourLevels, { by: 'region-down', since: START_MS + 12 * MINUTE_MS });
    story.review(13, fourLevels, 'none');
    story.signal(14, 'alarm', { severity: 'critical' });
    const window = { kind: 'once', id: 'w', hold: 'maintenance', match: {}, reason: 'upgrade' } as const;
    const from = START_MS + 15 * MINUTE_MS;
    story.review(15, { ...fourLevels, windows: [{ ...window, from, until: from + 5 * MINUTE_MS }] });
    story.signal(16, 'alarm', { severity: 'critical' });
    story.answer(17, 'resolve', 'cli:root');
    expect(timelineOf(story)).toEqual([
      '0:00 alert.opened, by alarm, Threshold Crossed',
      '0:00 alert.held, by a mute rule, muted',
      '2:00 alert.repeated, by alarm, muted',
      '2:00 alert.released, muted',
      '2:00 page.sent, level 1, ana email',
      '3:00 alert.snoozed, by ana, vendor, until 10:00',
      '10:00 alert.released, snoozed',
      '10:00 page.sent, level 1, ana email',
      '11:00 alert.held, by cluster-down, inhibited',
      '12:00 alert.held, by region-down, inhibited',
      '13:00 alert.released, inhibited',
      '14:00 alert.repeated, by alarm, not-yet',
      '14:00 alert.severity-raised, critical',
      '14:00 page.sent, level 1, ana sms',
      '14:00 page.sent, level 1, ana email',
      '15:00 alert.held, by upgrade, maintenance, until 20:00',
      '16:00 alert.repeated, by alarm, maintenance',
      '17:00 alert.resolved, by cli:root, resolved by hand',
      '17:00 notice.sent, level 1, ana email',
    ]);
  });

  it('that pages nobody says so as it opens', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { severity: 'info' });
    story.signal(1, 'deleted');
    expect(timelineOf(story)).toEqual([
      '0:00 alert.opened, by alarm, Threshold Crossed',
      '0:00 page.held, not-yet',
      '1:00 alert.resolved, by alarm, the alarm was deleted',
    ]);
  });

  it('tells of a page that waits, fails, is repeated, and is given up', () => {
    const results = ['waiting', 'failed', 'crash', 'undeliverable'] as const;
    let count = 0;
    const story = tell(fourLevels, {
      publish: ({ responder, channel }) =>
        responder === 'ana' && channel === 'sms' ? results[count++ % 4]! : 'sent',
    });
    story.signal(0, 'alarm');
    story.runTo(14);
    expect(timelineOf(story)).toEqual([
      '0:00 alert.opened, by alarm, Threshold Crossed',
      '0:00 page.held, level 1, ana sms, waiting-for-slot',
      '0:00 page.sent, level 1, ana email',
      '10:00 page.retried, level 1, ana sms, no outcome in time',
      '10:00 page.failed, level 1, ana sms, SNS said no, until 10:10',
      '10:40 page.retried, level 1, ana sms, no outcome in time',
      '10:40 page.undeliverable, level 1, ana sms, SNS said no',
    ]);
  });

  it('numbers the entries of each write from 0, under its version', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.signal(1, 'ok');
    expect(story.timeline.map(({ openedAt, version, n }) => [openedAt - START_MS, version, n])).toEqual([
      [0, 1, 0],
      [0, 2, 0],
      [0, 2, 1],
      [0, 3, 0],
    ]);
  });
});
