import { describe, expect, test } from 'vitest';
import type { Alert } from '../../functions/alerts/alert.ts';
import { receiveSignal } from '../../functions/alerts/receive-signal.ts';
import { classifySignal } from '../../functions/intake/classify-signal.ts';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { integrationKeyStore } from '../../functions/intake/integration-key.store.ts';
import { addKey, revokeKey } from '../../functions/intake/manage-keys.ts';
import type { OwnMessage } from '../../functions/intake/own-signal.ts';
import { receiveWebhook } from '../../functions/intake/receive-webhook.ts';
import type { Signal } from '../../functions/intake/signal.ts';
import type { WebhookRequest } from '../../functions/intake/webhook-format.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { realTables } from '../support/real-table.ts';
import { team } from '../support/sample-alert.ts';
import { acknowledge, alertmanagerAlert, NOW, trigger, webhook } from './sample-webhooks.ts';

const UNKNOWN = 'U'.repeat(32);
const WARNED_AT = Date.parse('2026-11-24T03:00:00Z');

const freshTable = realTables();

/** A table with one key of `grafana`, and a queue that keeps what it takes. */
async function setUp() {
  const table = await freshTable();
  const sent: OwnMessage[] = [];
  const warnings: string[] = [];
  const clock = { nowMs: NOW };
  const ports = {
    integrationKeys: integrationKeyStore(table),
    signals: { send: async (messages: readonly OwnMessage[]) => void sent.push(...messages) },
    nowMs: () => clock.nowMs,
    warn: (message: string) => void warnings.push(message),
  };
  const added = await addKey({ name: 'grafana', by: 'cli:ana' }, ports);
  if (added.kind !== 'ok') throw new Error(added.message);
  const { secret } = added;
  const post = (path: string, body: unknown, more: Partial<WebhookRequest> = {}) =>
    receiveWebhook(
      { method: 'POST', path, body: typeof body === 'string' ? body : JSON.stringify(body), ...more },
      ports,
    );
  return {
    table,
    sent,
    warnings,
    clock,
    ports,
    secret,
    id: added.added.id,
    signals: () => sent.flatMap((message) => ('signal' in message ? [message.signal] : [])),
    pagerDuty: (event: object) => post(PAGERDUTY_ROUTE, { ...event, routing_key: secret }),
    alertmanager: (body: unknown) => post(ALERTMANAGER_ROUTE, body, { authorization: `Bearer ${secret}` }),
    post,
  };
}

describe('receiveWebhook, PagerDuty events', () => {
  test('a trigger is queued and answered as PagerDuty answers', async () => {
    const { pagerDuty, sent } = await setUp();
    expect(await pagerDuty(trigger())).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: 'samplekeyhere' },
      sender: 'grafana',
      messages: 1,
    });
    expect(sent).toMatchObject([
      { signal: { dedupKey: 'integration:grafana:samplekeyhere', state: 'alarm' } },
    ]);
  });

  test('the key that is made for a trigger without one resolves it', async () => {
    const { pagerDuty, signals } = await setUp();
    const { body } = await pagerDuty(trigger({ dedup_key: undefined }));
    const { dedup_key } = body as { dedup_key: string };
    expect(dedup_key).toMatch(/^[0-9a-f]{32}$/);
    await pagerDuty({ event_action: 'resolve', dedup_key });
    expect(signals().map(({ state }) => state)).toEqual(['alarm', 'ok']);
    expect(signals()[1]?.dedupKey).toBe(signals()[0]?.dedupKey);
  });

  test('an acknowledgement is queued', async () => {
    const { pagerDuty, sent } = await setUp();
    expect(await pagerDuty(acknowledge())).toMatchObject({ status: 202 });
    expect(sent).toMatchObject([{ acknowledge: { by: 'integration:grafana', at: NOW } }]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['none', { routing_key: undefined }, "'routing_key' is missing or blank"],
    ['a short one', { routing_key: 'x' }, "Length of 'routing_key' is incorrect (should be 32 characters)"],
    ['an unknown one', { routing_key: UNKNOWN }, 'Invalid routing key'],
  ])('a key that is %s: 400, and nothing is written or queued', async (_title, changes, error) => {
    const { post, sent, table } = await setUp();
    const before = await table.items();
    expect(await post(PAGERDUTY_ROUTE, trigger(changes))).toEqual({
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid', errors: [error] },
    });
    expect(sent).toEqual([]);
    expect(await table.items()).toEqual(before);
  });

  test('the key may come in the header X-Routing-Key; the one in the body counts more', async () => {
    const { post, secret } = await setUp();
    const more = { routingKey: secret };
    expect(await post(PAGERDUTY_ROUTE, trigger({ routing_key: undefined }), more)).toMatchObject({
      status: 202,
    });
    expect(await post(PAGERDUTY_ROUTE, 'no JSON', more)).toMatchObject({ sender: 'grafana' });
    expect(await post(PAGERDUTY_ROUTE, trigger({ routing_key: UNKNOWN }), more)).toMatchObject({
      status: 400,
    });
  });

  test('a revoked key is an unknown one', async () => {
    const { pagerDuty, ports, id, sent } = await setUp();
    await revokeKey({ id, by: 'cli:ana' }, ports);
    expect(await pagerDuty(trigger())).toMatchObject({
      status: 400,
      body: { errors: ['Invalid routing key'] },
    });
    expect(sent).toEqual([]);
  });

  test('an invalid event of a known sender: 400 with all mistakes, and a warning alert', async () => {
    const { pagerDuty, signals } = await setUp();
    const errors = ["'payload.summary' is missing or blank", "'payload.source' is missing or blank"];
    const answer = await pagerDuty(trigger({}, { summary: '', source: '' }));
    expect(answer).toMatchObject({ status: 400, body: { status: 'invalid event', errors } });
    expect(signals()).toMatchObject([
      {
        dedupKey: 'tocsin:sender:grafana',
        source: { kind: 'tocsin' },
        state: 'alarm',
        severity: 'warning',
        at: WARNED_AT,
        detail: { title: `grafana sends what cannot be read: ${errors.join('; ')}` },
      },
    ]);
  });

  test('more than 512 KB: 413, and a warning alert', async () => {
    const { pagerDuty, signals } = await setUp();
    const answer = await pagerDuty(trigger({}, { custom_details: 'x'.repeat(512 * 1024) }));
    expect(answer).toMatchObject({
      status: 413,
      body: { status: 'invalid event', errors: ['Event is too large (maximum is 512 KB)'] },
    });
    expect(signals().map(({ detail }) => detail.title)).toEqual([
      'grafana sends what cannot be read: more than 512 KB in one',
    ]);
  });

  test('512 KB, not a byte more, are taken', async () => {
    const { post, secret } = await setUp();
    const filled = (length: number) =>
      JSON.stringify(trigger({ routing_key: secret }, { custom_details: 'x'.repeat(length) }));
    const body = filled(512 * 1024 - filled(0).length);
    expect(Buffer.byteLength(body)).toBe(512 * 1024);
    expect(await post(PAGERDUTY_ROUTE, body)).toMatchObject({ status: 202 });
    expect(await post(PAGERDUTY_ROUTE, `${body} `)).toMatchObject({ status: 413 });
  });

  test('half an event with a known key: 400, and a warning alert; with an unknown one no alert', async () => {
    const { post, signals, secret } = await setUp();
    const half = (key: string) => `{"routing_key": "${key}", "event_action": "trigg`;
    expect(await post(PAGERDUTY_ROUTE, half(secret))).toMatchObject({
      status: 400,
      body: { errors: ['Event is not a JSON object'] },
    });
    expect(signals()).toHaveLength(1);
    expect(await post(PAGERDUTY_ROUTE, half(UNKNOWN))).toMatchObject({ status: 400 });
    expect(await post(PAGERDUTY_ROUTE, '')).toMatchObject({ status: 400 });
    expect(signals()).toHaveLength(1);
  });
});

describe('receiveWebhook, Alertmanager', () => {
  test('each alert is queued, and their number answered', async () => {
    const { alertmanager, signals } = await setUp();
    const body = webhook(alertmanagerAlert(), alertmanagerAlert({ fingerprint: 'f2', status: 'resolved' }));
    expect(await alertmanager(body)).toEqual({
      status: 200,
      body: { status: 'success', alerts: 2 },
      sender: 'grafana',
      messages: 2,
    });
    expect(signals().map(({ state }) => state)).toEqual(['alarm', 'ok']);
  });

  test('basic authentication has the key as its password, whoever the user', async () => {
    const { post, secret } = await setUp();
    const basic = (credentials: string) => ({
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    });
    expect(await post(ALERTMANAGER_ROUTE, webhook(), basic(`tocsin:${secret}`))).toMatchObject({
      status: 200,
    });
    expect(await post(ALERTMANAGER_ROUTE, webhook(), basic(`:${secret}`))).toMatchObject({ status: 200 });
    expect(await post(ALERTMANAGER_ROUTE, webhook(), basic(secret))).toMatchObject({ status: 401 });
  });

  test.each<[string, string | undefined, string]>([
    ['without authorization', undefined, 'no key: send'],
    ['with an empty one', 'Bearer ', 'no key: send'],
    ['of another scheme', `Digest ${UNKNOWN}`, 'no key: send'],
    ['with an unknown key', `bearer ${UNKNOWN}`, 'unknown or revoked key'],
    ['with half a key', 'Bearer abc', 'unknown or revoked key'],
  ])('%s: 401 that says how, and nothing is written or queued', async (_title, authorization, message) => {
    const { post, sent, table } = await setUp();
    const before = await table.items();
    expect(await post(ALERTMANAGER_ROUTE, webhook(alertmanagerAlert()), { authorization })).toEqual({
      status: 401,
      body: { status: 'error', message: expect.stringContaining(message) },
      headers: { 'www-authenticate': 'Bearer realm="tocsin", Basic realm="tocsin"' },
    });
    expect(sent).toEqual([]);
    expect(await table.items()).toEqual(before);
  });

  test.each<[string, unknown, number, string]>([
    ['no JSON', '{"alerts":', 400, 'not JSON'],
    ['no alerts', { status: 'firing' }, 400, 'alerts is nothing, not a list of alerts'],
    ['5 MB', `"${'x'.repeat(5 * 1024 * 1024)}"`, 413, 'more than 4096 KB in one'],
    [
      '10,001 alerts',
      webhook(...Array.from({ length: 10_001 }, () => null)),
      413,
      '10001 alerts at once, at most 10000: set max_alerts, or group by more labels',
    ],
    [
      'what it has cut off itself',
      { ...webhook(), truncatedAlerts: 3 },
      200,
      '3 alerts beyond its max_alerts are missing',
    ],
  ])('%s: %s, and a warning alert says so', async (_title, body, status, wrong) => {
    const { alertmanager, signals } = await setUp();
    expect(await alertmanager(body)).toMatchObject({ status, sender: 'grafana' });
    expect(signals().map(({ detail }) => detail.title)).toEqual([
      `grafana sends what cannot be read: ${wrong}`,
    ]);
  });

  test('one unreadable alert of 3: the 2 others are queued, the answer is 400, and a warning alert says so', async () => {
    const { alertmanager, signals } = await setUp();
    const answer = await alertmanager(
      webhook(alertmanagerAlert(), 7, alertmanagerAlert({ fingerprint: 'f2' })),
    );
    expect(answer).toMatchObject({
      status: 400,
      body: {
        message: '2 alerts taken, others cannot be read',
        errors: ['alerts.1: it is 7, not an object of texts'],
      },
    });
    expect(signals().map(({ source }) => source.kind)).toEqual(['integration', 'integration', 'tocsin']);
  });

  test('the same webhook 3 times opens one alert and changes nothing more', async () => {
    const { alertmanager, signals, clock } = await setUp();
    for (const minutes of [0, 5, 240]) {
      clock.nowMs = NOW + minutes * 60_000;
      await alertmanager(webhook(alertmanagerAlert()));
    }
    expect(signals()).toHaveLength(3);
    expect(outcomes(signals())).toEqual([
      'changed',
      'not newer than the last signal',
      'not newer than the last signal',
    ]);
  });

  test('it fires as before once Alertmanager, which gave it up for over, hears of it again', async () => {
    const { alertmanager, signals, clock } = await setUp();
    const over = alertmanagerAlert({ status: 'resolved', endsAt: '2026-11-24T02:58:00Z' });
    const told = [alertmanagerAlert(), over, alertmanagerAlert(), alertmanagerAlert(), over];
    for (const alert of told) {
      clock.nowMs += 60_000;
      await alertmanager(webhook(alert));
    }
    const stale = 'not newer than the last signal';
    expect(outcomes(signals())).toEqual(['changed', 'changed', 'changed', stale, 'changed']);
    // The queue brings some of them again, in any order.
    const [first, second, , , last] = signals();
    expect(outcomes([...signals(), first!, second!, last!]).slice(5)).toEqual([stale, stale, stale]);
  });
});

describe('receiveWebhook, any sender', () => {
  test('a warning told twice within a minute is one', async () => {
    const { pagerDuty, signals, clock } = await setUp();
    await pagerDuty(trigger({ payload: {} }));
    clock.nowMs += 30_000;
    await pagerDuty(trigger({ event_action: 'page' }));
    clock.nowMs += 30_000;
    await pagerDuty(trigger({ event_action: 'page' }));
    expect(outcomes(signals())).toEqual(['changed', 'not newer than the last signal', 'changed']);
  });

  test('the 601st request of a minute: 429 with the seconds until the next, and one warning alert', async () => {
    const { pagerDuty, signals, ports, id, clock } = await setUp();
    clock.nowMs = WARNED_AT + 15_000;
    await countRequests(599, () => ports.integrationKeys.countRequest(id, clock.nowMs));
    expect(await pagerDuty(trigger())).toMatchObject({ status: 202 });
    expect(await pagerDuty(trigger())).toEqual({
      status: 429,
      body: {
        status: 'throttle exceeded',
        message: 'Requests for this service are arriving too quickly. Please retry later.',
      },
      headers: { 'retry-after': '45' },
      sender: 'grafana',
    });
    expect(await pagerDuty(trigger())).toMatchObject({ status: 429 });
    expect(signals().map(({ source, detail }) => [source.kind, detail.title])).toEqual([
      ['integration', 'DISK at 99% on machine prod-datapipe03.example.com'],
      ['tocsin', 'grafana sends more than 600 requests a minute'],
    ]);
    clock.nowMs += 45_000;
    expect(await pagerDuty(trigger())).toMatchObject({ status: 202 });
  });

  test('the 601st webhook of a minute: 503, as Alertmanager repeats nothing after 429', async () => {
    const { alertmanager, ports, id } = await setUp();
    await countRequests(600, () => ports.integrationKeys.countRequest(id, NOW));
    expect(await alertmanager(webhook(alertmanagerAlert()))).toMatchObject({ status: 503 });
  });

  test('each of 2 keys of one name has a rate of its own, and both are one sender', async () => {
    const { post, pagerDuty, ports, id, signals } = await setUp();
    await countRequests(600, () => ports.integrationKeys.countRequest(id, NOW));
    const other = await addKey({ name: 'grafana', by: 'cli:ana' }, ports);
    if (other.kind !== 'ok') throw new Error(other.message);
    expect(await pagerDuty(trigger())).toMatchObject({ status: 429 });
    expect(await post(PAGERDUTY_ROUTE, trigger({ routing_key: other.secret }))).toMatchObject({
      status: 202,
    });
    expect(signals().at(-1)?.dedupKey).toBe('integration:grafana:samplekeyhere');
  });

  test('the queue refuses: 503, so that the sender tries again', async () => {
    const { pagerDuty, alertmanager, ports, warnings } = await setUp();
    ports.signals.send = async () => {
      throw new OpsError('retry', 'SQS refused signals: busy');
    };
    expect(await pagerDuty(trigger())).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    expect(await alertmanager(webhook(alertmanagerAlert()))).toMatchObject({ status: 503 });
    expect(warnings).toHaveLength(2);
  });

  test('the table does not answer: 503; what is our own mistake is thrown', async () => {
    const { pagerDuty, ports } = await setUp();
    const { find } = ports.integrationKeys;
    ports.integrationKeys.find = async () => {
      throw Object.assign(new Error('Throughput exceeded'), { $metadata: {} });
    };
    expect(await pagerDuty(trigger())).toMatchObject({ status: 503 });
    ports.integrationKeys.find = async (secret) => {
      await find(secret);
      throw new TypeError('undefined is no function');
    };
    await expect(pagerDuty(trigger())).rejects.toThrow('undefined is no function');
  });

  test('a request that cannot be counted, by a key whose use cannot be noted, is taken', async () => {
    const { pagerDuty, ports, sent, warnings } = await setUp();
    const fail = async () => {
      throw new Error('Throughput exceeded');
    };
    Object.assign(ports.integrationKeys, { countRequest: fail, noteUse: fail });
    expect(await pagerDuty(trigger())).toMatchObject({ status: 202 });
    expect(sent).toHaveLength(1);
    expect(warnings).toEqual(['a request was not counted', "a key's use was not noted"]);
  });

  test("a key's use is noted", async () => {
    const { pagerDuty, ports } = await setUp();
    await pagerDuty(trigger());
    expect(await ports.integrationKeys.list()).toMatchObject([{ name: 'grafana', lastUsedAt: NOW }]);
  });

  test.each<[string, string, number]>([
    ['GET', PAGERDUTY_ROUTE, 405],
    ['PUT', ALERTMANAGER_ROUTE, 405],
    ['POST', '/v2/change/enqueue', 404],
    ['POST', '/constructor', 404],
    ['POST', 'constructor', 404],
    ['POST', '', 404],
  ])('%s %s: %s', async (method, path, status) => {
    const { post, sent } = await setUp();
    expect(await post(path, trigger(), { method })).toMatchObject({ status });
    expect(sent).toEqual([]);
  });
});

async function countRequests(times: number, count: () => Promise<number>): Promise<void> {
  await Promise.all(Array.from({ length: times }, count));
}

/** What each signal does to the one alert that all of them speak of. */
function outcomes(signals: readonly Signal[]): string[] {
  let alert: Alert | undefined;
  return signals.map((signal) => {
    const decision = receiveSignal(alert, 'a', classifySignal(signal, team), NOW, team);
    if (decision.kind === 'unchanged') return decision.reason;
    alert = decision.alert;
    return 'changed';
  });
}
