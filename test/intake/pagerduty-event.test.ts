import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkRoutingKey, readPagerDutyEvent } from '../../functions/intake/pagerduty-event.ts';
import { Acknowledgement, Signal } from '../../functions/intake/signal.ts';
import { acknowledge, NOW, trigger } from './sample-webhooks.ts';

const SEVERITIES = "'critical', 'warning', 'error' or 'info'";

function read(event: unknown) {
  return readPagerDutyEvent(event, 'datadog', NOW, () => 'made');
}

function signalOf(event: unknown): Signal {
  const reading = read(event);
  if (reading.kind !== 'read' || !('signal' in reading.message)) throw new Error(JSON.stringify(reading));
  return reading.message.signal;
}

function errorsOf(event: unknown): string[] {
  const reading = read(event);
  return reading.kind === 'invalid' ? reading.errors : [];
}

describe('readPagerDutyEvent, trigger', () => {
  test('the event of the documentation is an alarm of its integration, as of when it reached us', () => {
    expect(signalOf(trigger())).toEqual({
      dedupKey: 'integration:datadog:samplekeyhere',
      source: {
        kind: 'integration',
        integration: 'datadog',
        format: 'pagerduty',
        key: 'samplekeyhere',
        url: 'https://monitoring.example.com/disk',
      },
      state: 'alarm',
      at: NOW,
      severity: 'critical',
      labels: {
        source: 'prod-datapipe03.example.com',
        component: 'mysql',
        group: 'prod-datapipe',
        class: 'disk',
      },
      detail: {
        title: 'DISK at 99% on machine prod-datapipe03.example.com',
        description: [
          'source: prod-datapipe03.example.com',
          'component: mysql',
          'group: prod-datapipe',
          'class: disk',
          'free_space: 1%',
          'ping_time: 1500ms',
          'load_avg: 0.75',
          'link: Runbook https://wiki.example.com/disk',
          'image: The last hour https://chart.example.com/1.png',
          'sent by: Sample Monitoring Service https://monitoring.example.com/disk',
          'sent at: 2026-11-24T02:59:12.104+0000',
        ].join('\n'),
      },
    });
  });

  test.each([
    ['critical', 'critical'],
    ['error', 'critical'],
    ['warning', 'warning'],
    ['info', 'info'],
  ])('severity %s is %s', (severity, expected) => {
    expect(signalOf(trigger({}, { severity })).severity).toBe(expected);
  });

  test('one key of two integrations is two alerts', () => {
    const other = readPagerDutyEvent(trigger(), 'sentry', NOW, () => 'made');
    expect(JSON.stringify(other)).toContain('integration:sentry:samplekeyhere');
  });

  test('a number is the text that it looks like', () => {
    const event = trigger({ dedup_key: 4711 }, { summary: 404, source: 12, group: 7 });
    expect(read(event)).toMatchObject({ dedupKey: '4711' });
    expect(signalOf(event)).toMatchObject({
      dedupKey: 'integration:datadog:4711',
      detail: { title: '404' },
      labels: { source: '12', group: '7' },
    });
  });

  test.each([undefined, null, '', '  '])('without a dedup_key, %j, one is made and answered', (dedup_key) => {
    expect(read(trigger({ dedup_key }))).toMatchObject({
      dedupKey: 'made',
      message: { signal: { dedupKey: 'integration:datadog:made', source: { key: 'made' } } },
    });
  });

  test('a clock that is an hour ahead does not move the moment; it is only shown', () => {
    const signal = signalOf(trigger({}, { timestamp: '2026-11-24T04:00:00Z' }));
    expect(signal.at).toBe(NOW);
    expect(signal.detail.description).toContain('sent at: 2026-11-24T04:00:00Z');
  });

  test('an event with nothing but what is required keeps its title, severity and source', () => {
    const payload = { summary: 'db-1 is full', source: 'db-1', severity: 'warning' };
    const signal = signalOf(trigger({ payload, links: undefined, images: undefined, client: undefined }));
    expect(signal.detail.title).toBe('db-1 is full');
    expect(signal).toMatchObject({ severity: 'warning', labels: { source: 'db-1' } });
  });

  test.each([
    ['a text', 'all of it', 'details: all of it'],
    ['a list', [1, 2], 'details: [1,2]'],
    ['nested', { a: { b: [1] } }, 'a: {"b":[1]}'],
    ['empty', {}, 'class: disk\nlink'],
    ['null', null, 'class: disk\nlink'],
  ])('custom_details that are %s are shown', (_title, custom_details, expected) => {
    expect(signalOf(trigger({}, { custom_details })).detail.description).toContain(expected);
  });

  test.each([
    ['links', 'none'],
    ['links', [7, { text: 'no address' }, null]],
    ['images', { src: 'x' }],
    ['client', 7],
    ['client_url', ['https://example.com']],
  ])('%s of another shape, %j, still page', (field, value) => {
    expect(signalOf(trigger({ [field]: value }))).toMatchObject({ state: 'alarm', severity: 'critical' });
  });

  test('an address that is neither http nor https is no link; the first that is one serves', () => {
    const links = [{ href: 'file:///etc/passwd' }, { href: 'https://wiki.example.com/b' }];
    const { source } = signalOf(trigger({ client_url: 'javascript:alert(1)', links }));
    expect(source).toMatchObject({ url: 'https://wiki.example.com/b' });
  });

  test('500 KB of details are cut to 2,000 bytes, and the signal says so', () => {
    const { detail } = signalOf(trigger({}, { custom_details: { log: 'x'.repeat(500_000) } }));
    expect(Buffer.byteLength(detail.description!)).toBe(2_000);
    expect(detail.truncated).toBe(true);
  });

  test('half a character in a key is replaced, as no table takes it', () => {
    expect(signalOf(trigger({ dedup_key: 'a\ud800' })).dedupKey).toBe('integration:datadog:a\ufffd');
  });
});

describe('readPagerDutyEvent, acknowledge and resolve', () => {
  test('an acknowledgement is of the integration, as of when it reached us', () => {
    expect(read(acknowledge())).toMatchObject({
      kind: 'read',
      dedupKey: 'samplekeyhere',
      message: {
        acknowledge: {
          dedupKey: 'integration:datadog:samplekeyhere',
          by: 'integration:datadog',
          at: NOW,
          source: { integration: 'datadog', key: 'samplekeyhere' },
        },
      },
    });
  });

  test('a resolve needs no payload, and is an OK under the same key as its trigger', () => {
    const resolve = signalOf(acknowledge({ event_action: 'resolve' }));
    expect(resolve).toMatchObject({ state: 'ok', dedupKey: signalOf(trigger()).dedupKey, at: NOW });
  });

  test('what a resolve has in the place of a payload does not matter', () => {
    const payload = { severity: 'constructor', summary: 7 };
    expect(signalOf(acknowledge({ event_action: 'resolve', payload }))).toMatchObject({
      state: 'ok',
      severity: undefined,
    });
  });

  test('with the payload of the trigger they have its labels, for routes', () => {
    const { payload } = trigger();
    expect(read(acknowledge({ payload }))).toMatchObject({
      message: { acknowledge: { labels: { component: 'mysql' } } },
    });
  });
});

describe('readPagerDutyEvent, what is invalid', () => {
  test.each<[string, unknown, string[]]>([
    ['a list', [], ['Event is not a JSON object']],
    ['null', null, ['Event is not a JSON object']],
    ['no action', trigger({ event_action: undefined }), ["'event_action' is missing or blank"]],
    [
      'an unknown action',
      trigger({ event_action: 'page' }),
      ["'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"],
    ],
    [
      'an acknowledge without key',
      acknowledge({ dedup_key: undefined }),
      ["'dedup_key' is missing or blank"],
    ],
    [
      'a resolve with a blank key',
      acknowledge({ event_action: 'resolve', dedup_key: ' ' }),
      ["'dedup_key' is missing or blank"],
    ],
    ['a list for a key', trigger({ dedup_key: [7] }), ["'dedup_key' is not a string"]],
    [
      'a key of 256 characters',
      trigger({ dedup_key: 'k'.repeat(256) }),
      ["'dedup_key' is too long (maximum is 255 characters)"],
    ],
    ['no payload', trigger({ payload: undefined }), ["'payload' is missing or blank"]],
    ['a list for a payload', trigger({ payload: [] }), ["'payload' is not an object"]],
    ['no summary', trigger({}, { summary: undefined }), ["'payload.summary' is missing or blank"]],
    ['a blank source', trigger({}, { source: ' ' }), ["'payload.source' is missing or blank"]],
    [
      'an object for a source',
      trigger({}, { source: { host: 'db-1' } }),
      ["'payload.source' is not a string"],
    ],
    [
      'a summary of 1,025 characters',
      trigger({}, { summary: 's'.repeat(1_025) }),
      ["'payload.summary' is too long (maximum is 1024 characters)"],
    ],
    ['no severity', trigger({}, { severity: null }), ["'payload.severity' is missing or blank"]],
    [
      'a severity in capitals',
      trigger({}, { severity: 'CRITICAL' }),
      [`'payload.severity' is invalid (must be one of the following: ${SEVERITIES})`],
    ],
    [
      'an empty payload',
      trigger({ payload: {} }),
      [
        "'payload.summary' is missing or blank",
        "'payload.source' is missing or blank",
        "'payload.severity' is missing or blank",
      ],
    ],
  ])('%s', (_title, event, errors) => {
    expect(errorsOf(event)).toEqual(errors);
  });

  test('255 characters of a key and 1,024 of a summary are well, also when each is an emoji', () => {
    const event = trigger({ dedup_key: '🔥'.repeat(255) }, { summary: '🔥'.repeat(1_024) });
    expect(errorsOf(event)).toEqual([]);
  });
});

describe('checkRoutingKey', () => {
  test.each<[unknown, string[]]>([
    [undefined, ["'routing_key' is missing or blank"]],
    ['', ["'routing_key' is missing or blank"]],
    ['short', ["Length of 'routing_key' is incorrect (should be 32 characters)"]],
    [
      'e+kd5BWM-NCknhB3XnYg',
      [
        "Length of 'routing_key' is incorrect (should be 32 characters)",
        "'routing_key' cannot contain non-alphanumeric characters.",
      ],
    ],
    ['R'.repeat(32), []],
  ])('%j', (key, errors) => {
    expect(checkRoutingKey(key)).toEqual(errors);
  });
});

describe('readPagerDutyEvent, hostile events', () => {
  function expectSound(event: unknown): void {
    const reading = read(event);
    if (reading.kind === 'invalid') {
      expect(reading.errors.length).toBeGreaterThan(0);
      return;
    }
    const { message } = reading;
    if ('signal' in message) expect(Signal.parse(message.signal)).toBeDefined();
    else expect(Acknowledgement.parse(message.acknowledge)).toBeDefined();
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(64 * 1024);
  }

  test('any JSON is answered, never thrown', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), expectSound), { numRuns: 500 });
  });

  test('an event with anything in the place of anything is answered', () => {
    const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary', maxLength: 300 }));
    const changes = (names: string[]) => fc.dictionary(fc.constantFrom(...names), anything);
    const events = fc
      .record({
        top: changes(['event_action', 'dedup_key', 'payload', 'links', 'images', 'client', 'client_url']),
        payload: changes(['summary', 'source', 'severity', 'component', 'custom_details', 'timestamp']),
      })
      .map(({ top, payload }) => trigger(top, payload));
    fc.assert(fc.property(events, expectSound), { numRuns: 300 });
  });

  test('100,000 lists in each other are answered within a second', () => {
    const depth = 100_000;
    const details = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
    const begun = performance.now();
    expect(signalOf(trigger({}, { custom_details: { log: details } })).detail.description).toContain('log: ');
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
