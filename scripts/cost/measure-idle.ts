/** What a month costs in which nothing happens: every run of every schedule, polling, alarms, metrics, dashboard. */
import { readRoles } from '../../local/aws/policies.ts';
import { ofType, type Resource, readAssembly } from '../../local/template.ts';
import { readSchedules } from '../../local/wire-schedules.ts';
import { assumptions } from './data.ts';
import { type MeteredWorld, NOBODY, openMeteredWorld, PLACE, scheduledFunctions } from './meter-world.ts';
import { Usage } from './usage.ts';

const HOUR_MS = 3_600_000;
export const MONTH_MS = 30 * 24 * HOUR_MS;

/** 2026-03-02T00:10:00Z: the daily audit is far. */
export const START_MS = Date.UTC(2026, 2, 2, 0, 10);

export type Idle = {
  month: Usage;
  /** of each function that schedules call: what one run uses that finds nothing to do */
  run: ReadonlyMap<string, Usage>;
  /** metrics of its own that are written all the time */
  metrics: ReadonlySet<string>;
};

/** Makes every run for two hours, and measures the second: by then the audits have written what they found at first. */
export async function measureIdle(assembly: string): Promise<Idle> {
  const world = await openMeteredWorld({ assembly, startMs: START_MS, everyTick: true });
  await world.advanceBy(HOUR_MS);
  const before = readings(world);
  await world.advanceBy(HOUR_MS);
  const after = readings(world);

  const run = new Map<string, Usage>();
  const month = new Usage();
  for (const [name, usage] of after.usage) {
    const used = new Usage();
    used.addAll(usage);
    used.addAll(before.usage.get(name) ?? new Usage(), -1);
    const calls = (after.calls.get(name) ?? 0) - (before.calls.get(name) ?? 0);
    if (name === NOBODY || !scheduledFunctions(world.resources).has(name))
      month.addAll(used, MONTH_MS / HOUR_MS);
    else {
      const one = new Usage();
      one.addAll(used, 1 / calls);
      run.set(name, one);
    }
  }
  addRuns(month, assembly, run);
  addStanding(month, world.resources);
  const metrics = new Set(world.readMetricHours().keys());
  for (const name of metrics) month.add('metric', name, 1);
  return { month, run, metrics };
}

function readings(world: MeteredWorld) {
  return { usage: world.readUsage(), calls: world.countCalls() };
}

/** @throws Error for a schedule that did not run within the hour that was measured */
function addRuns(month: Usage, assembly: string, run: ReadonlyMap<string, Usage>): void {
  const template = readAssembly(assembly, PLACE);
  for (const { name, next, targetArn, ruleArn } of readSchedules(
    template,
    new Map(readRoles(template.resources)),
  )) {
    const target = targetArn.split(':').at(-1)!;
    const usage = run.get(target);
    if (!usage) throw new Error(`the schedule ${name} calls ${target}, which did not run within an hour`);
    let runs = 0;
    for (let at = next(START_MS); at !== undefined && at <= START_MS + MONTH_MS; at = next(at)) runs += 1;
    month.addAll(usage, runs);
    // What a rule of EventBridge calls by the clock costs nothing.
    if (ruleArn === undefined) month.add('schedule', name, runs);
  }
}

/** What costs by being there. */
function addStanding(month: Usage, resources: readonly Resource[]): void {
  const { pollersPerQueue, everyS } = assumptions.polling;
  for (const { properties } of ofType(resources, 'AWS::Lambda::EventSourceMapping')) {
    const queue = String(properties.EventSourceArn).split(':').at(-1)!;
    month.add('sqs-request', `${queue}: asked by Lambda`, (pollersPerQueue * MONTH_MS) / 1000 / everyS);
  }
  for (const { properties } of ofType(resources, 'AWS::CloudWatch::Alarm')) {
    const watched = (properties.Metrics ?? []) as { MetricStat?: { Period: number } }[];
    const periods =
      watched.length > 0
        ? watched.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])
        : [properties.Period];
    for (const period of periods)
      month.add(Number(period) < 60 ? 'alarm-fast' : 'alarm', String(properties.AlarmName), 1);
  }
  for (const { properties } of ofType(resources, 'AWS::CloudWatch::CompositeAlarm'))
    month.add('alarm-composite', String(properties.AlarmName), 1);
  for (const { properties } of ofType(resources, 'AWS::CloudWatch::Dashboard'))
    month.add('dashboard', String(properties.DashboardName), 1);
}
