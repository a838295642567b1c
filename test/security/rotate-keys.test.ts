/** A sender's key is exchanged while its alerts go on: no event is refused, and no alert comes twice. */
import { describe, expect, test } from 'vitest';
import type { CommandAnswer } from '../../functions/console/operate.ts';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { alertmanagerAlert, trigger, webhook } from '../intake/sample-webhooks.ts';
import { minuteOf, type Scenario, scenario } from '../support/scenario.ts';

const BY = 'cli:ana';
const HOUR = 60;
const DAY = 24 * HOUR;

type New = Extract<CommandAnswer, { secret: string }>;

async function ask(
  story: Scenario,
  minute: number,
  command: Record<string, unknown>,
): Promise<CommandAnswer> {
  const asked = story.operate(minute, { by: BY, ...command });
  await story.runTo(minute);
  return asked;
}

/** A PagerDuty tool with one broken thing. */
const event = (story: Scenario, secret: string, more: object = {}) =>
  story.world.request({
    method: 'POST',
    path: PAGERDUTY_ROUTE,
    body: JSON.stringify({ ...trigger({ dedup_key: 'disk' }), routing_key: secret, ...more }),
  });

const alerts = (story: Scenario, secret: string) =>
  story.world.request({
    method: 'POST',
    path: ALERTMANAGER_ROUTE,
    headers: { authorization: `Bearer ${secret}` },
    body: JSON.stringify(webhook(alertmanagerAlert({ startsAt: '2026-03-02T03:00:00Z' }))),
  });

describe('tocsin keys rotate', () => {
  test('two senders change over in the middle of 4 h: 0 of 48 events are refused, and there are 2 alerts, paged once', async () => {
    const story = await scenario();
    const first = (await ask(story, 0, { command: 'keys-add', name: 'grafana' })) as New;
    let secret = first.secret;
    const statuses: Promise<number>[] = [];
    for (let minute = 1; minute < 4 * HOUR; minute += 10) {
      for (const send of [event, alerts])
        statuses.push(story.at(minute, async () => (await send(story, secret)).status));
    }
    await story.runTo(3);
    for (const { alert } of story.lives())
      void story.operate(4, { command: 'acknowledge', id: alert.id, by: BY });
    const rotated = (await ask(story, HOUR, {
      command: 'keys-rotate',
      name: 'grafana',
      overlapMinutes: 4 * HOUR,
    })) as New;
    await story.runTo(2 * HOUR);
    secret = rotated.secret;
    await story.runTo(4 * HOUR);
    const answered = await Promise.all(statuses);
    expect(answered).toHaveLength(48);
    expect(answered.filter((status) => status >= 300)).toEqual([]);
    expect(story.lives().map(({ alert }) => alert.dedupKey)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^integration:grafana:/), 'integration:grafana:disk']),
    );
    expect(story.lives()).toHaveLength(2);
    const opened = story
      .lives()
      .flatMap(({ timeline }) => timeline.filter((one) => one.event === 'alert.opened'));
    expect(opened).toHaveLength(2);
  });

  test('the old key ends by itself after the overlap: refused from its minute on, and a warning says whose it is', async () => {
    const story = await scenario();
    const first = (await ask(story, 0, { command: 'keys-add', name: 'grafana' })) as New;
    const rotated = (await ask(story, 1, {
      command: 'keys-rotate',
      name: 'grafana',
      overlapMinutes: 60,
    })) as New;
    expect(rotated.ending).toMatchObject([{ id: first.added.id, endsAt: story.world.nowMs() + 3_600_000 }]);
    const send = (minute: number, secret: string) =>
      story.at(minute, async () => (await event(story, secret)).status);
    const answers = [send(60.9, first.secret), send(61, first.secret), send(61, rotated.secret)];
    const many = Array.from({ length: 10 }, () => send(62, first.secret));
    await story.runTo(65);
    expect(await Promise.all(answers)).toEqual([202, 400, 202]);
    expect(new Set(await Promise.all(many))).toEqual(new Set([400]));
    const warnings = story.lives().filter(({ alert }) => alert.severity === 'warning');
    expect(warnings.map(({ alert }) => alert.detail.title)).toEqual([
      `grafana still sends with the key ${first.added.id}, which has ended`,
    ]);
  });

  test('whoever sends with an ended key while the queue fails is told to come again, and then the warning comes', async () => {
    const story = await scenario({
      inject: ({ function: name, service, at }) =>
        name === 'tocsin-webhook' && service === 'sqs' && minuteOf(at) < 61.1
          ? { kind: 'fail-before' }
          : undefined,
    });
    const first = (await ask(story, 0, { command: 'keys-add', name: 'grafana' })) as New;
    await ask(story, 1, { command: 'keys-rotate', name: 'grafana', overlapMinutes: 60 });
    const send = (minute: number) => story.at(minute, async () => (await event(story, first.secret)).status);
    const answers = [send(61.05), send(61.2)];
    await story.runTo(63);
    expect(await Promise.all(answers)).toEqual([503, 400]);
    expect(story.lives().map(({ alert }) => alert.detail.title)).toEqual([
      `grafana still sends with the key ${first.added.id}, which has ended`,
    ]);
  });

  test('by revoke it ends at once, and the new key stays', async () => {
    const story = await scenario();
    const first = (await ask(story, 0, { command: 'keys-add', name: 'grafana' })) as New;
    const rotated = (await ask(story, 1, {
      command: 'keys-rotate',
      name: 'grafana',
      overlapMinutes: 60,
    })) as New;
    await ask(story, 2, { command: 'keys-revoke', id: first.added.id });
    expect((await event(story, first.secret)).status).toBe(400);
    expect((await event(story, rotated.secret)).status).toBe(202);
    const listed = await ask(story, 3, { command: 'keys-list' });
    expect(listed).toMatchObject({
      keys: [
        { id: rotated.added.id, name: 'grafana' },
        { id: first.added.id, revokedAt: expect.any(Number), endsAt: expect.any(Number) },
      ],
    });
  });

  test('twice within the overlap: the first key ends when it was said to, never later', async () => {
    const story = await scenario();
    const first = (await ask(story, 0, { command: 'keys-add', name: 'grafana' })) as New;
    await ask(story, 1, { command: 'keys-rotate', name: 'grafana', overlapMinutes: 60 });
    const again = (await ask(story, 2, {
      command: 'keys-rotate',
      name: 'grafana',
      overlapMinutes: 600,
    })) as New;
    expect(again.ending).toHaveLength(2);
    await story.runTo(62);
    expect((await event(story, first.secret)).status).toBe(400);
    expect((await event(story, again.secret)).status).toBe(202);
  });

  test('an exchange with 1 h after one with 7 d: the first key keeps its 7 d, and it is said', async () => {
    const story = await scenario();
    const first = (await ask(story, 0, { command: 'keys-add', name: 'grafana' })) as New;
    const second = (await ask(story, 1, {
      command: 'keys-rotate',
      name: 'grafana',
      overlapMinutes: 7 * DAY,
    })) as New;
    const promisedAt = second.ending![0]!.endsAt!;
    const third = (await ask(story, 2, {
      command: 'keys-rotate',
      name: 'grafana',
      overlapMinutes: HOUR,
    })) as New;
    const ends = new Map(third.ending!.map(({ id, endsAt }) => [id, endsAt]));
    expect(ends).toEqual(
      new Map([
        [first.added.id, promisedAt],
        [second.added.id, story.world.nowMs() + 3_600_000],
      ]),
    );
    await story.runTo(HOUR + 3);
    expect((await event(story, first.secret)).status).toBe(202);
    expect((await event(story, second.secret)).status).toBe(400);
  });

  test.each([
    ['a name without a key', 'sentry', []],
    ['a name whose key was revoked', 'grafana', ['revoke']],
  ])('%s is not exchanged: add is said to be the way', async (_, name, before) => {
    const story = await scenario();
    const first = (await ask(story, 0, { command: 'keys-add', name: 'grafana' })) as New;
    if (before.length > 0) await ask(story, 1, { command: 'keys-revoke', id: first.added.id });
    const refused = await ask(story, 2, { command: 'keys-rotate', name, overlapMinutes: 60 });
    expect(refused).toEqual({
      kind: 'not-found',
      message: `there is no live key of "${name}": make one with \`tocsin keys add NAME\``,
    });
  });

  test('a fault between making the new key and ending the old one leaves both good', async () => {
    let isSick = false;
    const story = await scenario({
      inject: ({ function: name, action }) =>
        isSick && name === 'tocsin-operate' && action === 'UpdateItem' ? { kind: 'fail-before' } : undefined,
    });
    const first = (await ask(story, 0, { command: 'keys-add', name: 'grafana' })) as New;
    isSick = true;
    const failed = story
      .operate(1, { command: 'keys-rotate', name: 'grafana', overlapMinutes: 1, by: BY })
      .catch((error: unknown) => error);
    await story.runTo(5);
    expect(await failed).toBeInstanceOf(Error);
    isSick = false;
    await story.runTo(10);
    expect((await event(story, first.secret)).status).toBe(202);
    const again = (await ask(story, 11, {
      command: 'keys-rotate',
      name: 'grafana',
      overlapMinutes: 1,
    })) as New;
    expect(again.ending).toHaveLength(2);
    expect((await event(story, again.secret)).status).toBe(202);
  });
});
