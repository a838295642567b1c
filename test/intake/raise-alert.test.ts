import { describe, expect, test } from 'vitest';
import { classifySignal } from '../../functions/intake/classify-signal.ts';
import type { OwnMessage } from '../../functions/intake/own-signal.ts';
import { type Raised, raiseAlert } from '../../functions/intake/raise-alert.ts';
import { Signal } from '../../functions/intake/signal.ts';
import type { Route } from '../../functions/operations/operations.ts';
import { alertId } from '../../functions/shared/table.ts';
import { team } from '../support/sample-alert.ts';

const NOW = Date.parse('2026-11-24T03:00:00Z');

async function raise(raised: Partial<Raised>, routes: Route[] = []) {
  const sent: OwnMessage[] = [];
  const operations = { ...team, routes };
  const answer = await raiseAlert(
    { title: 'The shop is closed', by: 'cli:ana', ...raised },
    { signals: { send: async (messages) => void sent.push(...messages) }, operations, nowMs: () => NOW },
  );
  const signals = sent.map((message) => Signal.parse('signal' in message && message.signal));
  return { answer, signals, operations };
}

describe('raiseAlert', () => {
  test('an alert by hand is a signal of the command line, and its id is answered', async () => {
    const { answer, signals } = await raise({
      key: 'shop',
      severity: 'warning',
      service: 'checkout',
      description: 'Nobody can pay.',
      labels: { stage: 'prod' },
    });
    expect(answer).toEqual({ kind: 'ok', key: 'shop', alert: alertId('cli:shop') });
    expect(signals).toEqual([
      {
        dedupKey: 'cli:shop',
        source: { kind: 'cli', key: 'shop', by: 'cli:ana' },
        state: 'alarm',
        at: NOW,
        detail: { title: 'The shop is closed', description: 'Nobody can pay.' },
        severity: 'warning',
        service: 'checkout',
        labels: { stage: 'prod' },
      },
    ]);
  });

  test('without a key one is made that resolves it', async () => {
    const { answer } = await raise({});
    if (answer.kind !== 'ok') throw new Error(answer.message);
    expect(answer.key).toMatch(/^[0-9a-f]{10}$/);
    const { answer: over, signals } = await raise({ key: answer.key, resolved: true });
    expect(over).toEqual(answer);
    expect(signals).toMatchObject([{ state: 'ok', dedupKey: `cli:${answer.key}` }]);
  });

  test('two without a key are two alerts', async () => {
    const [one, two] = [await raise({}), await raise({})];
    expect(one.answer).not.toEqual(two.answer);
  });

  test('nobody said how bad: critical', async () => {
    const { signals, operations } = await raise({});
    expect(classifySignal(signals[0]!, operations).severity).toBe('critical');
  });

  test('the id is that of the alert which a route folds it into', async () => {
    const routes: Route[] = [{ match: { labels: { stage: 'prod' } }, dedupKey: 'all of {label:stage}' }];
    const { answer } = await raise({ labels: { stage: 'prod' } }, routes);
    expect(answer).toMatchObject({ alert: alertId('route:all of prod') });
  });

  test.each<[string, Partial<Raised>, string]>([
    [
      'a service that is not there',
      { service: 'chekout' },
      'the service "chekout": write \'checkout\', the nearest of the services',
    ],
    [
      'one that is like none',
      { service: 'constructor' },
      "the service \"constructor\": write one of the services: 'checkout', 'search'",
    ],
    [
      'an end without a key',
      { resolved: true },
      'resolved, but not which one: give the key that it was raised with',
    ],
  ])('%s is refused, and nothing is sent', async (_title, raised, message) => {
    const { answer, signals } = await raise(raised);
    expect(answer).toEqual({ kind: 'rejected', message });
    expect(signals).toEqual([]);
  });
});
