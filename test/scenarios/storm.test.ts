import { describe, expect, it } from 'vitest';
import type { DeliveredMessage } from '../../local/aws/topics.ts';
import { MINUTE_MS, scenario } from '../support/scenario.ts';

/** Publish to publish, per contact and channel. Source: design, Slot */
const SLOT_MS = 60_000;

describe('a storm of alarms to one person', () => {
  it('of 30 within a minute is told in two messages per channel, 60 s apart, and every alert is in one of them', async () => {
    const story = await scenario();
    for (let n = 0; n < 30; n++) story.alarm(n / 30, `alarm-${n}`);
    await story.runTo(10);
    expect(story.pages()).toEqual(['0 level 1 ana email sms', '1 bundle of 29 ana email sms']);
    expect(gaps(story.world.messages)).toEqual([]);
    expect(story.lives().map(({ alert }) => alert.paged)).toEqual(
      Array.from({ length: 30 }, () => [{ responder: 'ana', level: 1 }]),
    );
    const email = story.world.messages.findLast(({ channel }) => channel === 'email')!;
    expect(email.subject).toBe('CRITICAL 29 alerts since 03:00Z');
    for (let n = 1; n < 30; n++) expect(email.body).toContain(`alarm-${n}\n`);
    expect(story.unfinished()).toEqual([]);
  });

  it('of 30 that is answered in one press pages no level 2', async () => {
    const story = await scenario();
    for (let n = 0; n < 30; n++) story.alarm(0, `alarm-${n}`);
    void story.press(3, 'acknowledge', 'ana sms');
    // The first alert was told of in a message of its own.
    void story.at(4, () => {
      const first = story.world.messages.find(({ channel }) => channel === 'sms')!;
      return story.post(/\/a\/\S+/.exec(first.body)![0], 'acknowledge');
    });
    await story.runTo(40);
    expect(story.pages(2)).toEqual([]);
    expect(new Set(story.lives().map(({ alert }) => alert.status))).toEqual(new Set(['acknowledged']));
  });

  it('of 12 that nobody answers goes on to levels 2 and 3, never more than one message a minute to anybody', async () => {
    const story = await scenario();
    for (let n = 0; n < 12; n++) story.alarm(n / 12, `alarm-${n}`);
    await story.runTo(33);
    expect(gaps(story.world.messages)).toEqual([]);
    const levels = story.lives().map(({ alert }) => alert.paged.map(({ level }) => level));
    expect(levels).toEqual(Array.from({ length: 12 }, () => [1, 2, 3]));
    expect(story.unfinished()).toEqual([]);
  });

  it('of 60 that recover while 59 wait tells nobody of those, and keeps back nobody else', async () => {
    const story = await scenario();
    for (let n = 0; n < 60; n++) story.alarm(0, `alarm-${n}`);
    for (let n = 0; n < 60; n++) story.ok(0.5, `alarm-${n}`);
    story.alarm(0.8, 'another');
    await story.runTo(2);
    expect(story.pages()).toEqual(['0 level 1 ana email sms', '1 level 1 ana email sms']);
    await story.runTo(10);
    expect(story.pages(2)).toEqual(['5.5 notice ana email']);
    expect(story.unfinished()).toEqual([]);
  });

  it('of 60 that fire on after a pause are all told of', async () => {
    const story = await scenario();
    for (let n = 0; n < 60; n++) story.alarm(0, `alarm-${n}`);
    for (let n = 0; n < 60; n++) story.ok(0.5, `alarm-${n}`);
    for (let n = 0; n < 60; n++) story.alarm(2, `alarm-${n}`);
    await story.runTo(10);
    expect(story.lives().map(({ alert }) => alert.paged)).toEqual(
      Array.from({ length: 60 }, () => [{ responder: 'ana', level: 1 }]),
    );
    expect(story.unfinished()).toEqual([]);
  });

  it('of 60 is told in one message that says so, and one press acknowledges all that it told of', async () => {
    const story = await scenario();
    for (let n = 0; n < 60; n++) story.alarm(0, `alarm-${n}`);
    const answer = story.press(3, 'acknowledge', 'ana sms');
    // The first alert was told of in a message of its own.
    void story.at(4, () => {
      expect(story.lives().filter(({ alert }) => alert.status === 'triggered')).toHaveLength(1);
      const first = story.world.messages.find(({ channel }) => channel === 'sms')!;
      return story.post(/\/a\/\S+/.exec(first.body)![0], 'acknowledge');
    });
    await story.runTo(40);
    expect(story.pages()).toEqual(['0 level 1 ana email sms', '1 bundle of 59 ana email sms']);
    const sms = story.world.messages.findLast(({ channel }) => channel === 'sms')!;
    expect(sms.body).toMatch(/^CRITICAL STORM: 59 alerts\nhttp/);
    expect((await answer).body).toContain('Ana acknowledged all of them at 03:03Z.');
    const statuses = story.lives().map(({ alert }) => alert.status);
    expect(statuses).toEqual(Array.from({ length: 60 }, () => 'acknowledged'));
    expect(story.unfinished()).toEqual([]);
  });
});

/** Messages that came sooner after the one before them than the slot allows. */
function gaps(messages: readonly DeliveredMessage[]): string[] {
  const latest = new Map<string, number>();
  return messages.flatMap(({ at, to }) => {
    const gapMs = at - (latest.get(to) ?? Number.NEGATIVE_INFINITY);
    latest.set(to, at);
    return gapMs < SLOT_MS ? [`${to} after ${gapMs / MINUTE_MS} minutes`] : [];
  });
}
