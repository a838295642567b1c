/** `tocsin maintenance` and `tocsin silence`: what fires is recorded and held, until an end that is always given. */
import type { Command } from 'commander';
import { oneLine } from '../../functions/alerts/describe-alert.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { parseMinutes, parseMoment } from '../duration.ts';
import { completeId, type Operator } from '../operator.ts';
import { print, printJson, terminalWidth } from '../print.ts';
import { describeWindow, type Hold, renderWindows } from '../render-windows.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';
import { addMatchOptions, type MatchOptions, matchesAll, matchOf } from './match-options.ts';

type StartOptions = CommonOptions &
  MatchOptions & { all?: boolean; for: string; from?: string; reason: string };

/** What ends each. */
const COMMANDS = { maintenance: 'maintenance', silenced: 'silence' } as const satisfies Record<Hold, string>;

/** Of one that was started by hand. */
const WINDOW_ID = /^[0-9a-f]{6}$/;

export function addWindows(program: Command): void {
  const maintenance = program.command('maintenance').description('hold alerts while something is worked on');
  addStart(
    maintenance.command('start').description('begin a window').option('--all', 'every alert'),
    'maintenance',
  );
  addEndAndList(maintenance, 'maintenance');

  const silence = program.command('silence').description('hold certain alerts that somebody knows about');
  // Nothing silences everything: that is maintenance, and it is said as such.
  addStart(silence.command('add').description('begin a silence'), 'silenced');
  addEndAndList(silence, 'silenced');
}

function addStart(command: Command, hold: Hold): void {
  withConnection(
    addMatchOptions(command)
      .requiredOption('--for <duration>', 'how long, such as 2h; at most 30d')
      .requiredOption('--reason <text>', 'why; everybody who looks for a page will read it')
      .option('--from <moment>', 'when it begins, such as 2026-11-24T22:00Z or 30m; else now'),
  ).action((options: StartOptions) => start(hold, options));
}

function addEndAndList(parent: Command, hold: Hold): void {
  withConnection(
    parent
      .command('end')
      .description('end one now; what still fires goes on')
      .argument('<id>', 'as the list has it, or the beginning of it'),
  ).action((id: string, options: CommonOptions) => end(hold, id, options));
  withConnection(parent.command('list').description('list those that hold now, and those to come')).action(
    (options: CommonOptions) => list(hold, options),
  );
}

async function start(hold: Hold, options: StartOptions): Promise<void> {
  const match = matchOf(options);
  if (matchesAll(match) !== (options.all === true)) {
    const orAll = hold === 'maintenance' ? ', or --all for every alert' : '';
    throw new OpsError('rejected', `which alerts? Give --service, --severity or --label${orAll}`);
  }
  const minutes = parseMinutes(options.for, '--for');
  const { operator, procedures, by } = await connect(options);
  const { nowMs } = await procedures();
  const from = options.from === undefined ? undefined : parseMoment(options.from, '--from', nowMs);
  const { window } = await operator.ask(
    { command: 'window-start', hold, match, minutes, from, reason: options.reason, by },
    'window',
  );
  if (options.json) printJson(window);
  else print([describeWindow(window, nowMs), `End it sooner: tocsin ${COMMANDS[hold]} end ${window.id}`]);
}

async function end(hold: Hold, typed: string, options: CommonOptions): Promise<void> {
  const { operator, by } = await connect(options);
  const id = WINDOW_ID.test(typed) ? typed : await wholeId(hold, typed, operator);
  const { window } = await operator.ask({ command: 'window-end', id, by }, 'window');
  if (options.json) printJson(window);
  else print([`Ended: ${window.id}, ${oneLine(window.reason)}. What still fires goes on within a minute.`]);
}

async function wholeId(hold: Hold, typed: string, operator: Operator): Promise<string> {
  const { windows } = await operator.ask({ command: 'window-list' }, 'windows');
  const ids = windows.filter((window) => window.hold === hold).map(({ id }) => id);
  return completeId(typed, ids, `tocsin ${COMMANDS[hold]} list`);
}

async function list(hold: Hold, options: CommonOptions): Promise<void> {
  const { operator, procedures, paint } = await connect(options);
  const [answer, { nowMs }] = await Promise.all([
    operator.ask({ command: 'window-list' }, 'windows'),
    procedures(),
  ]);
  const windows = answer.windows.filter((window) => window.hold === hold);
  if (options.json) printJson(...windows);
  else if (windows.length === 0) print([hold === 'maintenance' ? 'No maintenance.' : 'No silences.']);
  else print(renderWindows(windows, nowMs, paint, terminalWidth()));
}
