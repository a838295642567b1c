/** One screen for whoever asks whether Tocsin is well. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  Metric,
  PeriodOverride,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type BundleName, HANDLERS } from './bundles.ts';
import type { OwnMetrics } from './own-metrics.ts';
import { OWN_ALARMS } from './watch.ts';

export type StatusBoardProps = {
  readonly prefix: string;
  readonly metrics: OwnMetrics;
  readonly runbooksUrl: string;
};

const FULL = 24;
const HALF = 12;
const THIRD = 8;

export class StatusBoard extends Construct {
  constructor(scope: Construct, id: string, { prefix, metrics, runbooksUrl }: StatusBoardProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: prefix,
      periodOverride: PeriodOverride.AUTO,
      widgets: [
        [new TextWidget({ markdown: whatToDo(prefix, runbooksUrl), width: FULL, height: 5 })],
        [new AlarmStatusWidget({ title: 'Alarms on Tocsin', alarms: this.ownAlarms(prefix), width: FULL })],
        [
          graph('What was due is late by (ms)', THIRD, {
            tick: metrics.overdueAgeMs,
            'escalation audit': metrics.escalationLagMs,
          }),
          graph('Messages that failed', THIRD, metrics.failedSends),
          graph('SMS of this account and month (USD)', THIRD, metrics.smsSpentUsd),
        ],
        [
          graph('Oldest message (s)', THIRD, { intake: metrics.signals.ageS, due: metrics.due.ageS }),
          graph('Messages that wait', THIRD, { intake: metrics.signals.waiting, due: metrics.due.waiting }),
          graph('Dead letters', THIRD, { intake: metrics.signals.deadLetters, due: metrics.due.deadLetters }),
        ],
        [
          graph('Calls of each function', HALF, byFunction(metrics.invocations)),
          graph('Its duration, p99 (ms)', HALF, byFunction(metrics.durationMs)),
        ],
        [
          graph('Its errors', THIRD, byFunction(metrics.errors)),
          graph('Its throttles', THIRD, byFunction(metrics.throttles)),
          graph('HTTP answers 5xx', THIRD, metrics.httpServerErrors),
        ],
      ],
    });
  }

  /** By their names, which are known: the board refers to no resource of the stack. */
  private ownAlarms(prefix: string) {
    const arnOf = (name: string) =>
      Stack.of(this).formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        resourceName: `${prefix}-${name}`,
      });
    return OWN_ALARMS.map((name) => Alarm.fromAlarmArn(this, name, arnOf(name)));
  }
}

/** @param left  one metric, or several by the name of their line */
function graph(title: string, width: number, left: Metric | Record<string, Metric>): GraphWidget {
  const lines =
    left instanceof Metric ? [left] : Object.entries(left).map(([label, metric]) => metric.with({ label }));
  return new GraphWidget({ title, width, left: lines, leftYAxis: { min: 0, showUnits: false } });
}

function byFunction(metricOf: (bundle: BundleName) => Metric): Record<string, Metric> {
  const bundles = Object.keys(HANDLERS) as BundleName[];
  return Object.fromEntries(bundles.map((bundle) => [bundle, metricOf(bundle)]));
}

function whatToDo(prefix: string, runbooksUrl: string): string {
  return `# ${prefix}: is the pager well?

**An alarm below is red:** open its runbook, \`${runbooksUrl}/\` and the alarm's name without \`${prefix}-\`. Until it is green again, look at *All alarms* yourself and call people by hand.

**All green, and still nobody was paged:** \`npx tocsin doctor --target aws\` says what is wrong and what to do. \`npx tocsin alerts --target aws --all\` lists what became of each signal.

**Messages that failed, or SMS spend near its limit:** \`npx tocsin contacts list --target aws\` says who cannot be reached, and why.`;
}
