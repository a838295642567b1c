import { describe, expect, it } from 'vitest';
import { recheckAt } from '../../functions/holds/inhibition.ts';
import type { Operations, Window } from '../../functions/operations/operations.ts';
import { MINUTE_MS, START_MS, type Story, tell } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

/** fourLevels, with a window from minute to minute. */
function within(from: number, until: number, more: Partial<Window> = {}): Operations {
  const window: Window = {
    kind: 'once',
    id: 'weekly',
    hold: 'maintenance',
    match: {},
    reason: 'weekly',
    from: START_MS + from * MINUTE_MS,
    until: START_MS + until * MINUTE_MS,
    ...more,
  } as Window;
  return { ...fourLevels, windows: [window] };
}

const HOLDS = ['maintenance', 'silenced'] as const;

/** `10: alert.held maintenance`, of what is not a message. */
function holdsOf(story: Story): string[] {
  return story.timeline
    .filter(({ event }) => event === 'alert.held' || event === 'alert.released' || event === 'page.dropped')
    .map(({ at, event, reason }) => `${(at - START_MS) / MINUTE_MS}: ${event} ${reason}`);
}

const snoozeTo = (minute: number) => ({ until: START_MS + minute * MINUTE_MS, reason: 'vendor at work' });

describe.each(HOLDS)('%s', (hold) => {
  const window = (from: number, until: number) => within(from, until, { hold });

  it('pages nobody for an alert that opens within it, and level 1 at its end, marked with the hold', () => {
    const story = tell(window(0, 60));
    story.signal(10, 'alarm');
    story.runTo(59);
    expect(story.sent()).toEqual([]);
    expect(story.alert).toMatchObject({
      holds: { [hold]: { since: START_MS, until: START_MS + 60 * MINUTE_MS, window: 'weekly' } },
      dueAt: START_MS + 60 * MINUTE_MS,
    });
    story.runTo(75);
    expect(story.sent()).toEqual([
      '60: level 1 ana sms',
      '60: level 1 ana email',
      '75: level 2 ben sms',
      '75: level 2 ben email',
    ]);
    expect(story.alert?.pages.map(({ level, after }) => [level, after])).toEqual([
      [1, hold],
      [1, hold],
      [2, undefined],
      [2, undefined],
    ]);
    expect(holdsOf(story)).toEqual([`10: alert.held ${hold}`, `60: alert.released ${hold}`]);
  });

  it('stops the clock of an alert that opened before: level 2 comes 5 minutes after its end, 10 having run', () => {
    const story = tell(window(10, 60));
    story.signal(0, 'alarm');
    story.runTo(64);
    expect(story.sent()).toHaveLength(2);
    story.runTo(65);
    expect(story.sent().slice(2)).toEqual(['65: level 2 ben sms', '65: level 2 ben email']);
    expect(story.alert?.pages.at(-1)?.after).toBeUndefined();
  });

  it('stops the clock where it began, when that is noticed 4 minutes later', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.review(14, window(10, 60));
    story.runTo(65);
    expect(story.sent().slice(2)).toEqual(['65: level 2 ben sms', '65: level 2 ben email']);
  });

  it('keeps level 2 waiting whose moment had come before it, and sends it at its end', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    // Minute 15 passes without anybody looking.
    story.review(14.99, within(15, 60, { hold }));
    story.runTo(61);
    expect(story.sent().slice(2)).toEqual(['60: level 2 ben sms', '60: level 2 ben email']);
    expect(story.alert?.pages.at(-1)?.after).toBe(hold);
  });

  it('does not page at its end what was acknowledged within it, and reminds at 70', () => {
    const story = tell(window(0, 60));
    story.signal(5, 'alarm');
    story.answer(10, 'acknowledge', 'ana');
    story.runTo(85);
    expect(story.sent()).toEqual([
      '70: reminder ana sms',
      '70: reminder ana email',
      '85: level 1 ana sms',
      '85: level 1 ana email',
    ]);
    expect(story.alert?.status).toBe('triggered');
  });

  it('keeps the reminder of an acknowledgement back until its end', () => {
    const story = tell(window(30, 90));
    story.signal(0, 'alarm');
    story.answer(5, 'acknowledge', 'ana');
    story.runTo(100);
    expect(story.sent().slice(2)).toEqual(['90: reminder ana sms', '90: reminder ana email']);
    expect(story.alert?.status).toBe('acknowledged');
  });

  it('does not page at its end what resolved within it', () => {
    const story = tell(window(0, 60));
    story.signal(5, 'alarm');
    story.signal(20, 'ok');
    story.runTo(120);
    expect(story.sent()).toEqual([]);
    expect(story.alert).toMatchObject({ status: 'resolved', resolution: { at: START_MS + 25 * MINUTE_MS } });
  });

  it('does not page at its end what recovers then; an ALARM within the quiet time pages level 1', () => {
    const story = tell(window(0, 60));
    story.signal(5, 'alarm');
    story.signal(58, 'ok');
    story.runTo(61);
    expect(story.sent()).toEqual([]);
    story.signal(62, 'alarm');
    expect(story.sent()).toEqual(['62: level 1 ana sms', '62: level 1 ana email']);
  });

  it('ended by an OK at its last instant pages nobody', () => {
    const story = tell(window(0, 60));
    story.signal(5, 'alarm');
    story.signal(60, 'ok');
    story.runTo(120);
    expect(story.sent()).toEqual([]);
  });

  it('acknowledged at its last instant pages nobody', () => {
    const story = tell(window(0, 60));
    story.signal(5, 'alarm');
    story.answer(60, 'acknowledge', 'ana');
    story.runTo(100);
    expect(story.sent()).toEqual([]);
    expect(story.alert?.status).toBe('acknowledged');
  });

  it('holds again what recovered and fires anew within it', () => {
    const story = tell(window(10, 60));
    story.signal(0, 'alarm');
    story.signal(12, 'ok');
    story.signal(15, 'alarm');
    story.runTo(65);
    expect(story.sent().slice(2)).toEqual(['65: level 2 ben sms', '65: level 2 ben email']);
  });

  it('publishes what a hand escalates, stays, and starts at level 1 at its end', () => {
    const story = tell(window(0, 60));
    story.signal(5, 'alarm');
    story.answer(10, 'escalate', 'ana');
    story.answer(20, 'escalate', 'ana');
    expect(story.alert?.holds[hold]).toBeDefined();
    story.runTo(60);
    expect(story.sent()).toEqual([
      '10: level 1 ana sms',
      '10: level 1 ana email',
      '20: level 2 ben sms',
      '20: level 2 ben email',
      '60: level 1 ana sms',
      '60: level 1 ana email',
    ]);
  });

  it('takes an acknowledged alert back to triggered when a hand escalates, and pages at its end', () => {
    const story = tell(window(10, 60));
    story.signal(0, 'alarm');
    story.answer(5, 'acknowledge', 'ana');
    story.answer(20, 'escalate', 'ana');
    story.runTo(75);
    // By hand the clock jumped to minute 15 of its own; level 3 comes 15 after the window.
    expect(story.sent().slice(2)).toEqual([
      '20: level 2 ben sms',
      '20: level 2 ben email',
      '75: level 3 cleo sms',
      '75: level 3 cleo email',
    ]);
  });

  it('stays when the severity rises within it, acknowledged or not: level 1 of the new policy at its end', () => {
    const story = tell(window(10, 60));
    story.signal(0, 'alarm', { severity: 'warning' });
    story.answer(5, 'acknowledge', 'ana');
    story.signal(20, 'alarm', { severity: 'critical' });
    story.runTo(59);
    expect(story.sent()).toEqual(['0: level 1 ana email']);
    story.runTo(75);
    expect(story.sent().slice(1)).toEqual([
      '60: level 1 ana sms',
      '60: level 1 ana email',
      '75: level 2 ben sms',
      '75: level 2 ben email',
    ]);
  });

  it('that is extended while it holds lasts until its new end', () => {
    const story = tell(window(0, 60));
    story.signal(5, 'alarm');
    story.review(50, window(0, 90));
    story.runTo(89);
    expect(story.sent()).toEqual([]);
    story.runTo(90);
    expect(story.sent()).toEqual(['90: level 1 ana sms', '90: level 1 ana email']);
  });

  it('that is called off ends at once', () => {
    const story = tell(window(0, 60));
    story.signal(5, 'alarm');
    story.review(30, fourLevels);
    expect(story.sent()).toEqual(['30: level 1 ana sms', '30: level 1 ana email']);
  });

  it('pages nobody for info, within it or after, and is never due', () => {
    const story = tell(window(0, 60));
    story.signal(5, 'alarm', { severity: 'info' });
    expect(story.alert?.dueAt).toBeUndefined();
  });

  it('with a label that the alert does not have holds nothing', () => {
    const story = tell(within(0, 60, { hold, match: { labels: { cluster: '*' } } }));
    story.signal(5, 'alarm');
    expect(story.sent()).toHaveLength(2);
  });

  it('holds by the labels of the latest signal', () => {
    const story = tell(within(0, 60, { hold, match: { labels: { cluster: 'eu-*' } } }));
    story.signal(5, 'alarm', { labels: { cluster: 'us-1' } });
    expect(story.sent()).toHaveLength(2);
    story.signal(6, 'alarm', { labels: { cluster: 'eu-1' } });
    expect(story.alert?.holds[hold]).toBeDefined();
    story.signal(7, 'alarm', { labels: { cluster: 'us-1' } });
    expect(story.alert?.holds[hold]).toBeUndefined();
  });

  it('of warnings ends for an alert that becomes critical, and it is paged', () => {
    const story = tell(within(0, 60, { hold, match: { severity: 'warning' } }));
    story.signal(5, 'alarm', { severity: 'warning' });
    expect(story.sent()).toEqual([]);
    story.signal(10, 'alarm', { severity: 'critical' });
    story.runTo(25);
    expect(story.sent()).toEqual([
      '10: level 1 ana sms',
      '10: level 1 ana email',
      '25: level 2 ben sms',
      '25: level 2 ben email',
    ]);
  });

  it('keeps back a page that failed before it began, and sends it at its end', () => {
    let refusals = 1;
    const story = tell(window(0.05, 60), {
      publish: ({ channel }) => (channel === 'sms' && refusals-- > 0 ? 'failed' : 'sent'),
    });
    story.signal(0, 'alarm');
    story.runTo(59);
    expect(story.sent()).toEqual(['0: level 1 ana email']);
    story.runTo(60);
    expect(story.sent()).toEqual(['0: level 1 ana email', '60: level 1 ana sms']);
  });
});

describe('one hold after or over another', () => {
  const both = (maintenanceTo: number, silencedTo: number): Operations => ({
    ...fourLevels,
    windows: [
      ...within(0, maintenanceTo).windows,
      ...within(0, silencedTo, { hold: 'silenced', id: 'a1b2c3', reason: 'known' }).windows,
    ],
  });

  it.each([
    [60, 30],
    [30, 60],
  ])('maintenance until %d and a silence until %d: level 1 at 60', (maintenanceTo, silencedTo) => {
    const story = tell(both(maintenanceTo, silencedTo));
    story.signal(5, 'alarm');
    story.runTo(60);
    expect(story.sent()).toEqual(['60: level 1 ana sms', '60: level 1 ana email']);
  });

  it('two windows that touch at 30 are one hold until 60', () => {
    const story = tell({ ...fourLevels, windows: [...within(0, 30).windows, ...within(30, 60).windows] });
    story.signal(5, 'alarm');
    story.runTo(60);
    expect(holdsOf(story)).toEqual([
      '5: alert.held maintenance',
      '30: alert.held maintenance',
      '60: alert.released maintenance',
    ]);
    expect(story.sent()).toEqual(['60: level 1 ana sms', '60: level 1 ana email']);
  });

  it('a muted alarm that is unmuted within maintenance is paged at the end of that', () => {
    const story = tell(within(0, 60), { reading: () => ({ state: 'alarm', suppressed: true }) });
    story.signal(5, 'alarm', { suppressed: 'by a mute rule' });
    story.signal(20, 'alarm');
    story.runTo(60);
    expect(story.sent()).toEqual(['60: level 1 ana sms', '60: level 1 ana email']);
  });

  it('maintenance that ends before the mute does pages nobody until the alarm is unmuted', () => {
    const story = tell(within(0, 30), { reading: () => ({ state: 'alarm', suppressed: true }) });
    story.signal(5, 'alarm', { suppressed: 'by a mute rule' });
    story.runTo(49);
    expect(story.sent()).toEqual([]);
    story.signal(50, 'alarm');
    expect(story.sent()).toEqual(['50: level 1 ana sms', '50: level 1 ana email']);
    expect(story.alert?.pages[0]?.after).toBe('muted');
  });

  it('a snooze that ends within maintenance starts over at level 1 when that ends', () => {
    const story = tell(within(20, 60));
    story.signal(0, 'alarm');
    story.runTo(16);
    story.answer(17, 'snooze', 'ana', snoozeTo(40));
    story.runTo(60);
    expect(story.sent().slice(4)).toEqual(['60: level 1 ana sms', '60: level 1 ana email']);
  });

  it('maintenance that ends within a snooze pages nobody until the snooze ends', () => {
    const story = tell(within(0, 30));
    story.signal(5, 'alarm');
    story.answer(10, 'snooze', 'ana', snoozeTo(50));
    story.runTo(49);
    expect(story.sent()).toEqual([]);
    story.runTo(50);
    expect(story.sent()).toEqual(['50: level 1 ana sms', '50: level 1 ana email']);
    expect(story.alert?.pages[0]?.after).toBe('snoozed');
  });
});

describe('a snooze', () => {
  it('until 60 pages nobody until then, and starts over at level 1', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.runTo(16);
    story.answer(17, 'snooze', 'ana', snoozeTo(60));
    story.runTo(75);
    expect(story.sent().slice(4)).toEqual([
      '60: level 1 ana sms',
      '60: level 1 ana email',
      '75: level 2 ben sms',
      '75: level 2 ben email',
    ]);
    expect(story.timeline.find(({ event }) => event === 'alert.snoozed')).toMatchObject({
      by: 'ana',
      reason: 'vendor at work',
      until: START_MS + 60 * MINUTE_MS,
    });
  });

  it('withdraws an acknowledgement, and its reminder', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'acknowledge', 'ana');
    story.answer(6, 'snooze', 'ben', snoozeTo(120));
    expect(story.alert).toMatchObject({ status: 'triggered', holds: { snoozed: { by: 'ben' } } });
    expect(story.alert?.acknowledgement).toBeUndefined();
    story.runTo(119);
    expect(story.sent()).toHaveLength(2);
  });

  it('is ended by an acknowledgement, which stays when its time comes', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'snooze', 'ana', snoozeTo(30));
    story.answer(10, 'acknowledge', 'ana');
    expect(story.alert?.holds.snoozed).toBeUndefined();
    story.runTo(60);
    expect(story.alert?.status).toBe('acknowledged');
    expect(story.sent()).toHaveLength(2);
  });

  it('drops a page that waits for its slot, with the reason snoozed', () => {
    let taken = true;
    const story = tell(fourLevels, {
      publish: ({ channel }) => (channel === 'sms' && taken ? 'waiting' : 'sent'),
    });
    story.signal(0, 'alarm');
    story.answer(1, 'snooze', 'ana', snoozeTo(30));
    taken = false;
    story.runTo(30);
    expect(holdsOf(story)).toContain('1: page.dropped snoozed');
    expect(story.sent()).toEqual(['0: level 1 ana email', '30: level 1 ana sms', '30: level 1 ana email']);
  });

  it('drops a page that fails meanwhile, instead of trying it again at its end', () => {
    const story = tell(fourLevels, { publish: ({ channel }) => (channel === 'sms' ? 'crash' : 'sent') });
    story.signal(0, 'alarm');
    story.answer(0.1, 'snooze', 'ana', snoozeTo(30));
    story.runTo(29);
    expect(holdsOf(story)).toContain('0.5: page.dropped snoozed');
  });

  it('escalated by hand pages, and stays', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'snooze', 'ana', snoozeTo(60));
    story.answer(10, 'escalate', 'ana');
    story.runTo(60);
    expect(story.sent().slice(2)).toEqual([
      '10: level 2 ben sms',
      '10: level 2 ben email',
      '60: level 1 ana sms',
      '60: level 1 ana email',
    ]);
  });

  it('does not outlive a recovery: the alert resolves, and a later ALARM pages level 1', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'snooze', 'ana', snoozeTo(600));
    story.signal(10, 'ok');
    story.runTo(20);
    expect(story.alert?.status).toBe('resolved');
    story.signal(21, 'alarm');
    expect(story.sent().slice(-2)).toEqual(['21: level 1 ana sms', '21: level 1 ana email']);
  });

  it('holds again what recovered and fires anew within the quiet time', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'snooze', 'ana', snoozeTo(60));
    story.signal(10, 'ok');
    story.signal(14, 'alarm');
    story.runTo(59);
    expect(story.sent()).toHaveLength(2);
    expect(story.alert?.holds.snoozed).toBeDefined();
  });

  it('set anew takes the later end; the same press twice within a minute is one', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.answer(5, 'snooze', 'ana', snoozeTo(30));
    expect(story.answer(5.5, 'snooze', 'ana', snoozeTo(30.5))).toMatchObject({ kind: 'unchanged' });
    story.answer(20, 'snooze', 'ana', snoozeTo(80));
    story.runTo(79);
    expect(story.sent()).toHaveLength(2);
    story.runTo(80);
    expect(story.sent()).toHaveLength(4);
  });

  it('with an end that is over changes nothing and says so', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    expect(story.answer(5, 'snooze', 'ana', snoozeTo(5))).toEqual({
      kind: 'unchanged',
      reason: 'the end of the snooze is over',
    });
  });
});

describe('inhibition', () => {
  const explained = (minute: number) => ({ by: 'cluster-down', since: START_MS + minute * MINUTE_MS });

  it('holds an alert that opens while another explains it; when that ends, level 1', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { severity: 'info' });
    story.review(1, fourLevels, explained(0));
    story.signal(2, 'alarm', { severity: 'critical' });
    story.runTo(40);
    expect(story.sent()).toEqual([]);
    expect(story.alert?.holds.inhibited).toMatchObject({ by: 'cluster-down' });
    story.review(41, fourLevels, 'none');
    expect(story.sent()).toEqual(['41: level 1 ana sms', '41: level 1 ana email']);
  });

  it('asks again after 15 to 30 minutes, and writes nothing in a review that finds the same', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.review(10, fourLevels, explained(10));
    const first = story.alert!.dueAt!;
    expect(first).toBe(recheckAt(story.alert!.id, START_MS + 10 * MINUTE_MS));
    expect(story.review(12, fourLevels, explained(10))).toMatchObject({ kind: 'unchanged' });
    story.runTo(41);
    expect(story.alert?.dueAt).toBe(recheckAt(story.alert!.id, first));
  });

  it('stops the clock when the other one began, and lets it go on when that ends', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.review(12, fourLevels, explained(10));
    story.review(50, fourLevels, 'none');
    story.runTo(55);
    expect(story.sent().slice(2)).toEqual(['55: level 2 ben sms', '55: level 2 ben email']);
  });
});

describe('inhibition again and again', () => {
  const explained = (by: string, minute: number) => ({ by, since: START_MS + minute * MINUTE_MS });

  it('is told once while the same one holds it, and once of each that takes over, since the first', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.review(10, fourLevels, explained('cluster-down', 10));
    story.runTo(45);
    story.review(50, fourLevels, explained('region-down', 48));
    const held = story.timeline.filter(({ event }) => event === 'alert.held');
    expect(held.map(({ by }) => by)).toEqual(['cluster-down', 'region-down']);
    expect(story.alert?.holds.inhibited).toMatchObject({
      by: 'region-down',
      since: START_MS + 10 * MINUTE_MS,
    });
  });

  it('holds an alert 10 times in its life, then no more', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    const held = Array.from({ length: 12 }, (_, n) => {
      story.review(n + 1, fourLevels, explained('cluster-down', n + 1));
      const isHeld = story.alert?.holds.inhibited !== undefined;
      story.review(n + 1.5, fourLevels, 'none');
      return isHeld;
    });
    expect(held).toEqual(Array.from({ length: 12 }, (_, n) => n < 10));
  });
});

describe('a page that SNS took and that did not arrive', () => {
  it('by SMS: the email counts, and it is noted', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.undelivered(1, '1');
    story.runTo(14);
    expect(story.sent()).toHaveLength(2);
    expect(story.alert?.pages[0]).toMatchObject({
      status: 'undeliverable',
      reason: 'the phone has opted out',
    });
  });

  it('on both channels: level 2 at once', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.undelivered(1, '1');
    story.undelivered(2, '2');
    expect(story.sent().slice(2)).toEqual(['2: level 2 ben sms', '2: level 2 ben email']);
  });

  it('reported twice changes nothing more', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { severity: 'warning' });
    for (let n = 0; n < 3; n++) story.undelivered(1, '1');
    expect(story.sent()).toEqual(['0: level 1 ana email', '1: level 1 ana sms']);
  });

  it('after the acknowledgement is only noted', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm', { severity: 'warning' });
    story.answer(1, 'acknowledge', 'ben');
    story.undelivered(2, '1');
    story.runTo(100);
    expect(story.sent()).toEqual(['0: level 1 ana email']);
  });

  it('of an earlier life, or of nobody, changes no page', () => {
    const story = tell(fourLevels);
    story.signal(0, 'alarm');
    story.undelivered(1, '99');
    expect(story.sent()).toHaveLength(2);
  });
});

describe('an alert of a team that nobody can reach', () => {
  it('pages the watchers, and again at each repeat', () => {
    const unreachable = { sms: 'opted out', email: 'not confirmed' };
    const responders = Object.fromEntries(
      Object.entries(fourLevels.responders).map(([name, person]) => [name, { ...person, unreachable }]),
    );
    const story = tell({ ...fourLevels, responders });
    story.signal(0, 'alarm');
    story.runTo(90);
    expect(story.sent()).toEqual([
      '0: level 1 watchers topic',
      '15: level 2 watchers topic',
      '30: level 3 watchers topic',
      '60: level 4 watchers topic',
      '90: level 4 watchers topic',
    ]);
  });
});
