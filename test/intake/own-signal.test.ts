import { describe, expect, test } from 'vitest';
import { readAlertmanagerWebhook } from '../../functions/intake/alertmanager-webhook.ts';
import { classifySignal, routedKey } from '../../functions/intake/classify-signal.ts';
import { labelsOf } from '../../functions/intake/labels.ts';
import { type OwnMessage, tocsinSignal, writeOwnMessage } from '../../functions/intake/own-signal.ts';
import { readPagerDutyEvent } from '../../functions/intake/pagerduty-event.ts';
import { raiseAlert } from '../../functions/intake/raise-alert.ts';
import { readSignal } from '../../functions/intake/read-signal.ts';
import type { Acknowledgement, Signal } from '../../functions/intake/signal.ts';
import type { Route } from '../../functions/operations/operations.ts';
import { team } from '../support/sample-alert.ts';
import { acknowledge, NOW, trigger } from './sample-webhooks.ts';

function messageOf(event: unknown): OwnMessage {
  const reading = readPagerDutyEvent(event, 'datadog', NOW, () => 'made');
  if (reading.kind !== 'read') throw new Error(reading.errors.join());
  return reading.message;
}

const news = { key: 'sender:grafana', state: 'alarm', at: NOW, title: 'grafana is not understood' } as const;

describe('writeOwnMessage and readSignal', () => {
  test('a signal comes out as it went in', () => {
    const message = messageOf(trigger()) as { signal: Signal };
    expect(readSignal(writeOwnMessage(message))).toEqual({ kind: 'signal', signal: message.signal });
  });

  test('so does an acknowledgement', () => {
    const message = messageOf(acknowledge()) as { acknowledge: Acknowledgement };
    expect(readSignal(writeOwnMessage(message))).toEqual({ kind: 'acknowledge', ...message.acknowledge });
  });

  test('U+FFFE and U+FFFF, which SQS takes in no message, stand in it as escapes', () => {
    const message = messageOf(trigger({}, { summary: 'a\ufffeb\uffff' })) as { signal: Signal };
    expect(writeOwnMessage(message)).not.toMatch(/[\ufffe\uffff]/);
    expect(readSignal(writeOwnMessage(message))).toEqual({ kind: 'signal', signal: message.signal });
  });

  test.each([
    ['null', null],
    ['no message', {}],
    ['a signal without a state', { signal: { ...tocsinSignal(news), state: undefined } }],
    ['half a millisecond', { signal: { ...tocsinSignal(news), at: 0.5 } }],
    ['an unknown source', { signal: { ...tocsinSignal(news), source: { kind: 'pigeon' } } }],
  ])('%s is rejected', (_title, tocsin) => {
    expect(readSignal(JSON.stringify({ tocsin }))).toMatchObject({
      kind: 'rejected',
      reason: expect.stringMatching(/^a message of our own: /),
    });
  });
});

describe('a message of our own that no writer of ours would have written', () => {
  const signal = tocsinSignal(news);
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`l${n}`, 'x']));

  test.each<[string, object, string]>([
    [
      'a title cut in the middle of a character',
      { detail: { title: 'a\ud83d' } },
      'detail.title has half a character, which has no UTF-8',
    ],
    [
      'a label named by half a character',
      { labels: { '\udc00': 'x' } },
      'a name in labels has half a character, which has no UTF-8',
    ],
    [
      'a reason of 8 KB',
      { detail: { title: 'x', reason: 'é'.repeat(4_096) } },
      'detail has 8204 bytes, not at most 8192',
    ],
    ['a key of 40 KB', { dedupKey: 'k'.repeat(40_000) }, 'its texts have 40104 bytes, not at most 32768'],
    ['41 labels', { labels: many(41) }, 'labels are 41, not at most 40'],
    ['a moment before 1970', { at: -1 }, 'at is -1, not epoch milliseconds from 1970 to 9999'],
    [
      'a moment in year 10,000',
      { heardAt: 253_402_300_800_000 },
      'heardAt is 253402300800000, not epoch milliseconds from 1970 to 9999',
    ],
  ])('%s is rejected', (_title, damage, wrong) => {
    const reading = readSignal(JSON.stringify({ tocsin: { signal: { ...signal, ...damage } } }));
    expect(reading).toEqual({ kind: 'rejected', reason: `a message of our own: ${wrong}` });
  });

  test('so is an acknowledgement', () => {
    const { acknowledge: said } = messageOf(acknowledge()) as { acknowledge: Acknowledgement };
    expect(readSignal(JSON.stringify({ tocsin: { acknowledge: { ...said, by: '\ud800' } } }))).toEqual({
      kind: 'rejected',
      reason: 'a message of our own: by has half a character, which has no UTF-8',
    });
  });

  test('the largest that webhooks and the command line write are read', async () => {
    const wide = '\u{1f514}';
    const labels = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => [`${n}${wide.repeat(200)}`, wide.repeat(200)]),
    );
    const annotations = { summary: wide.repeat(5_000), description: wide.repeat(5_000) };
    const generatorURL = `https://example.com/${'é'.repeat(1_980)}`;
    const fingerprint = 'é'.repeat(255);
    const alert = {
      status: 'firing',
      labels: { ...labels, service: wide.repeat(300) },
      annotations,
      generatorURL,
      fingerprint,
    };
    const read = readAlertmanagerWebhook({ alerts: [alert] }, 'g'.repeat(32), NOW);
    if (read.kind !== 'read') throw new Error(read.kind);
    const paged = messageOf(
      trigger({ dedup_key: wide.repeat(255) }, { summary: wide.repeat(1_024), custom_details: labels }),
    );
    const queued: OwnMessage[] = [paged, ...read.signals.map((one) => ({ signal: one }))];
    await raiseAlert(
      {
        title: wide.repeat(125),
        key: wide.repeat(127),
        description: wide.repeat(1_000),
        labels,
        by: `cli:${wide.repeat(48)}\ud800`,
      },
      { signals: { send: async (said) => void queued.push(...said) }, operations: team, nowMs: () => NOW },
    );
    expect(queued).toHaveLength(3);
    for (const message of queued) expect(readSignal(writeOwnMessage(message)).kind).toBe('signal');
  });
});

describe('tocsinSignal', () => {
  test('a warning of Tocsin is a warning, whoever sends it, and no route is needed', () => {
    expect(classifySignal(tocsinSignal(news), team)).toMatchObject({
      dedupKey: 'tocsin:sender:grafana',
      severity: 'warning',
      service: undefined,
    });
  });
});

describe('routedKey', () => {
  const routes: Route[] = [
    {
      match: { integration: 'data*', labels: { component: 'mysql' } },
      dedupKey: '{integration} {label:group}',
    },
  ];

  test('without a route it is the own key of the sender', () => {
    const { acknowledge: said } = messageOf(acknowledge()) as { acknowledge: Acknowledgement };
    expect(routedKey(said, team)).toBe('integration:datadog:samplekeyhere');
  });

  test('an acknowledgement with the payload of its trigger finds the alert that a route folds it into', () => {
    const { signal } = messageOf(trigger()) as { signal: Signal };
    const { payload } = trigger();
    const { acknowledge: said } = messageOf(acknowledge({ payload })) as { acknowledge: Acknowledgement };
    const operations = { ...team, routes };
    expect(classifySignal(signal, operations).dedupKey).toBe('route:datadog prod-datapipe');
    expect(routedKey(said, operations)).toBe('route:datadog prod-datapipe');
  });
});

describe('labelsOf', () => {
  const source = {
    kind: 'integration',
    integration: 'datadog',
    format: 'pagerduty',
    key: 'k',
  } as const satisfies Signal['source'];

  test('tags win over labels, and what the source says of itself wins over both', () => {
    const labels = { integration: 'forged', stage: 'test', team: 'shop' };
    const tags = { integration: 'forged', stage: 'prod' };
    expect(labelsOf({ source, labels, tags })).toEqual({
      integration: 'datadog',
      stage: 'prod',
      team: 'shop',
    });
  });

  test('of 100 labels and 30 tags the tags are kept, and 9 labels', () => {
    const named = (prefix: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, 'x']));
    const kept = Object.keys(labelsOf({ source, labels: named('l', 100), tags: named('t', 30) }));
    expect(kept.filter((name) => name.startsWith('t'))).toHaveLength(30);
    expect(kept).toHaveLength(40);
  });

  test('a label without a value is none', () => {
    expect(labelsOf({ source, labels: { stage: '' } })).toEqual({ integration: 'datadog' });
  });
});
