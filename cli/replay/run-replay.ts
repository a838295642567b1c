import type { Severity } from '../../functions/alerts/alert.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import type { LogLine } from '../../local/functions/instance.ts';
import { createVirtualWorld, type VirtualWorld } from '../../local/virtual-world.ts';
import { type AlarmRule, type AlarmTransition, evaluateAlarm } from './alarm-rule.ts';
import { readLives } from './read-table.ts';
import type { Life } from './replay-event.ts';
import { playResponder } from './responder.ts';
import type { TraceRow } from './trace.ts';

export type ReplaySettings = {
  rows: readonly TraceRow[];
  rule: AlarmRule;
  periodMs: number;
  /** nobody acknowledges without it */
  ackAfterMs?: number | undefined;
};

export type Replay = {
  transitions: AlarmTransition[];
  lives: Life[];
  endMs: number;
  /** what functions could not do */
  failures: LogLine[];
};

/** The team's procedures, with every alarm of that severity: routes are data. */
export function withSeverity(operations: Operations, severity: Severity): Operations {
  const routes = operations.routes.map((route) => ({ ...route, severity }));
  return { ...operations, routes: [...routes, { match: { alarmName: '*' }, severity }] };
}

/**
 * Runs the trace. It ends at the last row's t + period, that instant included.
 * @param assembly  the directory of a cloud assembly: its template is the wiring, its bundles are what runs
 */
export async function runReplay(assembly: string, settings: ReplaySettings): Promise<Replay> {
  const { rows, rule, periodMs, ackAfterMs } = settings;
  const transitions = evaluateAlarm(rows, rule, periodMs);
  const endMs = rows.at(-1)!.at + periodMs;
  const world = await createVirtualWorld({ assembly, startMs: rows[0]!.at, keepRecords: false });
  const failures: LogLine[] = [];
  world.onLog((line) => {
    if (isFailure(line)) failures.push(line);
  });
  const table = tableOf(world);
  if (ackAfterMs !== undefined) playResponder(world, table, ackAfterMs);
  for (const transition of transitions) {
    world.at(transition.at, () => world.putAlarmState(alarmChange(rule, transition, periodMs)));
  }
  await world.advanceTo(endMs);
  return { transitions, lives: readLives(world.tables.items(table)), endMs, failures };
}

function tableOf(world: VirtualWorld): string {
  const name = world.functions.map(({ env }) => env.TABLE_NAME).find((table) => table !== undefined);
  if (!name) throw new OpsError('bug', 'no function of the template names its table');
  return name;
}

function alarmChange(
  { metric, operator, threshold, m, n }: AlarmRule,
  change: AlarmTransition,
  periodMs: number,
) {
  return {
    alarmName: metric,
    state: change.state,
    reason: change.reason,
    at: change.at,
    metric: { namespace: 'Replay', name: metric, periodS: periodMs / 1_000 },
    threshold: { operator, value: threshold, datapoints: m, periods: n },
  };
}

/** Without injected faults nothing is worth a warning. */
function isFailure({ line }: LogLine): boolean {
  if (line.startsWith('ERROR ')) return true;
  try {
    return ['WARN', 'ERROR', 'CRITICAL'].includes((JSON.parse(line) as { level?: string }).level ?? '');
  } catch {
    return false;
  }
}
