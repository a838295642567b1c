/** `tocsin alerts`: what is open, and on request what has ended. */
import { type Command, InvalidArgumentError } from 'commander';
import { LIST_MOST } from '../../functions/console/commands.ts';
import { COUNT_MOST } from '../../functions/shared/table.ts';
import { print, printJson, terminalWidth } from '../print.ts';
import { describeShown, renderList } from '../render-alerts.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';

type Options = CommonOptions & { all?: boolean; limit: number; skip: number };

export function addAlerts(program: Command): void {
  withConnection(
    program
      .command('alerts')
      .description('list the open alerts')
      .option('--all', 'list those that have ended, too')
      .option('--limit <count>', `of each, the latest; at most ${LIST_MOST}`, parseLimit, LIST_MOST)
      .option('--skip <count>', 'of each, leave out so many of the latest', parseSkip, 0),
  ).action(listAlerts);
}

async function listAlerts(options: Options): Promise<void> {
  const { operator, procedures, paint } = await connect(options);
  const { limit, skip } = options;
  const kinds = options.all ? [false, true] : [false];
  const [{ operations, nowMs }, ...lists] = await Promise.all([
    procedures(),
    ...kinds.map((ended) =>
      operator.ask({ command: 'list', ended, limit, ...(skip > 0 && { skip }) }, 'total'),
    ),
  ]);
  const alerts = lists.flatMap((list) => list.alerts);
  const total = totalOf(lists, alerts.length);
  const next = nextSkip(lists, skip);
  if (options.json) {
    printJson(...alerts);
    if (total) {
      const further = next === undefined ? '' : `; those before them: --skip ${next}`;
      process.stderr.write(`${describeShown(alerts.length, total, skip)}${further}\n`);
    }
  } else if (alerts.length === 0 && total) {
    print([`No more than these ${total}.`]);
  } else if (alerts.length === 0) {
    print([options.all ? 'No alerts yet.' : 'No open alerts. All is quiet.']);
  } else {
    print(renderList({ alerts, total, skipped: skip, next, operations, nowMs }, paint, terminalWidth()));
  }
}

/** `9,812`, or nothing when all of them are listed. */
function totalOf(lists: readonly { total: number; atLeast?: boolean }[], listed: number): string | undefined {
  const total = lists.reduce((sum, list) => sum + list.total, 0);
  if (total <= listed) return undefined;
  return `${total.toLocaleString('en')}${lists.some(({ atLeast }) => atLeast) ? ' or more' : ''}`;
}

/** Where the list goes on; nothing at its end. */
function nextSkip(lists: readonly { alerts: readonly unknown[]; total: number }[], skip: number) {
  const further = lists.filter(({ alerts, total }) => alerts.length > 0 && skip + alerts.length < total);
  return further.length > 0 ? skip + Math.min(...further.map(({ alerts }) => alerts.length)) : undefined;
}

function parseSkip(text: string): number {
  const skip = Number(text);
  if (Number.isInteger(skip) && skip >= 0 && skip <= COUNT_MOST) return skip;
  throw new InvalidArgumentError(`Give a whole number up to ${COUNT_MOST}.`);
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIST_MOST) return limit;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${LIST_MOST}.`);
}
