/** How long `npx tocsin replay` takes as a whole, on the traces and alarms that give it the most to do. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../lib/bundles.ts';
import { type Figure, figure, monotonicMs } from './figure.ts';

/** Source: design, Numbers to hold */
const BOUND_S = 10;

const TRACES = process.env.TOCSIN_TRACES ?? join(PROJECT, '../shared/data/cloudwatch-traces');

const RUNS = [
  // Stays on for ten days: pages without end.
  ['ec2_cpu_utilization_825cc2.csv', 'CPUUtilization > 85 for 3 of 5'],
  // Goes on and off all the time: the most alerts.
  ['grok_asg_anomaly.csv', 'GroupInServiceInstances > 25 for 1 of 1'],
] as const;

export function measureReplay(): Figure[] {
  if (!existsSync(TRACES)) {
    console.error(`replay is left out: there is no ${TRACES}; TOCSIN_TRACES says where the traces are`);
    return [];
  }
  const figures = RUNS.map(([trace, alarm]) =>
    figure(`replay:${trace.replace('.csv', '')}`, replay(trace, alarm) / 1_000, 's', null),
  );
  return [figure('replay', Math.max(...figures.map(({ value }) => value)), 's', BOUND_S), ...figures];
}

/** Milliseconds from the start of the command to its end. */
function replay(trace: string, alarm: string): number {
  const startedMs = monotonicMs();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['cli/tocsin.mjs', 'replay', join(TRACES, trace), '--alarm', alarm, '--json'],
    { cwd: PROJECT, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  if (status !== 0) throw new Error(`replay of ${trace} ended with ${status}: ${stderr}`);
  return monotonicMs() - startedMs;
}
