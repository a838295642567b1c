/** What happens in the world by itself: a short story, or the alarm of a trace. */
import { type AlarmRule, evaluateAlarm, parseAlarmRule } from '../cli/replay/alarm-rule.ts';
import { loadTrace, type TraceRow } from '../cli/replay/trace.ts';
import type { AlarmChange } from './aws/alarms.ts';
import type { Kept } from './kept-state.ts';
import type { World } from './world.ts';

export type Story = {
  /** what tells it from others */
  name: string;
  /** changes of alarms, each so long after the start */
  events: readonly { afterMs: number; change: AlarmChange }[];
};

/** How far it has come: a story is played once in a data folder, and goes on after a restart. */
export type StoryProgress = { name: string; startedMs: number; played: number };

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
const BUILT_IN_EVENTS: Story['events'] = [
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

export const BUILT_IN_STORY: Story = { name: 'built-in', events: BUILT_IN_EVENTS };

/** What came due while no world ran happens at once. */
export function playStory(world: World, { name, events }: Story, kept: Kept<StoryProgress>): void {
  const before = kept.before?.name === name ? kept.before : undefined;
  const progress = { ...(before ?? { name, startedMs: world.nowMs(), played: 0 }) };
  kept.save(progress);
  for (const { afterMs, change } of events.slice(progress.played)) {
    world.at(progress.startedMs + afterMs, () => {
      world.putAlarmState(change);
      progress.played += 1;
      kept.save(progress);
    });
  }
}

/** Without a rule: above what one of a hundred points exceeds, three of five times. */
const UNUSUAL = 0.99;
const PERIOD_S = 300;

/**
 * The alarm of a trace; its first change comes at once, the others as long after it as in the trace.
 * @throws OpsError `rejected` when the trace or the rule cannot be read
 */
export async function traceStory(file: string, rule?: string): Promise<Story> {
  const rows = await loadTrace(file);
  const alarm = rule === undefined ? unusual(rows) : parseAlarmRule(rule);
  const { metric, operator, threshold, m, n } = alarm;
  const changes = evaluateAlarm(rows, alarm, PERIOD_S * 1000);
  const firstAt = changes[0]?.at ?? 0;
  const events = changes.map(({ at, state, reason }) => ({
    afterMs: FIRST_AFTER_MS + at - firstAt,
    change: {
      alarmName: metric,
      state,
      reason,
      metric: { namespace: 'Trace', name: metric, periodS: PERIOD_S },
      threshold: { operator, value: threshold, datapoints: m, periods: n },
    },
  }));
  return { name: `${file} ${rule ?? ''}`, events };
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
