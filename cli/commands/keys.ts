/** `tocsin keys add | list | revoke`: who else may open alerts. */
import type { Command } from 'commander';
import { describeAge } from '../../functions/alerts/describe-time.ts';
import type { ListedKey } from '../../functions/console/commands.ts';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { KEY_ID } from '../../functions/intake/integration-key.ts';
import { alignColumns } from '../columns.ts';
import { completeId, type Operator } from '../operator.ts';
import type { Paint } from '../paint.ts';
import { print, printJson } from '../print.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('let PagerDuty tools and Alertmanager open alerts');
  withConnection(
    keys
      .command('add')
      .description("make a sender's key; it is shown this once")
      .argument('<name>', 'of the sender; routes match it as `integration`'),
  ).action(add);
  withConnection(keys.command('list').description('list the keys, and when each was last used')).action(list);
  withConnection(
    keys
      .command('revoke')
      .description('refuse a key from now on')
      .argument('<id>', 'as the list has it, or the beginning of it'),
  ).action(revoke);
}

async function add(name: string, options: CommonOptions): Promise<void> {
  const { operator, by, paint } = await connect(options);
  const { added, secret, url } = await operator.ask({ command: 'keys-add', name, by }, 'secret');
  if (options.json) return printJson({ added, secret, url });
  print([
    `Key ${added.id} for ${paint.strong(added.name)}. It is shown this once:`,
    '',
    `  ${paint.strong(secret)}`,
    '',
    paint.faint('A tool that pages PagerDuty (Events API v2):'),
    `  address       ${url}${PAGERDUTY_ROUTE}`,
    `  routing key   ${secret}`,
    '',
    paint.faint("Alertmanager's receiver:"),
    '  - name: tocsin',
    '    webhook_configs:',
    `      - url: ${url}${ALERTMANAGER_ROUTE}`,
    '        http_config:',
    '          authorization:',
    `            credentials: ${secret}`,
  ]);
}

async function list(options: CommonOptions): Promise<void> {
  const { operator, procedures, paint } = await connect(options);
  const [{ keys }, { nowMs }] = await Promise.all([
    operator.ask({ command: 'keys-list' }, 'keys'),
    procedures(),
  ]);
  if (options.json) printJson(...keys);
  else if (keys.length === 0) print(['No keys yet. Make one: tocsin keys add NAME']);
  else print(renderKeys(keys, nowMs, paint));
}

async function revoke(typed: string, options: CommonOptions): Promise<void> {
  const { operator, by } = await connect(options);
  const id = KEY_ID.test(typed) ? typed : await wholeId(typed, operator);
  const { keys } = await operator.ask({ command: 'keys-revoke', id, by }, 'keys');
  if (options.json) printJson(...keys);
  else print(keys.map((key) => `Key ${key.id} of ${key.name} is revoked: what it sends is refused.`));
}

async function wholeId(typed: string, operator: Operator): Promise<string> {
  const { keys } = await operator.ask({ command: 'keys-list' }, 'keys');
  return completeId(
    typed,
    keys.map(({ id }) => id),
    'tocsin keys list',
  );
}

function renderKeys(keys: readonly ListedKey[], nowMs: number, paint: Paint): string[] {
  const rows = keys.map((key) => [
    key.id,
    key.name,
    describeAge(key.createdAt, nowMs),
    key.createdBy,
    key.lastUsedAt === undefined ? 'never' : describeAge(key.lastUsedAt, nowMs),
    key.revokedAt === undefined ? paint.good('live') : paint.bad('revoked'),
  ]);
  const titles = ['id', 'sender', 'made', 'by', 'last used', 'state'].map(paint.faint);
  return alignColumns([titles, ...rows]);
}
