/** `tocsin keys add | rotate | list | revoke`: who else may open alerts. */
import type { Command } from 'commander';
import { oneLine } from '../../functions/alerts/describe-alert.ts';
import { describeAge, describeDate } from '../../functions/alerts/describe-time.ts';
import type { ListedKey } from '../../functions/console/commands.ts';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { KEY_ID } from '../../functions/intake/integration-key.ts';
import { alignColumns } from '../columns.ts';
import { parseMinutes } from '../duration.ts';
import { type AnswerWith, completeId, type Operator } from '../operator.ts';
import type { Paint } from '../paint.ts';
import { print, printJson } from '../print.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';

const MINUTE_MS = 60_000;

type RotateOptions = CommonOptions & { overlap: string };

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('let PagerDuty tools and Alertmanager open alerts');
  withConnection(
    keys
      .command('add')
      .description("make a sender's key; it is shown this once")
      .argument('<name>', 'of the sender; routes match it as `integration`'),
  ).action(add);
  withConnection(
    keys
      .command('rotate')
      .description('exchange the key of a sender: the old one is good for a while beside the new one')
      .argument('<name>', 'of the sender')
      .option('--overlap <duration>', 'how long the old one is still good, such as 7d; at most 30d', '24h'),
  ).action(rotate);
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
  if (options.json) printJson({ added, secret, url });
  else print(renderNew({ added, secret, url }, paint));
}

async function rotate(name: string, options: RotateOptions): Promise<void> {
  const overlapMinutes = parseMinutes(options.overlap, '--overlap');
  const { operator, by, paint } = await connect(options);
  const rotation = { command: 'keys-rotate', name, overlapMinutes, by } as const;
  const { added, secret, url, ending = [] } = await operator.ask(rotation, 'secret');
  if (options.json) return printJson({ added, secret, url, ending });
  const askedFor = added.createdAt + overlapMinutes * MINUTE_MS;
  const until = ending.map(({ id, endsAt = 0 }) => {
    // Made and ended by two looks at the clock.
    const before = Math.abs(endsAt - askedFor) < MINUTE_MS ? '' : ', as an earlier exchange said';
    return `Key ${id} is good until ${describeDate(endsAt)}${before}: give the sender the new one by then.`;
  });
  print([...renderNew({ added, secret, url }, paint), '', ...until]);
}

function renderNew({ added, secret, url }: Omit<AnswerWith<'secret'>, 'kind'>, paint: Paint): string[] {
  return [
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
  ];
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
    oneLine(key.createdBy),
    key.lastUsedAt === undefined ? 'never' : describeAge(key.lastUsedAt, nowMs),
    stateOf(key, nowMs, paint),
  ]);
  const titles = ['id', 'sender', 'made', 'by', 'last used', 'state'].map(paint.faint);
  return alignColumns([titles, ...rows]);
}

function stateOf({ revokedAt, endsAt }: ListedKey, nowMs: number, paint: Paint): string {
  if (revokedAt !== undefined) return paint.bad('revoked');
  if (endsAt === undefined) return paint.good('live');
  return endsAt <= nowMs ? paint.bad('ended') : paint.warn(`until ${describeDate(endsAt)}`);
}
