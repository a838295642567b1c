/** CloudWatch's metrics, by the minute: what functions write to their logs, and what AWS counts of functions and queues. */

type Metric = { namespace: string; name: string; dimensions: Record<string, string> };

type Minute = { sum: number; max: number; count: number };

type EmbeddedMetric = {
  _aws?: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [key: string]: unknown;
};

const MINUTE_MS = 60_000;

export type Metrics = ReturnType<typeof openMetrics>;

export function openMetrics() {
  const metrics = new Map<string, Map<number, Minute>>();

  const put = (metric: Metric, atMs: number, value: number): void => {
    const key = keyOf(metric);
    const minutes = metrics.get(key) ?? new Map<number, Minute>();
    const minute = Math.floor(atMs / MINUTE_MS);
    const { sum, max, count } = minutes.get(minute) ?? { sum: 0, max: Number.NEGATIVE_INFINITY, count: 0 };
    minutes.set(minute, { sum: sum + value, max: Math.max(max, value), count: count + 1 });
    metrics.set(key, minutes);
  };

  return {
    put,
    /** A line of a log: in CloudWatch's embedded metric format, or any other. */
    putLine(line: string, atMs: number): void {
      if (!line.includes('"_aws"')) return;
      const written = JSON.parse(line) as EmbeddedMetric;
      for (const { Namespace, Dimensions, Metrics } of written._aws?.CloudWatchMetrics ?? []) {
        for (const { Name } of Metrics) {
          const dimensions = Object.fromEntries(Dimensions[0]!.map((name) => [name, String(written[name])]));
          for (const value of [written[Name]].flat())
            put({ namespace: Namespace, name: Name, dimensions }, atMs, Number(value));
        }
      }
    },
    /** @returns undefined when nothing was reported in that time */
    read(metric: Metric, statistic: string, fromMs: number, untilMs: number): number | undefined {
      const minutes = [...(metrics.get(keyOf(metric)) ?? [])]
        .filter(([minute]) => minute * MINUTE_MS >= fromMs && minute * MINUTE_MS < untilMs)
        .map(([, one]) => one);
      if (minutes.length === 0) return undefined;
      if (statistic === 'Maximum') return Math.max(...minutes.map(({ max }) => max));
      if (statistic === 'Sum') return minutes.reduce((total, { sum }) => total + sum, 0);
      if (statistic === 'SampleCount') return minutes.reduce((total, { count }) => total + count, 0);
      throw new Error(`the statistic ${statistic} is not supported locally`);
    },
  };
}

function keyOf({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}
