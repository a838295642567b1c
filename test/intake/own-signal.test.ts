import { describe, expect, test } from 'vitest';
import { classifySignal, routedKey } from '../../functions/intake/classify-signal.ts';
import { labelsOf } from '../../functions/intake/labels.ts';
import { type OwnMessage, tocsinSignal, writeOwnMessage } from '../../functions/intake/own-signal.ts';
import { readPagerDutyEvent } from '../../functions/intake/pagerduty-event.ts';
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
