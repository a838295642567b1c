/** Reads the message that an alarm's SNS action publishes. */
import * as z from 'zod/mini';
import { AlarmArn } from './alarm-arn.ts';
import type { AlarmFacts, AlarmMetric } from './alarm-facts.ts';
import { AlarmState, alarmSignal, type Contributor, ContributorId } from './alarm-signal.ts';
import { Count, lenient, type Reading, rejected, Text } from './reading.ts';
import { Timestamp } from './timestamp.ts';

const Dimensions = lenient(z.array(z.object({ name: z.string(), value: z.string() })));

const Metric = z.object({
  Id: Text,
  Expression: Text,
  ReturnData: lenient(z.boolean()),
  MetricStat: lenient(
    z.object({
      Metric: lenient(z.object({ Namespace: Text, MetricName: Text, Dimensions })),
      Stat: Text,
    }),
  ),
});

const Trigger = z.object({
  Namespace: Text,
  MetricName: Text,
  Statistic: Text,
  Dimensions,
  Metrics: lenient(z.array(Metric)),
  ComparisonOperator: Text,
  Threshold: Count,
  EvaluationPeriods: Count,
  DatapointsToAlarm: Count,
  Period: Count,
});
type Trigger = z.infer<typeof Trigger>;

/** `Region` is a long name, `EU (Ireland)`: the ARN has the other one. */
const Message = z.object({
  AlarmArn,
  NewStateValue: AlarmState,
  StateChangeTime: Timestamp,
  NewStateReason: Text,
  AlarmDescription: Text,
  AlarmRule: Text,
  Trigger: lenient(Trigger),
  // AWS documents that contributors and tags come by SNS too, not how (unconfirmed: the names of all three).
  AlarmContributorId: z.optional(ContributorId),
  AlarmContributorAttributes: lenient(z.record(z.string(), z.string())),
  AlarmTags: lenient(z.record(z.string(), z.string())),
});
type Message = z.infer<typeof Message>;

/** SNS shouts the statistics that EventBridge writes as the API does. */
const STATISTICS: Record<string, string> = {
  AVERAGE: 'Average',
  SUM: 'Sum',
  MINIMUM: 'Minimum',
  MAXIMUM: 'Maximum',
  SAMPLECOUNT: 'SampleCount',
  SAMPLE_COUNT: 'SampleCount',
};

/** @param message  the alarm's own message, out of the envelope of SNS, parsed */
export function readCloudWatchSns(message: unknown): Reading {
  const parsed = z.safeParse(Message, message, { reportInput: true });
  if (!parsed.success) return rejected("a CloudWatch alarm's SNS message", parsed.error.issues);
  const said = parsed.data;
  return alarmSignal({
    alarm: said.AlarmArn,
    contributor: contributorOf(said),
    state: said.NewStateValue,
    at: said.StateChangeTime,
    reason: said.NewStateReason,
    facts: factsOf(said),
    tags: said.AlarmTags,
  });
}

function contributorOf({
  AlarmContributorId: id,
  AlarmContributorAttributes,
}: Message): Contributor | undefined {
  return id === undefined ? undefined : { id, attributes: AlarmContributorAttributes };
}

function factsOf({ AlarmDescription, AlarmRule, Trigger: trigger }: Message): AlarmFacts {
  return {
    description: AlarmDescription,
    alarmRule: AlarmRule,
    metrics: trigger && metricsOf(trigger),
    comparisonOperator: trigger?.ComparisonOperator,
    threshold: trigger?.Threshold,
    datapointsToAlarm: trigger?.DatapointsToAlarm,
    evaluationPeriods: trigger?.EvaluationPeriods,
    periodS: trigger?.Period,
  };
}

function metricsOf(trigger: Trigger): AlarmMetric[] {
  if (!trigger.Metrics) {
    const { Namespace, MetricName, Statistic, Dimensions } = trigger;
    return [metricOf({ Namespace, MetricName, Dimensions }, Statistic)];
  }
  return trigger.Metrics.map(({ Id, Expression, MetricStat, ReturnData }) => ({
    ...metricOf(MetricStat?.Metric, MetricStat?.Stat),
    id: Id,
    expression: Expression,
    returned: ReturnData,
  }));
}

function metricOf(
  metric: Pick<Trigger, 'Namespace' | 'MetricName' | 'Dimensions'> | undefined,
  statistic: string | undefined,
): AlarmMetric {
  return {
    namespace: metric?.Namespace,
    name: metric?.MetricName,
    statistic: statistic && (Object.hasOwn(STATISTICS, statistic) ? STATISTICS[statistic] : statistic),
    dimensions: Object.fromEntries((metric?.Dimensions ?? []).map(({ name, value }) => [name, value])),
  };
}
