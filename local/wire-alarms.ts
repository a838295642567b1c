/** Reads the CloudWatch alarms of the template: what each looks at, when it is on, and whom it tells. */
import { type Assembly, ofType, type Properties } from './template.ts';

export type MetricOfAlarm = {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  statistic: string;
};

export type TemplateAlarm = {
  name: string;
  description: string;
  /** by the name that the expression uses; a single metric is `m1` */
  metrics: Record<string, MetricOfAlarm>;
  expression: string;
  periodMs: number;
  periods: number;
  isOn: (value: number) => boolean;
  missing: 'breaching' | 'notBreaching' | 'ignore';
  /** ARNs of topics */
  actions: readonly string[];
};

const COMPARISONS: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/** @throws Error for what the local world cannot evaluate */
export function readAlarms({ resources }: Assembly): TemplateAlarm[] {
  return ofType(resources, 'AWS::CloudWatch::Alarm').map(({ attributes, properties, logicalId }) => {
    const compare = COMPARISONS[String(properties.ComparisonOperator)];
    if (!compare) throw new Error(`${logicalId}: ${properties.ComparisonOperator} is not supported locally`);
    const missing = String(properties.TreatMissingData);
    if (missing !== 'breaching' && missing !== 'notBreaching' && missing !== 'ignore')
      throw new Error(`${logicalId}: TreatMissingData ${missing} is not supported locally`);
    const threshold = Number(properties.Threshold);
    return {
      name: attributes.Ref,
      description: String(properties.AlarmDescription ?? ''),
      ...looksAt(properties),
      periods: Number(properties.EvaluationPeriods),
      isOn: (value: number) => compare(value, threshold),
      missing,
      actions: (properties.AlarmActions ?? []) as string[],
    };
  });
}

function looksAt(properties: Properties) {
  if (!properties.Metrics) {
    return {
      metrics: { m1: metricOf(properties, String(properties.Statistic)) },
      expression: 'm1',
      periodMs: Number(properties.Period) * 1000,
    };
  }
  const parts = properties.Metrics as Properties[];
  const stats = parts.filter((part) => part.MetricStat);
  return {
    metrics: Object.fromEntries(
      stats.map((part) => {
        const { Metric, Stat } = part.MetricStat as Properties;
        return [String(part.Id), metricOf(Metric as Properties, String(Stat))];
      }),
    ),
    expression: String(parts.find((part) => part.Expression)!.Expression),
    periodMs: Number((stats[0]!.MetricStat as Properties).Period) * 1000,
  };
}

function metricOf({ Namespace, MetricName, Dimensions }: Properties, statistic: string): MetricOfAlarm {
  const dimensions = ((Dimensions ?? []) as Properties[]).map(({ Name, Value }) => [Name, Value]);
  return {
    namespace: String(Namespace),
    name: String(MetricName),
    dimensions: Object.fromEntries(dimensions),
    statistic,
  };
}
