/** What tells people that Tocsin itself is ill: CloudWatch alarms that reach them through SNS alone. */
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { SECOND_TICK_BEHIND_MS, SECOND_TICK_LOOKAHEAD_MS } from '../functions/tick/contract.ts';
import { LATE_MOST_MS } from '../functions/watchers/contract.ts';
import type { Contacts } from './contacts.ts';
import type { OwnMetrics } from './own-metrics.ts';

export type WatchProps = {
  readonly prefix: string;
  readonly contacts: Contacts;
  readonly metrics: OwnMetrics;
  /** where the runbooks are read: one per alarm, named after it */
  readonly runbooksUrl: string;
};

/** The alarms on ourselves. Their path to people has none of our code in it, so intake leaves them out. */
export const OWN_ALARMS = [
  'overdue',
  'tick-missing',
  'second-tick-failing',
  'escalation-late',
  'escalation-audit-missing',
  'intake-late',
  'intake-failing',
  'intake-dead-letters',
  'due-late',
  'due-dead-letters',
  'sends-failing',
  'http-failing',
] as const;

type AlarmProps = {
  /** also the name of its runbook */
  readonly name: (typeof OWN_ALARMS)[number];
  readonly says: string;
  readonly metric: IMetric;
  /** the alarm is on above it, or below it */
  readonly above?: number;
  readonly below?: number;
  /** so many periods of the metric in a row */
  readonly periods: number;
  readonly missing: { readonly is: TreatMissingData; readonly because: string };
};

/** Pages that are late by more than two ticks are late for a reason. Source: design, Failure */
const LATE_MOST_S = LATE_MOST_MS / 1000;

/**
 * SQS does not say whether the time for which a message is delayed counts in its age; the ticks hand over what is
 * due within their look-ahead. Beyond both, a message is late whichever way SQS counts.
 */
const DUE_AGE_MOST_S = (SECOND_TICK_LOOKAHEAD_MS + SECOND_TICK_BEHIND_MS) / 1000 + LATE_MOST_S;

/** One page that fails finds another way by itself. Three within five minutes are more than one person's phone. */
const FAILED_SENDS_MOST = 2;

const BREACHING = TreatMissingData.BREACHING;
const NOT_BREACHING = TreatMissingData.NOT_BREACHING;
const IGNORED = TreatMissingData.IGNORE;
const IDLE_QUEUE = { is: NOT_BREACHING, because: 'SQS reports nothing about a queue that is idle' };

export class Watch extends Construct {
  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { metrics } = props;
    const alarms: AlarmProps[] = [
      {
        name: 'overdue',
        says: `What was due is more than ${LATE_MOST_S} s late, or the tick fails: pages are late or do not go out.`,
        metric: metrics.overdueAgeMs,
        above: LATE_MOST_S * 1000,
        // One tick may slip into the next minute.
        periods: 2,
        missing: { is: BREACHING, because: 'the tick reports each minute, also when nothing is due' },
      },
      {
        name: 'tick-missing',
        says: 'The tick is not called: unless the second one stands in, nobody is escalated to.',
        metric: metrics.invocations('tick'),
        below: 1,
        // Two ticks can be 119 s apart: one minute without any is in order, two are not, and the third is a margin.
        periods: 3,
        missing: { is: BREACHING, because: 'a function that is not called reports nothing' },
      },
      {
        name: 'second-tick-failing',
        says: 'The second tick is not called, or fails: nobody stands in for the first.',
        metric: new MathExpression({
          expression: 'calls - errors',
          label: 'calls that succeeded',
          period: Duration.minutes(5),
          usingMetrics: {
            calls: metrics.invocations('second-tick').with({ period: Duration.minutes(5) }),
            errors: metrics.errors('second-tick').with({ period: Duration.minutes(5) }),
          },
        }),
        below: 1,
        periods: 3,
        missing: { is: BREACHING, because: 'a function that is not called reports nothing' },
      },
      {
        name: 'escalation-late',
        says: `An open alert was more than ${LATE_MOST_S} s late in what it had to do when the escalation audit found it.`,
        metric: metrics.escalationLagMs,
        above: LATE_MOST_S * 1000,
        periods: 1,
        missing: { is: IGNORED, because: 'an audit that does not beat has an alarm of its own' },
      },
      {
        name: 'escalation-audit-missing',
        says: 'The escalation audit does not beat: it does not run, fails, or has found an alert that it cannot make go on.',
        metric: metrics.escalationLagMs.with({ statistic: 'SampleCount' }),
        below: 1,
        // One run may slip into the next five minutes; two may not.
        periods: 3,
        missing: { is: BREACHING, because: 'only an audit that has seen every alert go on reports' },
      },
      {
        name: 'intake-late',
        says: `A signal has waited for more than ${LATE_MOST_S} s: alarms do not become alerts in time.`,
        metric: metrics.signals.ageS,
        above: LATE_MOST_S,
        periods: 1,
        missing: IDLE_QUEUE,
      },
      {
        // SQS leaves out of the age what was received three times and put back: a failing signal looks young.
        name: 'intake-failing',
        says: 'Signals are received and none succeeds: alarms do not become alerts.',
        metric: new MathExpression({
          expression: 'IF(received > 0 AND deleted == 0, 1, 0)',
          label: 'nothing succeeds',
          period: Duration.minutes(1),
          usingMetrics: {
            received: metrics.signals.received,
            deleted: metrics.signals.deleted,
          },
        }),
        above: 0,
        periods: 3,
        missing: IDLE_QUEUE,
      },
      {
        name: 'intake-dead-letters',
        says: 'A signal could not be read, or could not be delivered for a day: an alarm may have gone unheard.',
        metric: metrics.signals.deadLetters,
        above: 0,
        periods: 1,
        missing: IDLE_QUEUE,
      },
      {
        name: 'due-late',
        says: `What is due has waited in its queue for more than ${LATE_MOST_S} s: escalations and bundles are late.`,
        metric: metrics.due.ageS,
        above: DUE_AGE_MOST_S,
        periods: 1,
        missing: IDLE_QUEUE,
      },
      {
        name: 'due-dead-letters',
        says: 'The due queue gave a row up. The tick hands it over again while it is due.',
        metric: metrics.due.deadLetters,
        above: 0,
        periods: 1,
        missing: IDLE_QUEUE,
      },
      {
        name: 'sends-failing',
        says: 'Several messages within five minutes were refused by SNS or did not arrive: people may not be reached.',
        metric: metrics.failedSends,
        above: FAILED_SENDS_MOST,
        periods: 1,
        missing: { is: NOT_BREACHING, because: 'only what fails is counted' },
      },
      {
        name: 'http-failing',
        says: 'The HTTP API answered with 5xx: an event of a sender was not taken, or a link in a message did not work.',
        metric: metrics.httpServerErrors,
        above: 0,
        periods: 1,
        missing: { is: NOT_BREACHING, because: 'nobody called' },
      },
    ];
    for (const alarm of alarms) this.createAlarm(alarm, props);
  }

  private createAlarm(alarm: AlarmProps, { prefix, contacts, runbooksUrl }: WatchProps): void {
    const { name, says, metric, above, below, periods, missing } = alarm;
    new Alarm(this, name, {
      alarmName: `${prefix}-${name}`,
      alarmDescription: `${says} Runbook: ${runbooksUrl}/${name}.md (Missing data: ${missing.because}.)`,
      metric,
      threshold: above ?? below ?? 0,
      comparisonOperator:
        below === undefined
          ? ComparisonOperator.GREATER_THAN_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: missing.is,
    }).addAlarmAction(new SnsAction(contacts.watchers));
  }
}
