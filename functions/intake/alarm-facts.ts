/** What an alarm watches and when it fires, each in one line that reads the same from every format. */

export type AlarmFacts = {
  description?: string | undefined;
  /** of a composite alarm: `ALARM(a) OR ALARM(b)` */
  alarmRule?: string | undefined;
  metrics?: AlarmMetric[] | undefined;
  comparisonOperator?: string | undefined;
  threshold?: number | undefined;
  datapointsToAlarm?: number | undefined;
  evaluationPeriods?: number | undefined;
  periodS?: number | undefined;
};

/** A metric, or an expression over the others, which it names by their ids. */
export type AlarmMetric = {
  id?: string | undefined;
  expression?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
  statistic?: string | undefined;
  dimensions?: Record<string, string> | undefined;
  /** the alarm looks at this one; the others only feed it */
  returned?: boolean | undefined;
};

/** Source: CloudWatch API reference, PutMetricAlarm, ComparisonOperator */
const COMPARISONS: Record<string, string> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
  LessThanLowerOrGreaterThanUpperThreshold: 'outside the expected band',
  LessThanLowerThreshold: 'below the expected band',
  GreaterThanUpperThreshold: 'above the expected band',
};

/**
 * `AWS/EC2 CPUUtilization Average, InstanceId=i-1`; of several, `e1 = m1 / m2; m1 = …; m2 = …`, the watched one first;
 * of a composite alarm, its rule.
 */
export function describeMetric({ alarmRule, metrics = [] }: AlarmFacts): string | undefined {
  if (alarmRule) return alarmRule;
  const [only] = metrics;
  if (only && metrics.length === 1) return oneMetric(only) || undefined;
  const watched = metrics.filter((metric) => metric.returned);
  const feeding = metrics.filter((metric) => !metric.returned);
  const lines = [...watched, ...feeding].map((metric) => `${metric.id ?? '?'} = ${oneMetric(metric)}`);
  return lines.join('; ') || undefined;
}

/** The dimensions of all its metrics, less those in which the metrics differ. */
export function dimensionsOf({ metrics = [] }: AlarmFacts): Record<string, string> {
  const all = metrics.flatMap(({ dimensions = {} }) => Object.entries(dimensions));
  const values = new Map<string, Set<string>>();
  for (const [name, value] of all) values.set(name, (values.get(name) ?? new Set()).add(value));
  return Object.fromEntries(all.filter(([name]) => values.get(name)?.size === 1));
}

/** `> 80 for 3 of 5 periods of 300 s`, less whatever the sender did not say. */
export function describeThreshold(facts: AlarmFacts): string | undefined {
  const limit = [own(COMPARISONS, facts.comparisonOperator), facts.threshold].filter(
    (part) => part !== undefined,
  );
  if (limit.length === 0) return undefined;
  return [...limit, ...forHowLong(facts)].join(' ');
}

function oneMetric({ expression, namespace, name, statistic, dimensions = {} }: AlarmMetric): string {
  if (expression) return expression;
  const metric = [namespace, name, statistic].filter(Boolean).join(' ');
  const where = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
  return [metric, ...where.sort()].filter(Boolean).join(', ');
}

function forHowLong({ datapointsToAlarm, evaluationPeriods, periodS }: AlarmFacts): string[] {
  const period = periodS === undefined ? [] : [`of ${periodS} s`];
  if (evaluationPeriods === undefined) return periodS === undefined ? [] : ['in periods', ...period];
  const needed = datapointsToAlarm ?? evaluationPeriods;
  const periods = evaluationPeriods === 1 ? 'period' : 'periods';
  const count = needed === evaluationPeriods ? `${needed}` : `${needed} of ${evaluationPeriods}`;
  return ['for', count, periods, ...period];
}

function own(record: Record<string, string>, key: string | undefined): string | undefined {
  return key !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
