/** CloudWatch's alarms: their state, asked for by DescribeAlarms, and told on the default bus when it changes. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError, type Input } from './call.ts';
import type { BusEvent } from './event-bus.ts';
import type { Grant, Service } from './service.ts';

export type AlarmState = 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';

export type AlarmChange = {
  alarmName: string;
  state: AlarmState;
  reason: string;
  /** epoch milliseconds of the change; default: now */
  at?: number;
  metric?: {
    namespace: string;
    name: string;
    dimensions?: Record<string, string>;
    stat?: string;
    periodS?: number;
  };
  threshold?: { operator: string; value: number; datapoints?: number; periods?: number };
  description?: string;
  /** why the alarm's actions are suppressed, if they are */
  suppressed?: string;
};

type Alarm = Required<Pick<AlarmChange, 'alarmName' | 'state' | 'reason'>> & AlarmChange & { at: number };

const OPERATORS: Record<string, string> = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
  '<=': 'LessThanOrEqualToThreshold',
};

export function openAlarms(
  clock: Clock,
  place: { account: string; region: string },
  emit: (event: BusEvent) => void,
) {
  const alarms = new Map<string, Alarm>();
  const arn = (name: string) => `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:${name}`;

  const put = (change: AlarmChange): void => {
    const before = alarms.get(change.alarmName);
    const alarm: Alarm = { ...before, ...change, at: change.at ?? clock.nowMs() };
    if (change.suppressed === undefined) delete alarm.suppressed;
    alarms.set(alarm.alarmName, alarm);
    if (before?.state === alarm.state) return;
    emit({
      id: randomUUID(),
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      time: seconds(alarm.at),
      resources: [arn(alarm.alarmName)],
      detail: {
        alarmName: alarm.alarmName,
        state: stateOf(alarm),
        previousState: before
          ? stateOf(before)
          : {
              value: 'INSUFFICIENT_DATA',
              reason: 'Unchecked: Initial alarm creation',
              timestamp: timestamp(alarm.at),
            },
        configuration: configurationOf(alarm),
        ...(alarm.suppressed === undefined ? {} : { muteDetail: { mutedByArn: alarm.suppressed } }),
      },
    });
  };

  return {
    put,
    delete(alarmName: string): void {
      const alarm = alarms.get(alarmName);
      if (!alarm) return;
      alarms.delete(alarmName);
      emit({
        id: randomUUID(),
        source: 'aws.cloudwatch',
        'detail-type': 'CloudWatch Alarm Configuration Change',
        time: seconds(clock.nowMs()),
        resources: [arn(alarmName)],
        detail: {
          alarmName,
          operation: 'delete',
          state: { value: alarm.state, timestamp: timestamp(alarm.at) },
          configuration: configurationOf(alarm),
        },
      });
    },
    service: cloudwatch(alarms, arn),
  };
}

function cloudwatch(alarms: ReadonlyMap<string, Alarm>, arn: (name: string) => string): Service {
  return {
    grants(action, input): Grant[] | undefined {
      switch (action) {
        case 'DescribeAlarms': {
          const names = (input.AlarmNames as string[] | undefined) ?? ['*'];
          return names.map((name) => ({ action: 'cloudwatch:DescribeAlarms', resource: arn(name) }));
        }
        case 'ListAlarmMuteRules':
          return [
            {
              action: 'cloudwatch:ListAlarmMuteRules',
              resource: arn('*').replace(':alarm:', ':alarm-mute-rule:'),
            },
          ];
        default:
          return undefined;
      }
    },
    handle({ action, input }) {
      if (action === 'ListAlarmMuteRules') return muteRules(alarms, input);
      if (input.AlarmNamePrefix || input.StateValue || input.NextToken) {
        throw new AwsError('InvalidParameterValue', 'the local world describes alarms by AlarmNames only');
      }
      const names = input.AlarmNames as string[] | undefined;
      const found = [...alarms.values()].filter(({ alarmName }) => !names || names.includes(alarmName));
      return { MetricAlarms: found.map((alarm) => describe(alarm, arn)), CompositeAlarms: [] };
    },
  };
}

function muteRules(alarms: ReadonlyMap<string, Alarm>, { AlarmName }: Input) {
  const muting = AlarmName === undefined ? undefined : alarms.get(String(AlarmName))?.suppressed;
  return {
    AlarmMuteRuleSummaries:
      muting === undefined ? [] : [{ AlarmMuteRuleArn: muting, Status: 'ACTIVE', MuteType: 'ALARM' }],
  };
}

function describe(alarm: Alarm, arn: (name: string) => string) {
  return {
    AlarmName: alarm.alarmName,
    AlarmArn: arn(alarm.alarmName),
    AlarmDescription: alarm.description,
    ActionsEnabled: true,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: alarm.at / 1000,
    StateTransitionedTimestamp: alarm.at / 1000,
    MetricName: alarm.metric?.name,
    Namespace: alarm.metric?.namespace,
    Threshold: alarm.threshold?.value,
    ComparisonOperator: alarm.threshold && OPERATORS[alarm.threshold.operator],
  };
}

function stateOf({ state, reason, at, metric, threshold }: Alarm) {
  return {
    value: state,
    reason,
    reasonData: JSON.stringify({
      version: '1.0',
      queryDate: timestamp(at),
      statistic: metric?.stat ?? 'Average',
      period: metric?.periodS ?? 300,
      ...(threshold ? { threshold: threshold.value } : {}),
    }),
    timestamp: timestamp(at),
  };
}

function configurationOf({ description, metric, threshold }: Alarm) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(threshold
      ? {
          threshold: threshold.value,
          comparisonOperator: OPERATORS[threshold.operator],
          evaluationPeriods: threshold.periods ?? 1,
          datapointsToAlarm: threshold.datapoints ?? threshold.periods ?? 1,
        }
      : {}),
    metrics: metric
      ? [
          {
            id: 'm1',
            metricStat: {
              metric: { namespace: metric.namespace, name: metric.name, dimensions: metric.dimensions ?? {} },
              period: metric.periodS ?? 300,
              stat: metric.stat ?? 'Average',
            },
            returnData: true,
          },
        ]
      : [],
  };
}

/** `2026-01-05T03:00:00.000+0000`: CloudWatch writes no colon. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

/** An event's own time has whole seconds. */
function seconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
