import { describe, expect, test } from 'vitest';
import { readCloudWatchEvent } from '../../functions/intake/cloudwatch-event.ts';
import { readCloudWatchSns } from '../../functions/intake/cloudwatch-sns.ts';
import type { Signal } from '../../functions/intake/signal.ts';
import { alarmEvent, CPU_METRIC, contributorEvent, snsAlarm } from '../support/cloudwatch-events.ts';

function signalOf(message: unknown): Signal {
  const reading = readCloudWatchSns(message);
  if (reading.kind !== 'signal') throw new Error(JSON.stringify(reading));
  return reading.signal;
}

function sameFromEvent(event: unknown): unknown {
  const reading = readCloudWatchEvent(event);
  return (
    reading.kind === 'signal' && { ...reading.signal, detail: { ...reading.signal.detail, threshold: '' } }
  );
}

function sameFromSns(message: unknown): unknown {
  const signal = signalOf(message);
  return { ...signal, detail: { ...signal.detail, threshold: '' } };
}

describe('readCloudWatchSns', () => {
  test.each(['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const)(
    '%s by SNS is the same signal as by EventBridge, but for the threshold',
    (state) => {
      expect(sameFromSns(snsAlarm({ state }))).toEqual(sameFromEvent(alarmEvent({ state })));
    },
  );

  test('an alarm over an expression is the same by both ways', () => {
    const expression = { id: 'e1', expression: 'm1 * 2', returnData: true };
    const configuration = {
      description: 'Too much CPU.',
      metrics: [expression, { ...CPU_METRIC, id: 'm1', returnData: false }],
    };
    const { metric, stat } = CPU_METRIC.metricStat;
    const Metric = {
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: [{ name: 'InstanceId', value: 'i-0abc' }],
    };
    const Trigger = {
      Metrics: [
        { Id: 'e1', Expression: 'm1 * 2', ReturnData: true },
        { Id: 'm1', MetricStat: { Metric, Stat: stat, Period: 300 }, ReturnData: false },
      ],
    };
    expect(sameFromSns(snsAlarm({}, { Trigger }))).toEqual(sameFromEvent(alarmEvent({}, { configuration })));
    expect(signalOf(snsAlarm({}, { Trigger })).detail.metric).toBe(
      'e1 = m1 * 2; m1 = AWS/EC2 CPUUtilization Average, InstanceId=i-0abc',
    );
  });

  test('a contributor has the same key by both ways', () => {
    const contributor = {
      AlarmContributorId: '6d442278dba546f6',
      AlarmContributorAttributes: { TableName: 'orders' },
    };
    const { dedupKey, source } = signalOf(snsAlarm({}, contributor));
    expect(sameFromEvent(contributorEvent())).toMatchObject({ dedupKey, source });
  });

  test('the Region is that of the ARN, not its long name', () => {
    expect(signalOf(snsAlarm({ region: 'us-gov-west-1' })).source).toMatchObject({ region: 'us-gov-west-1' });
  });

  test('the threshold is complete: > 80 for 3 of 5 periods of 300 s', () => {
    expect(signalOf(snsAlarm()).detail.threshold).toBe('> 80 for 3 of 5 periods of 300 s');
  });

  test('a composite alarm, which has no Trigger, shows its rule', () => {
    const message = snsAlarm({}, { Trigger: undefined, AlarmRule: 'ALARM(a)', TriggeringChildren: [] });
    expect(signalOf(message).detail).toMatchObject({ metric: 'ALARM(a)' });
  });

  test('no description, null in SNS, is none', () => {
    expect(signalOf(snsAlarm({}, { AlarmDescription: null })).detail.description).toBeUndefined();
  });

  test('a dimension named like a member of Object.prototype is a dimension', () => {
    const { Trigger } = snsAlarm();
    const Dimensions = [{ name: '__proto__', value: 'x' }];
    const { metric } = signalOf(
      snsAlarm({}, { Trigger: { ...Trigger, Statistic: 'toString', Dimensions } }),
    ).detail;
    expect(metric).toBe('AWS/EC2 CPUUtilization toString, __proto__=x');
  });

  test('a StateChangeTime of 30 February is rejected', () => {
    expect(
      readCloudWatchSns(snsAlarm({}, { StateChangeTime: '2026-02-30T00:00:00.000+0000' })),
    ).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('StateChangeTime is "2026-02-30T00:00:00.000+0000", not a moment'),
    });
  });

  test('without an ARN, whose alarm it is cannot be known: rejected', () => {
    expect(readCloudWatchSns(snsAlarm({}, { AlarmArn: undefined }))).toEqual({
      kind: 'rejected',
      reason: "a CloudWatch alarm's SNS message: AlarmArn is nothing, not of type string",
    });
  });
});
