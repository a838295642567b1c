/** Other senders, through the template's HTTP API: their requests, and what comes of them. */
import { describe, expect, test } from 'vitest';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { alertmanagerAlert, trigger, webhook } from '../intake/sample-webhooks.ts';
import { scenario } from '../support/scenario.ts';

/** A story whose sender `grafana` has a key. */
async function withSender() {
  const story = await scenario();
  const making = story.operate(0, { command: 'keys-add', name: 'grafana', by: 'cli:ana' });
  await story.runTo(0.5);
  const made = await making;
  if (made.kind !== 'ok' || !('secret' in made)) throw new Error(JSON.stringify(made));
  const send = (minute: number, path: string, body: unknown): Promise<number> =>
    story.at(minute, async () => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${made.secret}` };
      const request = { method: 'POST', path, headers, body: JSON.stringify(body) };
      return (await story.world.request(request)).status;
    });
  return {
    story,
    alertmanager: (minute: number, body: unknown) => send(minute, ALERTMANAGER_ROUTE, body),
    pagerDuty: (minute: number, event: object) =>
      send(minute, PAGERDUTY_ROUTE, { ...event, routing_key: made.secret }),
  };
}

describe('PagerDuty events', () => {
  test('a trigger at 1 pages level 1, acknowledged at 5 nobody else, resolved at 20 it ends at 25', async () => {
    const { story, pagerDuty } = await withSender();
    const answers = [
      pagerDuty(1, trigger()),
      pagerDuty(5, { event_action: 'acknowledge', dedup_key: 'samplekeyhere' }),
      pagerDuty(20, { event_action: 'resolve', dedup_key: 'samplekeyhere' }),
    ];
    await story.runTo(30);
    expect(await Promise.all(answers)).toEqual([202, 202, 202]);
    expect(story.timeline()).toEqual([
      '1 alert.opened alarm',
      '1 page.sent ana sms',
      '1 page.sent ana email',
      '5 alert.acknowledged integration:grafana',
      '20 alert.held (recovering)',
      '25 alert.resolved alarm (it was said to be over)',
      '25 notice.sent ana email',
    ]);
  });
});

describe('Alertmanager webhooks', () => {
  test('the same one at 1, 2 and 3 pages level 1 once', async () => {
    const { story, alertmanager } = await withSender();
    const startsAt = new Date(story.world.nowMs()).toISOString();
    const body = webhook(alertmanagerAlert({ startsAt }));
    const answers = [1, 2, 3].map((minute) => alertmanager(minute, body));
    await story.runTo(5);
    expect(await Promise.all(answers)).toEqual([200, 200, 200]);
    expect(story.timeline()).toEqual([
      '1 alert.opened alarm',
      '1 page.sent ana sms',
      '1 page.sent ana email',
    ]);
  });

  test('one that cannot be read at 1 is a warning by email', async () => {
    const { story, alertmanager } = await withSender();
    const answer = alertmanager(1, { alerts: 'two' });
    await story.runTo(5);
    expect(await answer).toBe(400);
    expect(story.life().alert.detail.title).toBe(
      'grafana sends what cannot be read: alerts is "two", not a list of alerts',
    );
    expect(story.timeline()).toEqual(['1 alert.opened alarm', '1 page.sent ana email']);
  });
});
