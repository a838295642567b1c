/** What tells people that Tocsin itself is ill: CloudWatch alarms that reach them through SNS alone. */
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, OVERDUE_AGE_METRIC } from '../functions/tick/contract.ts';
import type { Contacts } from './contacts.ts';
import type { QueueWithDeadLetters } from './queue.ts';

export type WatchProps = {
  readonly prefix: string;
  readonly contacts: Contacts;
  readonly signals: QueueWithDeadLetters;
  readonly due: QueueWithDeadLetters;
};

/** The alarms on ourselves. Their path to people has none of our code in it, so intake leaves them out. */
export const OWN_ALARMS = [
  'overdue',
  'intake-late',
  'intake-failing',
  'intake-dead-letters',
  'due-dead-letters',
] as const;

type AlarmProps = {
  /** also the name of its runbook in docs/runbooks */
  readonly name: (typeof OWN_ALARMS)[number];
  readonly says: string;
  readonly metric: IMetric;
  /** the alarm is on above it */
  readonly threshold: number;
  readonly minutes: number;
  readonly missing: { readonly is: TreatMissingData; readonly because: string };
};

/** Pages that are late by more than two ticks are late for a reason. Source: design, Failure */
const OVERDUE_MOST_MS = 120_000;
const SIGNAL_AGE_MOST_S = 120;

const PERIOD = Duration.minutes(1);

const IDLE_QUEUE = {
  is: TreatMissingData.NOT_BREACHING,
  because: 'SQS reports nothing about a queue that is idle',
};

export class Watch extends Construct {
  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { signals, due } = props;
    const alarms: AlarmProps[] = [
      {
        name: 'overdue',
        says: 'What was due is more than 120 s late, or the tick has stopped: pages are late or do not go out.',
        metric: new Metric({
          namespace: METRIC_NAMESPACE,
          metricName: OVERDUE_AGE_METRIC,
          dimensionsMap: { service: `${props.prefix}-tick` },
          statistic: 'Maximum',
          period: PERIOD,
        }),
        threshold: OVERDUE_MOST_MS,
        // One tick may slip into the next minute.
        minutes: 2,
        missing: {
          is: TreatMissingData.BREACHING,
          because: 'the tick reports each minute, also when nothing is due',
        },
      },
      {
        name: 'intake-late',
        says: 'A signal has waited for more than 120 s: alarms do not become alerts in time.',
        metric: signals.queue.metricApproximateAgeOfOldestMessage({ period: PERIOD }),
        threshold: SIGNAL_AGE_MOST_S,
        minutes: 1,
        missing: IDLE_QUEUE,
      },
      {
        // SQS leaves out of the age what was received three times and put back: a failing signal looks young.
        name: 'intake-failing',
        says: 'Signals are received and none succeeds: alarms do not become alerts.',
        metric: new MathExpression({
          expression: 'IF(received > 0 AND deleted == 0, 1, 0)',
          label: 'nothing succeeds',
          period: PERIOD,
          usingMetrics: {
            received: signals.queue.metricNumberOfMessagesReceived({ period: PERIOD }),
            deleted: signals.queue.metricNumberOfMessagesDeleted({ period: PERIOD }),
          },
        }),
        threshold: 0,
        minutes: 3,
        missing: IDLE_QUEUE,
      },
      {
        name: 'intake-dead-letters',
        says: 'A signal could not be read, or could not be delivered for a day: an alarm may have gone unheard.',
        metric: depthOf(signals.deadLetters),
        threshold: 0,
        minutes: 1,
        missing: IDLE_QUEUE,
      },
      {
        name: 'due-dead-letters',
        says: 'The due queue gave a row up. The tick hands it over again while it is due.',
        metric: depthOf(due.deadLetters),
        threshold: 0,
        minutes: 1,
        missing: IDLE_QUEUE,
      },
    ];
    for (const alarm of alarms) this.createAlarm(alarm, props);
  }

  private createAlarm(alarm: AlarmProps, { prefix, contacts }: WatchProps): void {
    new Alarm(this, alarm.name, {
      alarmName: `${prefix}-${alarm.name}`,
      alarmDescription: `${alarm.says} Runbook: docs/runbooks/${alarm.name}.md (Missing data: ${alarm.missing.because}.)`,
      metric: alarm.metric,
      threshold: alarm.threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: alarm.minutes,
      treatMissingData: alarm.missing.is,
    }).addAlarmAction(new SnsAction(contacts.watchers));
  }
}

function depthOf(queue: Queue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD });
}
