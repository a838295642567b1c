/** The metrics by which Tocsin is watched, for its alarms and its dashboard. Three are ours; AWS's own cost nothing. */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FAILED_SENDS_METRIC } from '../functions/paging/contract.ts';
import { METRIC_NAMESPACE, OVERDUE_AGE_METRIC } from '../functions/tick/contract.ts';
import { ESCALATION_LAG_METRIC } from '../functions/watchers/contract.ts';
import type { BundleName } from './bundles.ts';
import type { PublicApi } from './public-api.ts';
import type { QueueWithDeadLetters } from './queue.ts';

export type OwnMetricsProps = {
  readonly prefix: string;
  readonly api: PublicApi;
  readonly signals: QueueWithDeadLetters;
  readonly due: QueueWithDeadLetters;
};

export type OwnMetrics = ReturnType<typeof ownMetrics>;

const period = Duration.minutes(1);
const longPeriod = Duration.minutes(5);

/** Each by the minute, unless it says otherwise. */
export function ownMetrics({ prefix, api, signals, due }: OwnMetricsProps) {
  return {
    /** milliseconds by which the oldest due row is late */
    overdueAgeMs: new Metric({
      namespace: METRIC_NAMESPACE,
      metricName: OVERDUE_AGE_METRIC,
      dimensionsMap: { service: `${prefix}-tick` },
      statistic: 'Maximum',
      period,
    }),
    /** in five minutes: milliseconds by which the latest open alert was late; none while the escalation audit does not beat */
    escalationLagMs: new Metric({
      namespace: METRIC_NAMESPACE,
      metricName: ESCALATION_LAG_METRIC,
      dimensionsMap: { service: `${prefix}-escalation-audit` },
      statistic: 'Maximum',
      period: longPeriod,
    }),
    /** in five minutes: messages that SNS refused, or reported as not delivered */
    failedSends: new Metric({
      namespace: METRIC_NAMESPACE,
      metricName: FAILED_SENDS_METRIC,
      dimensionsMap: { service: prefix },
      statistic: 'Sum',
      period: longPeriod,
    }),
    /** of the account in this Region, not of Tocsin alone */
    smsSpentUsd: new Metric({
      namespace: 'AWS/SNS',
      metricName: 'SMSMonthToDateSpentUSD',
      statistic: 'Maximum',
      period: longPeriod,
    }),
    httpServerErrors: api.metricServerErrors({ period }),
    signals: queueMetrics(signals),
    due: queueMetrics(due),
    invocations: (bundle: BundleName) => functionMetric(prefix, bundle, 'Invocations', 'Sum'),
    errors: (bundle: BundleName) => functionMetric(prefix, bundle, 'Errors', 'Sum'),
    throttles: (bundle: BundleName) => functionMetric(prefix, bundle, 'Throttles', 'Sum'),
    durationMs: (bundle: BundleName) => functionMetric(prefix, bundle, 'Duration', 'p99'),
  };
}

function queueMetrics({ queue, deadLetters }: QueueWithDeadLetters) {
  return {
    /** of the oldest message, less those that were received three times and put back */
    ageS: queue.metricApproximateAgeOfOldestMessage({ period }),
    waiting: queue.metricApproximateNumberOfMessagesVisible({ period }),
    received: queue.metricNumberOfMessagesReceived({ period }),
    deleted: queue.metricNumberOfMessagesDeleted({ period }),
    deadLetters: deadLetters.metricApproximateNumberOfMessagesVisible({ period }),
  };
}

function functionMetric(prefix: string, bundle: BundleName, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: `${prefix}-${bundle}` },
    statistic,
    period,
  });
}
