/** CloudWatch's alarms: their state, told on the default bus when it changes. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Kept } from '../kept-state.ts';
import type { BusEvent } from './event-bus.ts';

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
  tags?: Record<string, string>;
  /** why the alarm's actions are suppressed, if they are */
  suppressed?: string;
};

export type Alarm = Required<Pick<AlarmChange, 'alarmName' | 'state' | 'reason'>> &
  AlarmChange & { at: number };

export type Alarms = ReturnType<typeof openAlarms>;

export const OPERATORS: Record<string, string> = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
  '<=': 'LessThanOrEqualToThreshold',
};

export function openAlarms(
  clock: Clock,
  place: { account: string; region: string },
  kept: Kept<Alarm[]>,
  emit: (event: BusEvent) => void,
) {
  const alarms = new Map((kept.before ?? []).map((alarm) => [alarm.alarmName, alarm]));
  const arn = (name: string) => `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:${name}`;

  const save = () => kept.save([...alarms.values()]);
  const put = (change: AlarmChange): void => {
    const before = alarms.get(change.alarmName);
    const alarm: Alarm = { ...before, ...change, at: change.at ?? clock.nowMs() };
    if (change.suppressed === undefined) delete alarm.suppressed;
    alarms.set(alarm.alarmName, alarm);
    save();
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
        ...(alarm.tags === undefined ? {} : { alarmTags: alarm.tags }),
      },
    });
  };
  const tellConfiguration = (operation: 'create' | 'update' | 'delete', alarm: Alarm) =>
    emit({
      id: randomUUID(),
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm Configuration Change',
      time: seconds(clock.nowMs()),
      resources: [arn(alarm.alarmName)],
      detail: {
        alarmName: alarm.alarmName,
        operation,
        state: { value: alarm.state, timestamp: timestamp(alarm.at) },
        configuration: configurationOf(alarm),
      },
    });

  return {
    arn,
    put,
    get: (alarmName: string): Alarm | undefined => alarms.get(alarmName),
    all: (): Alarm[] => [...alarms.values()],
    /** Creates or changes it; its state stays, or is not known yet. */
    configure(
      alarmName: string,
      configuration: Pick<Alarm, 'metric' | 'threshold' | 'description' | 'tags'>,
    ) {
      const before = alarms.get(alarmName);
      const alarm: Alarm = {
        alarmName,
        state: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        at: clock.nowMs(),
        ...before,
        ...configuration,
      };
      alarms.set(alarmName, alarm);
      save();
      tellConfiguration(before ? 'update' : 'create', alarm);
    },
    delete(alarmName: string): void {
      const alarm = alarms.get(alarmName);
      if (!alarm) return;
      alarms.delete(alarmName);
      save();
      tellConfiguration('delete', alarm);
    },
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
