import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifySignal } from '../../functions/intake/classify-signal.ts';
import { readPagerDutyEvent } from '../../functions/intake/pagerduty-event.ts';
import { readSignal } from '../../functions/intake/read-signal.ts';
import type { Reading } from '../../functions/intake/reading.ts';
import { Acknowledgement, Signal } from '../../functions/intake/signal.ts';
import {
  alarmEvent,
  configurationEvent,
  contributorEvent,
  snsAlarm,
  snsEnvelope,
} from '../support/cloudwatch-events.ts';
import { team } from '../support/sample-alert.ts';
import { acknowledge, NOW, trigger } from './sample-webhooks.ts';

/** Source: design, The table: bodies may have 512 KB */
const BODY_BYTES_MOST = 512 * 1024;

const own = [trigger(), acknowledge()].map((event) => {
  const reading = readPagerDutyEvent(event, 'datadog', NOW, () => 'made');
  return reading.kind === 'read' ? { tocsin: reading.message } : reading;
});
const real = [
  alarmEvent(),
  contributorEvent(),
  configurationEvent(),
  snsAlarm(),
  snsEnvelope(snsAlarm()),
  ...own,
];

function read(message: unknown): Reading {
  return readSignal(JSON.stringify(message));
}

describe('readSignal', () => {
  test('an event, an SNS message in its envelope and a raw one are one alarm with one key and one moment', () => {
    const readings = [alarmEvent(), snsEnvelope(snsAlarm()), snsAlarm()].map(read);
    const told = readings.map(
      (reading) => reading.kind === 'signal' && [reading.signal.dedupKey, reading.signal.at],
    );
    expect(told[0]).toEqual(['arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu-high', 1_795_489_200_123]);
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  test('an event that a rule sent through a topic is read as the event', () => {
    expect(read(snsEnvelope(alarmEvent()))).toEqual(read(alarmEvent()));
  });

  test.each(['SubscriptionConfirmation', 'UnsubscribeConfirmation'])(
    'a %s is ignored, with its topic',
    (Type) => {
      expect(read(snsEnvelope({}, { Type }))).toEqual({
        kind: 'ignored',
        reason: expect.stringContaining(`a ${Type} of SNS topic "arn:aws:sns:eu-west-1:123456789012:alarms"`),
      });
    },
  );

  test.each<[string, string, string]>([
    ['an empty body', '', '"": not a JSON object'],
    ['half an object', '{"a":', '"{\\"a\\":": not a JSON object'],
    ['a list', '[1]', '"[1]": not a JSON object'],
    ['null', 'null', '"null": not a JSON object'],
    [
      'an object of another kind',
      '{"hello":1,"world":2}',
      'an object with hello, world: neither an EventBridge event nor an alarm published by SNS',
    ],
    [
      'prototype keys',
      '{"__proto__":{"detail-type":"x"},"constructor":1}',
      'an object with __proto__, constructor: neither an EventBridge event nor an alarm published by SNS',
    ],
    [
      'a notification in prose',
      JSON.stringify(snsEnvelope('', { Message: 'Your budget is spent' })),
      'SNS topic "arn:aws:sns:eu-west-1:123456789012:alarms": Message is "Your budget is spent", not a JSON object',
    ],
    [
      'an envelope in an envelope',
      JSON.stringify(snsEnvelope(snsEnvelope(snsAlarm()))),
      'an object with Type, MessageId, TopicArn, Subject, Message, Timestamp, Sign…: ' +
        'neither an EventBridge event nor an alarm published by SNS',
    ],
  ])('%s is rejected, and the reason says what it was', (_title, body, reason) => {
    expect(readSignal(body)).toEqual({ kind: 'rejected', reason });
  });
});

describe('readSignal, hostile bodies', () => {
  const jsons = fc.json({ maxDepth: 5 });
  const messages = fc.constantFrom(...real);

  /** Every path of a message, at which something else may stand. */
  function pathsOf(value: unknown, path: string[] = []): string[][] {
    if (typeof value !== 'object' || value === null) return [path];
    return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
  }

  function replace(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
    if (key === undefined) return by;
    const changed = Array.isArray(value) ? [...value] : { ...(value as object) };
    (changed as Record<string, unknown>)[key] = replace((changed as Record<string, unknown>)[key], rest, by);
    return changed;
  }

  function expectSound(reading: Reading): void {
    if (reading.kind === 'acknowledge') {
      expect(Acknowledgement.parse(reading)).toBeDefined();
      return;
    }
    if (reading.kind !== 'signal') {
      expect(reading.reason.length).toBeGreaterThan(0);
      expect(reading.reason.length).toBeLessThan(1_000);
      return;
    }
    expect(Signal.parse(reading.signal)).toBeDefined();
    expect(Number.isInteger(reading.signal.at)).toBe(true);
    const { dedupKey, detail, source } = classifySignal(reading.signal, team);
    expect(Buffer.byteLength(JSON.stringify({ dedupKey, detail, source }))).toBeLessThan(32 * 1024);
  }

  test('any JSON is answered, never thrown', () => {
    fc.assert(
      fc.property(jsons, (body) => expectSound(readSignal(body))),
      { numRuns: 500 },
    );
  });

  test('any text is answered', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (body) => expectSound(readSignal(body))),
      { numRuns: 300 },
    );
  });

  test('a real message with anything in the place of anything is answered', () => {
    const anything = fc.oneof(
      jsons.map((text) => JSON.parse(text) as unknown),
      fc.string({ unit: 'binary' }),
    );
    const mutated = fc
      .record({ message: messages, anything, place: fc.nat() })
      .map(({ message, anything: by, place }) => {
        const paths = pathsOf(message);
        return replace(message, paths[place % paths.length]!, by);
      });
    fc.assert(
      fc.property(mutated, (message) => expectSound(read(message))),
      { numRuns: 1_000 },
    );
  });

  test('a field more, whatever its name, changes nothing', () => {
    const names = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString'), fc.string());
    fc.assert(
      fc.property(messages, names, jsons, (message, name, json) => {
        fc.pre(!Object.hasOwn(message, name) && name !== 'detail-type' && name !== 'NewStateValue');
        const body = JSON.stringify(message);
        expect(readSignal(`{${JSON.stringify(name)}:${json},${body.slice(1)}`)).toEqual(readSignal(body));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['200,000 levels of lists', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['80,000 levels of objects', `${'{"a":'.repeat(80_000)}1${'}'.repeat(80_000)}`],
    ['a name of 250,000 letters', JSON.stringify(alarmEvent({ alarmName: 'x'.repeat(250_000) }))],
    [
      '14,000 dimensions',
      JSON.stringify(
        snsAlarm({}, { Trigger: { Dimensions: Array(14_000).fill({ name: 'aaaaaa', value: 'b' }) } }),
      ),
    ],
    [
      'an alarm with 200,000 levels in a field that nobody reads',
      JSON.stringify(alarmEvent()).replace('{', `{"x":${'['.repeat(200_000)}${']'.repeat(200_000)},`),
    ],
    ['half characters', JSON.stringify(alarmEvent({ alarmName: 'a\ud800', reason: '\udfff' }))],
  ])('%s is answered within 2 s', (_title, body) => {
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(BODY_BYTES_MOST);
    const startedAt = performance.now();
    expectSound(readSignal(body));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
