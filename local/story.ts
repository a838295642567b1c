/** What happens in the world by itself: a short story, or the alarm of a trace. */
import { type AlarmRule, evaluateAlarm, parseAlarmRule } from '../cli/replay/alarm-rule.ts';
import { loadTrace, type TraceRow } from '../cli/replay/trace.ts';
import type { AlarmChange } from './aws/alarms.ts';

/** One change of an alarm, so long after the start. */
export type StoryEvent = { afterMs: number; change: AlarmChange };

const MINUTE_MS = 60_000;

/** Time to see that the world is there. */
const FIRST_AFTER_MS = 3_000;

const CHECKOUT = {
  alarmName: 'checkout-p95-latency',
  description: 'The checkout answers too slowly: customers give up.',
  metric: {
    namespace: 'Checkout',
    name: 'p95Latency',
    stat: 'p95',
    periodS: 60,
    dimensions: { Service: 'checkout' },
  },
  threshold: { operator: '>', value: 100, datapoints: 3, periods: 5 },
};

/** An alarm fires, goes on for as long as an escalation takes, and is over. */
export const BUILT_IN_STORY: readonly StoryEvent[] = [
  {
    afterMs: FIRST_AFTER_MS,
    change: {
      ...CHECKOUT,
      state: 'ALARM',
      reason:
        'Threshold Crossed: 3 out of the last 5 datapoints [412.0, 398.0, 377.0] were greater than the threshold (100.0).',
    },
  },
  {
    afterMs: 75 * MINUTE_MS,
    change: {
      ...CHECKOUT,
      state: 'OK',
      reason:
        'Threshold Crossed: 3 out of the last 5 datapoints [81.0, 79.0, 84.0] were not greater than the threshold (100.0).',
    },
  },
];

/** Without a rule: above what one of a hundred points exceeds, three of five times. */
const UNUSUAL = 0.99;
const PERIOD_S = 300;

/**
 * The alarm of a trace; its first change comes at once, the others as long after it as in the trace.
 * @throws OpsError `rejected` when the trace or the rule cannot be read
 */
export async function traceStory(file: string, rule?: string): Promise<StoryEvent[]> {
  const rows = await loadTrace(file);
  const alarm = rule === undefined ? unusual(rows) : parseAlarmRule(rule);
  const { metric, operator, threshold, m, n } = alarm;
  const changes = evaluateAlarm(rows, alarm, PERIOD_S * 1000);
  const firstAt = changes[0]?.at ?? 0;
  return changes.map(({ at, state, reason }) => ({
    afterMs: FIRST_AFTER_MS + at - firstAt,
    change: {
      alarmName: metric,
      state,
      reason,
      metric: { namespace: 'Trace', name: metric, periodS: PERIOD_S },
      threshold: { operator, value: threshold, datapoints: m, periods: n },
    },
  }));
}

function unusual(rows: readonly TraceRow[]): AlarmRule {
  const values = rows.map(({ value }) => value).sort((a, b) => a - b);
  return {
    metric: 'value',
    operator: '>',
    threshold: values[Math.floor(UNUSUAL * values.length)]!,
    m: 3,
    n: 5,
  };
}
