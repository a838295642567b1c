/** `tocsin replay TRACE.csv --alarm RULE`: who would have been woken? */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { Severity } from '../../functions/alerts/alert.ts';
import { describeDate, describeDuration } from '../../functions/alerts/describe-time.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { parseDuration, parsePeriod } from '../duration.ts';
import { loadOperationsFile } from '../load-operations-file.ts';
import type { Paint } from '../paint.ts';
import { print, terminalPaint } from '../print.ts';
import { describeThreshold, parseAlarmRule } from '../replay/alarm-rule.ts';
import { renderSummary } from '../replay/render-summary.ts';
import { renderTimeline } from '../replay/render-timeline.ts';
import { arrangeEvents, toJsonLine } from '../replay/replay-event.ts';
import type { Replay, ReplaySettings } from '../replay/run-replay.ts';
import { loadTrace } from '../replay/trace.ts';

type Options = {
  alarm: string;
  period: string;
  severity: Severity;
  ackAfter?: string;
  operations: string;
  json?: boolean;
};

/** The package leaves it out. */
const LOCAL_WORLD = new URL('../../local', import.meta.url);

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('play a metric trace: who would have been woken?')
    .argument('<trace>', 'a CSV file with the columns timestamp,value; UTC')
    .requiredOption('--alarm <rule>', 'such as "CPUUtilization > 80 for 3 of 5"')
    .option('--period <seconds>', 'of one data point', '300')
    .addOption(
      new Option('--severity <severity>', 'of the alarm')
        .choices(['critical', 'warning', 'info'])
        .default('critical'),
    )
    .option(
      '--ack-after <duration>',
      'acknowledge so long after the first page, such as 10m; else nobody does',
    )
    .option('--operations <file>', 'the procedures to follow', 'operations.ts')
    .option('--json', 'print JSON lines')
    .action(replay);
}

async function replay(path: string, options: Options): Promise<void> {
  if (!existsSync(LOCAL_WORLD))
    throw new OpsError(
      'rejected',
      'replay runs in the local world, which only a checkout of Tocsin has: clone it, `npm ci`, and run it there',
    );
  const rule = parseAlarmRule(options.alarm);
  const periodMs = parsePeriod(options.period);
  const ackAfterMs =
    options.ackAfter === undefined ? undefined : parseDuration(options.ackAfter, '--ack-after');
  const [rows, team] = await Promise.all([loadTrace(path), loadOperationsFile(options.operations)]);
  // Loaded late: a typing error is answered at once.
  const { runReplay, withSeverity } = await import('../replay/run-replay.ts');
  const { assemblyOf } = await import('../../local/assembly-cache.ts');
  const operations = withSeverity(team, options.severity);
  const settings = { rows, rule, periodMs, ackAfterMs };
  const outcome = await runReplay(await assemblyOf(operations), settings);
  if (options.json) {
    const lines = arrangeEvents(outcome.transitions, outcome.lives).map(toJsonLine);
    print(lines.filter((line) => line !== undefined));
  } else {
    const paint = terminalPaint();
    print(renderHeader(basename(path), settings, options.severity, paint));
    print(renderTimeline(outcome.transitions, outcome.lives, outcome.endMs, operations, paint));
    print(renderSummary(outcome.lives, operations, paint));
  }
  refuseFailures(outcome);
}

function renderHeader(name: string, settings: ReplaySettings, severity: Severity, paint: Paint): string[] {
  const { rows, rule, periodMs, ackAfterMs } = settings;
  const answer =
    ackAfterMs === undefined
      ? 'nobody acknowledges'
      : `whoever is paged first acknowledges after ${describeDuration(ackAfterMs)}`;
  return [
    paint.strong(`${rule.metric} ${describeThreshold(rule, periodMs)}`),
    `${severity}; ${answer}`,
    `${name}: ${rows.length} rows from ${describeDate(rows[0]!.at)} to ${describeDate(rows.at(-1)!.at)}`,
    '',
  ];
}

/** What was printed is then not what a sound system would have done. */
function refuseFailures({ failures }: Replay): void {
  const [first] = failures;
  if (!first) return;
  throw new OpsError(
    'bug',
    `functions failed during the replay, so the timeline is not to be trusted; ${failures.length} lines like this: ` +
      `${new Date(first.at).toISOString()} ${first.function}: ${first.line}`,
  );
}
