import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAlertmanagerWebhook } from '../../functions/intake/alertmanager-webhook.ts';
import { Signal } from '../../functions/intake/signal.ts';
import { alertmanagerAlert, NOW, webhook } from './sample-webhooks.ts';

const BEGAN = Date.parse('2026-11-24T02:50:00.123Z');

function signalsOf(body: unknown, nowMs = NOW): Signal[] {
  const reading = readAlertmanagerWebhook(body, 'prometheus', nowMs);
  if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
  return reading.signals;
}

function signalOf(changes: Record<string, unknown> = {}, labels: Record<string, unknown> = {}): Signal {
  return signalsOf(webhook(alertmanagerAlert(changes, labels)))[0]!;
}

describe('readAlertmanagerWebhook', () => {
  test('a firing alert is an alarm under its fingerprint, as of when it began', () => {
    expect(signalOf()).toEqual({
      dedupKey: 'integration:prometheus:9c2b5a3f0d1e4b77',
      source: {
        kind: 'integration',
        integration: 'prometheus',
        format: 'alertmanager',
        key: '9c2b5a3f0d1e4b77',
        url: 'http://prometheus.example.com/graph?g0.expr=x',
      },
      state: 'alarm',
      at: BEGAN,
      heardAt: NOW,
      severity: 'critical',
      service: undefined,
      labels: { alertname: 'HighLatency', instance: 'api-1:9090', job: 'api', severity: 'page' },
      detail: {
        title: 'Latency of api-1 is high',
        metric: 'HighLatency, instance=api-1:9090, job=api, severity=page',
        description: 'p99 is 2.1 s.\nrunbook_url: https://wiki.example.com/latency',
      },
    });
  });

  test('the same webhook told again an hour later is the same signal', () => {
    const body = webhook(alertmanagerAlert());
    const [again] = signalsOf(body, NOW + 3_600_000);
    expect({ ...again, heardAt: NOW }).toEqual(signalsOf(body)[0]);
  });

  test.each<[string, Record<string, unknown>, number]>([
    ['firing', {}, BEGAN],
    ['firing, and a clock an hour ahead: now', { startsAt: '2026-11-24T04:00:00Z' }, NOW],
    ['firing, and no beginning: now', { startsAt: undefined }, NOW],
    ['firing, and no moment: now', { startsAt: 'soon' }, NOW],
    [
      'resolved: its end',
      { status: 'resolved', endsAt: '2026-11-24T02:58:00Z' },
      Date.parse('2026-11-24T02:58:00Z'),
    ],
    ['resolved, and no end: now', { status: 'resolved' }, NOW],
    ['resolved, and an end to come: now', { status: 'resolved', endsAt: '2026-11-24T03:04:00Z' }, NOW],
    [
      'resolved when it began: a millisecond later, or it would not count',
      { status: 'resolved', endsAt: '2026-11-24T02:50:00.123Z' },
      BEGAN + 1,
    ],
  ])('%s', (_title, changes, at) => {
    expect(signalOf(changes).at).toBe(at);
  });

  test('resolved is an OK', () => {
    expect(signalOf({ status: 'resolved' }).state).toBe('ok');
  });

  test.each([
    ['critical', 'critical'],
    ['page', 'critical'],
    ['error', 'critical'],
    ['Warning', 'warning'],
    ['info', 'info'],
    ['none', 'info'],
    ['ticket', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('severity="%s" is %s', (severity, expected) => {
    expect(signalOf({}, { severity }).severity).toBe(expected);
  });

  test('an address with half a character is none: no table takes it', () => {
    expect(signalOf({ generatorURL: 'http://a.example/\ud800' }).source).toMatchObject({ url: undefined });
  });

  test('the label service names the service; of a long one 256 bytes are kept', () => {
    expect(signalOf({}, { service: 'x'.repeat(300_000) }).service).toBe('x'.repeat(256));
    expect(signalOf({}, { service: 'checkout' }).service).toBe('checkout');
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['without summary the name', { annotations: {} }, {}, 'HighLatency'],
    ['without annotations the name', { annotations: undefined }, {}, 'HighLatency'],
    [
      'without either its labels',
      { annotations: {} },
      { alertname: '' },
      'instance=api-1:9090, job=api, severity=page',
    ],
    ['without anything its key', { annotations: {}, labels: {} }, {}, '9c2b5a3f0d1e4b77'],
  ])('the title is %s', (_title, changes, labels, title) => {
    expect(signalOf(changes, labels).detail.title).toBe(title);
  });

  test('without a fingerprint the key is of the labels, in any order', () => {
    const fingerprint = undefined;
    const one = signalOf({ fingerprint, labels: { a: '1', b: '2' } });
    const two = signalOf({ fingerprint, labels: { b: '2', a: '1' } });
    const other = signalOf({ fingerprint, labels: { a: '1', b: '3' } });
    expect(one.dedupKey).toMatch(/^integration:prometheus:[0-9a-f]{16}$/);
    expect(two.dedupKey).toBe(one.dedupKey);
    expect(other.dedupKey).not.toBe(one.dedupKey);
  });

  test('of 60 labels 40 are kept, each of at most 256 bytes', () => {
    const labels = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`l${n}`, 'v'.repeat(1_000)]));
    const kept = Object.values(signalOf({ labels }).labels!);
    expect(kept).toHaveLength(40);
    expect(kept[0]).toHaveLength(256);
  });

  test('of 3 alerts one of which has no status the 2 others are taken', () => {
    const reading = readAlertmanagerWebhook(
      webhook(alertmanagerAlert(), alertmanagerAlert({ status: undefined }), alertmanagerAlert()),
      'prometheus',
      NOW,
    );
    expect(reading).toMatchObject({
      kind: 'read',
      signals: [{ state: 'alarm' }, { state: 'alarm' }],
      errors: ['alerts.1: status is nothing, not firing or resolved'],
    });
  });

  test('labels that are no texts are told', () => {
    const reading = readAlertmanagerWebhook(webhook(alertmanagerAlert({}, { code: 500 })), 'prometheus', NOW);
    expect(reading).toMatchObject({ errors: ['alerts.0: labels.code is 500, not an object of texts'] });
  });

  test.each<[unknown, string]>([
    [{}, 'alerts is nothing, not a list of alerts'],
    [[], 'alerts is nothing, not a list of alerts'],
    [null, 'alerts is nothing, not a list of alerts'],
    [{ alerts: 'two' }, 'alerts is "two", not a list of alerts'],
  ])('%j is invalid', (body, error) => {
    expect(readAlertmanagerWebhook(body, 'prometheus', NOW)).toEqual({ kind: 'invalid', errors: [error] });
  });

  test('10,000 alerts are read within 5 seconds; of 10,001 the sender is told', () => {
    const alerts = Array.from({ length: 10_001 }, (_, n) => alertmanagerAlert({ fingerprint: `f${n}` }));
    const begun = performance.now();
    expect(new Set(signalsOf(webhook(...alerts.slice(1))).map(({ dedupKey }) => dedupKey)).size).toBe(10_000);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(readAlertmanagerWebhook(webhook(...alerts), 'prometheus', NOW)).toEqual({
      kind: 'too-many',
      count: 10_001,
      most: 10_000,
    });
  });

  test('how many alerts the sender has cut off is passed on', () => {
    expect(readAlertmanagerWebhook({ ...webhook(), truncatedAlerts: 7 }, 'prometheus', NOW)).toMatchObject({
      leftOut: 7,
    });
  });

  test('anything in the place of anything is answered', () => {
    const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary', maxLength: 300 }));
    const names = ['status', 'labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL', 'fingerprint'];
    const alerts = fc
      .dictionary(fc.constantFrom(...names), anything)
      .map((changes) => alertmanagerAlert(changes));
    const labelled = fc
      .dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
      .map((labels) => alertmanagerAlert({}, labels));
    const bodies = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.array(fc.oneof(alerts, labelled, anything)).map((list) => webhook(...list)),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const reading = readAlertmanagerWebhook(body, 'prometheus', NOW);
        if (reading.kind !== 'read') return;
        for (const signal of reading.signals) {
          expect(Signal.parse(signal)).toBeDefined();
          expect(signal.at).toBeLessThanOrEqual(NOW);
          expect(Buffer.byteLength(JSON.stringify(signal))).toBeLessThan(64 * 1024);
        }
      }),
      { numRuns: 300 },
    );
  });
});
