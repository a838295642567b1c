import { describe, expect, test } from 'vitest';
import { readCloudWatchEvent } from '../../functions/intake/cloudwatch-event.ts';
import type { Signal } from '../../functions/intake/signal.ts';
import {
  ALARM_AT,
  alarmEvent,
  CPU_METRIC,
  configurationEvent,
  contributorEvent,
} from '../support/cloudwatch-events.ts';

const ARN = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu-high';

function signalOf(event: unknown): Signal {
  const reading = readCloudWatchEvent(event);
  if (reading.kind !== 'signal') throw new Error(JSON.stringify(reading));
  return reading.signal;
}

describe('readCloudWatchEvent, state change', () => {
  test('an alarm of one metric says who, what, when and why', () => {
    expect(signalOf(alarmEvent({ reason: 'Threshold Crossed' }))).toEqual({
      dedupKey: ARN,
      source: {
        kind: 'cloudwatch',
        account: '123456789012',
        region: 'eu-west-1',
        alarmName: 'cpu-high',
        alarmArn: ARN,
      },
      state: 'alarm',
      at: ALARM_AT,
      detail: {
        title: 'cpu-high',
        reason: 'Threshold Crossed',
        description: 'Too much CPU.',
        metric: 'AWS/EC2 CPUUtilization Average, InstanceId=i-0abc',
        threshold: '80 in periods of 300 s',
      },
      labels: { InstanceId: 'i-0abc' },
    });
  });

  test.each([
    ['OK', 'ok'],
    ['INSUFFICIENT_DATA', 'insufficient-data'],
  ] as const)('%s is %s', (state, expected) => {
    expect(signalOf(alarmEvent({ state })).state).toBe(expected);
  });

  test('a name with colons, spaces and an umlaut is read from the ARN', () => {
    const { source } = signalOf(alarmEvent({ alarmName: 'shop: 5xx, prüfen' }));
    expect(source).toMatchObject({ alarmName: 'shop: 5xx, prüfen' });
  });

  test('a composite alarm shows its rule', () => {
    const configuration = { alarmRule: 'ALARM(a) OR ALARM(b)', actionsSuppressor: 'maintenance' };
    expect(signalOf(alarmEvent({}, { configuration })).detail.metric).toBe('ALARM(a) OR ALARM(b)');
  });

  test('an anomaly alarm shows its metric and its band', () => {
    const band = { id: 'ad1', expression: 'ANOMALY_DETECTION_BAND(m1, 2)', returnData: true };
    const configuration = { metrics: [{ ...CPU_METRIC, id: 'm1' }, band] };
    expect(signalOf(alarmEvent({}, { configuration })).detail.metric).toBe(
      'm1 = AWS/EC2 CPUUtilization Average, InstanceId=i-0abc; ad1 = ANOMALY_DETECTION_BAND(m1, 2)',
    );
  });

  test('tags come along', () => {
    expect(signalOf(alarmEvent({}, { alarmTags: { team: 'shop' } })).tags).toEqual({ team: 'shop' });
  });

  test('a mute rule suppresses, until its window ends', () => {
    const muteDetail = {
      mutedByArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm-mute-rule:deploys',
      muteWindowStart: '2026-11-24T02:00:00.000+0000',
      muteWindowEnd: '2026-11-24T04:00:00.000+0000',
    };
    expect(signalOf(alarmEvent({}, { muteDetail })).suppressed).toBe(
      'muted by deploys until 2026-11-24T04:00:00.000+0000',
    );
  });

  test.each([
    [
      { actionsSuppressedBy: 'Alarm', actionsSuppressedReason: 'Actions suppressed by x' },
      'Actions suppressed by x',
    ],
    [{ actionsSuppressedBy: 'WaitPeriod' }, 'actions suppressed by WaitPeriod'],
    [{}, undefined],
  ])('a state with %j is suppressed: %s', (suppression, expected) => {
    const { state } = alarmEvent().detail;
    expect(signalOf(alarmEvent({}, { state: { ...state, ...suppression } })).suppressed).toBe(expected);
  });

  test.each([
    ['missing', undefined],
    ['broken', '{"threshold":'],
    ['no object', '80'],
    ['a number', 80],
    ['of other types', '{"threshold":"80","period":[]}'],
  ])('reasonData that is %s costs only the threshold', (_title, reasonData) => {
    const { state } = alarmEvent().detail;
    const { detail } = signalOf(alarmEvent({}, { state: { ...state, reasonData } }));
    expect(detail.threshold).toBeUndefined();
    expect(detail.metric).toBe('AWS/EC2 CPUUtilization Average, InstanceId=i-0abc');
  });

  test.each([
    ['configuration', null],
    ['configuration', { description: 5, metrics: 'many', threshold: 'high' }],
    ['configuration', { metrics: [{ metricStat: [] }, 7] }],
    ['muteDetail', 'yes'],
    ['alarmTags', [{ Key: 'team' }]],
  ])('a %s of another shape, %j, still pages', (field, value) => {
    expect(signalOf(alarmEvent({}, { [field]: value }))).toMatchObject({ state: 'alarm', dedupKey: ARN });
  });

  test('texts longer than 2,000 bytes are cut, and the signal says so', () => {
    const { detail } = signalOf(alarmEvent({ reason: 'x'.repeat(500_000), description: 'short' }));
    expect(detail.reason).toBe('x'.repeat(2_000));
    expect(detail.description).toBe('short');
    expect(detail.truncated).toBe(true);
  });
});

describe('readCloudWatchEvent, contributor', () => {
  test('a contributor has a key and a title of its own', () => {
    const { dedupKey, source, detail, state } = signalOf(contributorEvent());
    expect(dedupKey).toBe(`${ARN}\n6d442278dba546f6`);
    expect(source).toMatchObject({ contributor: 'TableName=orders' });
    expect(detail.title).toBe('cpu-high (TableName=orders)');
    expect(state).toBe('alarm');
  });

  test('its attributes are labels, and win over the dimensions of the metric', () => {
    const event = contributorEvent({}, { id: '1', attributes: { TableName: 'orders', InstanceId: 'i-9' } });
    expect(signalOf(event).labels).toEqual({ TableName: 'orders', InstanceId: 'i-9' });
  });

  test('the order of its attributes changes nothing', () => {
    const one = contributorEvent({}, { id: '1', attributes: { a: '1', b: '2' } });
    const two = contributorEvent({}, { id: '1', attributes: { b: '2', a: '1' } });
    expect(signalOf(one)).toEqual(signalOf(two));
  });

  test('without attributes its id is shown', () => {
    expect(signalOf(contributorEvent({}, { id: '6d44' })).detail.title).toBe('cpu-high (6d44)');
  });

  test('two contributors and their alarm have 3 keys', () => {
    const keys = [alarmEvent(), contributorEvent(), contributorEvent({}, { id: '2' })].map(signalOf);
    expect(new Set(keys.map(({ dedupKey }) => dedupKey)).size).toBe(3);
  });

  test('a contributor without an id is rejected', () => {
    expect(readCloudWatchEvent(contributorEvent({}, { id: '' })).kind).toBe('rejected');
  });
});

describe('readCloudWatchEvent, configuration change', () => {
  test('a deletion counts at the last millisecond of its second, with the full threshold', () => {
    const signal = signalOf(configurationEvent('delete', { at: ALARM_AT }));
    expect(signal).toMatchObject({
      state: 'deleted',
      dedupKey: ARN,
      at: Date.parse('2026-11-24T03:00:00.999Z'),
    });
    expect(signal.detail.threshold).toBe('> 80 for 3 of 5 periods of 300 s');
  });

  test.each(['create', 'update'] as const)('%s is ignored', (operation) => {
    expect(readCloudWatchEvent(configurationEvent(operation))).toEqual({
      kind: 'ignored',
      reason: `a configuration change, "${operation}", of "cpu-high"`,
    });
  });
});

describe('readCloudWatchEvent, what is left out', () => {
  const alarmName = 'TargetTracking-table/orders-AlarmHigh-0a1b2c3d';
  test.each([
    ['a state change', alarmEvent({ alarmName })],
    ['a deletion', configurationEvent('delete', { alarmName })],
  ])("%s of auto-scaling's own alarm is ignored", (_title, event) => {
    expect(readCloudWatchEvent(event)).toEqual({
      kind: 'ignored',
      reason: `${alarmName} is an alarm of auto-scaling`,
    });
  });

  test("an event of another service, and an unknown type of CloudWatch's, are ignored", () => {
    const other = { ...alarmEvent(), source: 'aws.health', 'detail-type': 'AWS Health Event' };
    expect(readCloudWatchEvent(other).kind).toBe('ignored');
    const unknown = { ...alarmEvent(), 'detail-type': 'CloudWatch Dashboard Change' };
    expect(readCloudWatchEvent(unknown)).toEqual({
      kind: 'ignored',
      reason: 'an event of type "CloudWatch Dashboard Change"',
    });
  });
});

describe('readCloudWatchEvent, what is rejected', () => {
  const { state } = alarmEvent().detail;
  test.each([
    [
      'an unknown state',
      alarmEvent({}, { state: { ...state, value: 'FIRING' } }),
      'detail.state.value is "FIRING", not one of ALARM, OK, INSUFFICIENT_DATA',
    ],
    [
      'a day that no calendar has',
      alarmEvent({}, { state: { ...state, timestamp: '2026-02-30T00:00:00.000+0000' } }),
      'detail.state.timestamp is "2026-02-30T00:00:00.000+0000", not a moment such as 2026-11-24T03:00:00.123+0000',
    ],
    [
      'a number for a moment',
      alarmEvent({}, { state: { ...state, timestamp: 1_795_489_200 } }),
      'detail.state.timestamp is 1795489200, not of type string',
    ],
    [
      'the ARN of something else',
      { ...alarmEvent(), resources: ['arn:aws:sns:eu-west-1:123456789012:x'] },
      'resources.0 is "arn:aws:sns:eu-west-1:123456789012:x", not the ARN of an alarm, ' +
        'arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME',
    ],
    ['no detail', { ...alarmEvent(), detail: undefined }, 'detail is nothing, not of type object'],
    ['no ARN', { ...alarmEvent(), resources: [] }, 'resources.0 is nothing, not of type string'],
  ])('%s', (_title, event, wrong) => {
    expect(readCloudWatchEvent(event)).toEqual({
      kind: 'rejected',
      reason: `CloudWatch Alarm State Change: ${wrong}`,
    });
  });

  test('of 4 mistakes the first 3 are told', () => {
    const event = { ...alarmEvent({}, { state: { value: 1, timestamp: 2 } }), resources: [3] };
    const reading = readCloudWatchEvent({ ...event, detail: { ...event.detail } });
    expect(reading).toMatchObject({ kind: 'rejected' });
    expect('reason' in reading && reading.reason.split('; ')).toHaveLength(3);
  });
});
