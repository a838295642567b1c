/** What is broken, and which of our own alarms then tells the watchers, and no other: the queues, the sends, the HTTP API. */
import { describe, expect, it } from 'vitest';
import type { Inject } from '../../local/aws/gate.ts';
import type { EditTemplate } from '../../local/template.ts';
import { alarms } from '../support/own-alarms.ts';
import { minuteOf, scenario } from '../support/scenario.ts';

/** Nobody takes from the queue. */
const withoutConsumer =
  (construct: string): EditTemplate =>
  ({ Resources }) => {
    for (const id of Object.keys(Resources))
      if (new RegExp(`^${construct}.*EventSource`).test(id)) delete Resources[id];
  };

/** Three receives instead of a thousand, which take hours. */
const givesUpSoon =
  (queueName: string): EditTemplate =>
  ({ Resources }) => {
    for (const { Type, Properties } of Object.values(Resources))
      if (Type === 'AWS::SQS::Queue' && Properties!.QueueName === queueName)
        (Properties!.RedrivePolicy as { maxReceiveCount: number }).maxReceiveCount = 3;
  };

const crash =
  (functionName: string, from: number, until: number): Inject =>
  ({ function: name, at }) =>
    name === functionName && minuteOf(at) >= from && minuteOf(at) < until
      ? { kind: 'crash-before' }
      : undefined;

describe('signals that nobody takes', () => {
  it('are told once the oldest has waited for more than two minutes', async () => {
    const story = await scenario({ ownAlarms: true, edit: withoutConsumer('OpsIntake') });
    story.alarm(2, 'cpu');
    await story.runTo(8);
    expect(alarms(story)).toEqual(['5 intake-late']);
  });
});

describe('a signal that cannot be read', () => {
  it('is told within two minutes', async () => {
    const story = await scenario({ ownAlarms: true });
    story.alarm(0, 'cpu');
    story.signal(4.5, { unreadable: true });
    await story.runTo(8);
    expect(alarms(story)).toEqual(['5 intake-dead-letters']);
  });
});

describe('what is due and nobody takes', () => {
  it('is told by its lateness, and by its queue once it has waited longer than the look-ahead allows', async () => {
    const story = await scenario({ ownAlarms: true, edit: withoutConsumer('OpsPaging') });
    story.alarm(0, 'cpu');
    await story.runTo(12);
    // The first to be due is the review of open alerts, at minute 5.
    expect(alarms(story)).toEqual(['10 overdue', '11 due-late']);
  });
});

describe('a message that the due queue gives up', () => {
  it('is told within two minutes of it', async () => {
    const story = await scenario({ ownAlarms: true, edit: givesUpSoon('tocsin-due') });
    story.alarm(0, 'cpu');
    void story.at(4.5, () => void story.world.queue('tocsin-due').send('{"unreadable":true}'));
    await story.runTo(8);
    expect(alarms(story)).toEqual(['5 due-dead-letters']);
  });
});

describe('messages that SNS refuses', () => {
  /** The first tries are at 0.5, the second ones at 0.59. */
  const refuse =
    (smsUntil: number, emailsUntil: number): Inject =>
    ({ service, input, at }) =>
      service === 'sns' && minuteOf(at) < (input.PhoneNumber ? smsUntil : emailsUntil)
        ? { kind: 'fail-before' }
        : undefined;

  it.each([
    ['three within five minutes are told', refuse(0.6, 0.55), 3, ['5 sends-failing']],
    ['two are not', refuse(0.55, 0.55), 2, []],
  ])('%s', async (_, inject, failed, told) => {
    const story = await scenario({ ownAlarms: true, inject });
    story.alarm(0.5, 'cpu');
    await story.runTo(6);
    expect(story.timeline().filter((line) => line.includes('page.failed'))).toHaveLength(failed);
    expect(story.pages().length).toBeGreaterThan(0);
    expect(alarms(story)).toEqual(told);
  });
});

describe('the HTTP API', () => {
  it('that answers 500 to a link is told; a link that works, or that there is not, is not', async () => {
    const story = await scenario({ ownAlarms: true, inject: crash('tocsin-answer', 4, 5) });
    story.alarm(0, 'cpu');
    const open = (minute: number, path = '') =>
      story.at(minute, async () => (await story.open(path || story.link('ana sms'))).status);
    const answers = [open(1), open(2, '/a/unknown'), open(3, '/nothing'), open(4.5)];
    await story.runTo(8);
    expect(await Promise.all(answers)).toEqual([200, 404, 404, 500]);
    expect(alarms(story)).toEqual(['5 http-failing']);
  });
});
