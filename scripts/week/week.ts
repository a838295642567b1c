/**
 * `npm run week`: a week of a team's life, through the command line and HTTP only, and what became of every signal.
 * The local world stands still between two steps, and plays the time between them as fast as it can.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Alert } from '../../functions/alerts/alert.ts';
import type { ListedContact, ListedKey, ListedWindow } from '../../functions/console/commands.ts';
import type { Finding } from '../../functions/doctor/contract.ts';
import { scriptCommand } from '../script-command.ts';
import { type InboxMessage, Installation } from './installation.ts';
import { Ledger, type Life } from './ledger.ts';
import team from './team.ts';
import later from './team-later.ts';

const TEAM = fileURLToPath(new URL('team.ts', import.meta.url));
const TEAM_LATER = fileURLToPath(new URL('team-later.ts', import.meta.url));
const DAY_MS = 24 * 3_600_000;
/** More than one message lists. */
const STORM = 80;

scriptCommand(
  'week',
  "A week of a team's life in the local world, through the command line and HTTP, and what became of every signal.",
).parse();

const world = new Installation();
const ledger = new Ledger();
const secrets = { grafana: '', prometheus: '' };
let nowMs = 0;

try {
  await world.start(TEAM);
  await monday();
  await tuesday();
  await wednesday();
  await thursday();
  await friday();
  await weekend();
  await account();
} finally {
  await world.end();
}

/** Senders get their keys; a night's alarm passes through the levels; two senders open and close alerts of their own. */
async function monday(): Promise<void> {
  nowMs = await world.pass('1m');
  await waitUntil(nextMidnight(1));
  say(
    'Monday: keys for two senders; an alarm at three in the morning; a sender that acknowledges its own alert',
  );
  for (const name of ['grafana', 'prometheus'] as const) {
    const [made] = await world.ask<{ secret: string }>('keys', 'add', name);
    secrets[name] = made!.secret;
  }
  await pass('3h');
  await alarm('checkout-latency', 'ALARM');
  await pass('16m');
  ledger.check(await wasPaged('+12025550102'), 'level 2 was not paged after a quarter of an hour');
  await press(await latestLink('+12025550102'), 'acknowledge');
  await pass('10m');
  await alarm('checkout-latency', 'OK');
  await pass('5h');

  await pagerduty(
    { event_action: 'trigger', dedup_key: 'disk-1', payload: payload('disk of db-1 is full') },
    'alarm',
  );
  await pass('1m');
  await pagerduty({ event_action: 'acknowledge', dedup_key: 'disk-1' }, 'acknowledge');
  await pass('20m');
  ledger.check(
    !(await wasPaged('+12025550102', 15)),
    'level 2 was paged although the sender had acknowledged',
  );
  await pagerduty({ event_action: 'resolve', dedup_key: 'disk-1' }, 'ok');
  await pagerduty(
    { event_action: 'trigger', dedup_key: 'broken', payload: { summary: 'no source' } },
    'refused',
  );
  await pagerduty(
    { event_action: 'trigger', dedup_key: 'stranger', payload: payload('x') },
    'refused',
    'x'.repeat(32),
  );
  await pass('1m');
  // What a known sender says and nobody can read is an alert of Tocsin's own: somebody looks at it.
  await succeed('resolve', await idOf('tocsin', 'sender:grafana'));
  await pass('30m');
}

/** Somebody opens an alert by hand and snoozes it; a silence holds what is known. */
async function tuesday(): Promise<void> {
  await waitUntil(nextMidnight(2));
  say('Tuesday: an alert by hand, snoozed for two hours; a silence, ended early');
  await byHand('refunds', 'alarm');
  await pass('2m');
  const snoozed = await idOf('cli', 'refunds');
  await succeed('snooze', snoozed, '--for', '2h', '--reason', 'waiting for the bank');
  await pass('119m');
  ledger.check(!(await wasPaged('ana@example.com', 110)), 'a snoozed alert paged somebody');
  await pass('3m');
  ledger.check(await wasPaged('ana@example.com', 4), 'nobody was paged when the snooze had ended');
  await succeed('resolve', snoozed);

  const [silence] = await world.ask<ListedWindow>(
    ...[
      'silence',
      'add',
      '--label',
      'component=cache',
      '--for',
      '8h',
      '--reason',
      'the cache is being replaced',
    ],
  );
  await pagerduty(
    {
      event_action: 'trigger',
      dedup_key: 'cache-1',
      payload: { ...payload('cache is slow'), component: 'cache' },
    },
    'alarm',
  );
  await pass('40m');
  ledger.check(!(await wasPaged('ana@example.com', 39)), 'a silenced alert paged somebody');
  await succeed('silence', 'end', silence!.id);
  await pass('2m');
  ledger.check(await wasPaged('ana@example.com', 3), 'the end of a silence paged nobody');
  await pagerduty({ event_action: 'resolve', dedup_key: 'cache-1' }, 'ok');
  await pass('1h');
}

/** A storm through a sender's key: one page says so, one press acknowledges all of it. */
async function wednesday(): Promise<void> {
  await waitUntil(nextMidnight(3));
  say(`Wednesday: a storm of ${STORM} alerts`);
  const before = (await world.inbox()).length;
  for (let n = 1; n <= STORM; n++) {
    await pagerduty(
      { event_action: 'trigger', dedup_key: `shard-${n}`, payload: payload(`shard ${n} is unreachable`) },
      'alarm',
    );
  }
  await pass('3m');
  const messages = (await world.inbox()).slice(before).filter(({ to }) => to === '+12025550101');
  ledger.check(messages.length <= 3, `the storm was ${messages.length} SMS to one person`);
  ledger.check(
    messages.some(({ body }) => /STORM/.test(body)),
    'no SMS said that it is a storm',
  );
  await press(messages.findLast(({ body }) => /STORM/.test(body))?.body ?? '', 'acknowledge');
  await pass('5m');
  const open = await world.ask<Alert>('alerts');
  const left = open.filter(({ status }) => status === 'triggered').length;
  ledger.check(left <= 1, `${left} alerts of the storm were not acknowledged by one press`);
  for (let n = 1; n <= STORM; n++)
    await pagerduty({ event_action: 'resolve', dedup_key: `shard-${n}` }, 'ok');
  await pass('1h');
}

/** A cluster explains its nodes; a deploy comes while an alert is on its way to somebody who has left. */
async function thursday(): Promise<void> {
  await waitUntil(nextMidnight(4));
  say('Thursday: a cluster that explains its nodes; a deploy in the middle of an escalation');
  const startedAt = new Date(nowMs).toISOString();
  const nodes = [1, 2, 3].map((n) => ({ alertname: 'NodeDown', cluster: 'eu', node: `n${n}` }));
  const cluster = { alertname: 'ClusterDown', cluster: 'eu' };
  await alertmanager([cluster], { startsAt: startedAt }, 'alarm');
  await pass('1m');
  await alertmanager(nodes, { startsAt: startedAt }, 'alarm');
  await alertmanager(nodes, { startsAt: startedAt }, 'repeat');
  await pass('5m');
  const held = (await world.ask<Alert>('alerts')).filter(({ holds }) => holds.inhibited);
  ledger.check(held.length === 3, `${held.length} of three nodes were held while their cluster was down`);
  await alertmanager(
    [cluster, ...nodes],
    { startsAt: startedAt, endsAt: new Date(nowMs).toISOString() },
    'ok',
  );
  await pass('30m');

  await alarm('checkout-errors', 'ALARM');
  await pass('10m');
  await world.stop('SIGKILL');
  await world.start(TEAM_LATER);
  await pass('6m');
  ledger.check(await wasPaged('+12025550104', 3), 'after the deploy level 2 is Dev, and Dev was not paged');
  await alarm('checkout-errors', 'OK');
  await pass('30m');
}

/** Ana opts out of SMS and loses her email; pages find another way, the doctor says so, and she comes back. */
async function friday(): Promise<void> {
  await waitUntil(nextMidnight(5));
  say('Friday: somebody who cannot be reached');
  await change('/world/phones', { number: '+12025550101', optedOut: true });
  await change('/world/subscriptions', { responder: 'ana', state: 'deleted' });
  await pass('11m');
  const unreachable = (await world.ask<ListedContact>('contacts', 'list')).filter(
    ({ state }) => state === 'unreachable',
  );
  ledger.check(
    unreachable.length === 2,
    `${unreachable.length} of Ana's two contacts are known to be unreachable`,
  );
  ledger.check((await world.run('doctor')).code === 2, 'the doctor found nothing that can lose a page');
  await alarm('checkout-latency', 'ALARM');
  await pass('1m');
  ledger.check(await wasPaged('+12025550104', 2), 'with Ana out of reach level 2 was not paged at once');
  await succeed('ack', await idOf('cloudwatch', 'checkout-latency'));
  await alarm('checkout-latency', 'OK');

  await change('/world/phones', { number: '+12025550101', optedOut: false });
  await world.run('doctor', '--fix');
  const confirmation = (await world.inbox()).findLast(({ body }) => /confirmation\.html/.test(body));
  await succeed(
    'contacts',
    'confirm',
    /https:\S+confirmation\.html\S+/.exec(confirmation?.body ?? '')?.[0] ?? '',
  );
  await pass('20m');
  const well = (await world.run('doctor', '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Finding);
  const ill = well.filter(({ id, state }) => id.startsWith('contact') && state !== 'ok');
  ledger.check(ill.length === 0, `after the mending: ${ill.map(({ found }) => found).join('; ')}`);
  await pass('1h');
}

/** Maintenance by hand on Saturday, the weekly window on Sunday: what still fires at the end is one page. */
async function weekend(): Promise<void> {
  await waitUntil(nextMidnight(6));
  say('Saturday and Sunday: maintenance, by hand and each week');
  await succeed(
    'maintenance',
    'start',
    '--service',
    'checkout',
    '--for',
    '2h',
    '--reason',
    'new payment provider',
  );
  for (const name of ['checkout-latency', 'checkout-errors', 'checkout-queue']) await alarm(name, 'ALARM');
  await pass('30m');
  await alarm('checkout-queue', 'OK');
  await pass('85m');
  const before = (await world.inbox()).length;
  await pass('10m');
  const sms = (await world.inbox()).slice(before).filter(({ to }) => to === '+12025550101');
  ledger.check(sms.length === 1, `the end of the maintenance was ${sms.length} SMS to one person`);
  ledger.check(
    /after maintenance/.test(sms[0]?.body ?? ''),
    'the page after the maintenance does not say so',
  );
  for (const name of ['checkout-latency', 'checkout-errors']) await alarm(name, 'OK');
  await pass('1h');

  await waitUntil(nextMidnight(7));
  await pass('130m');
  await byHand('index-rebuild', 'alarm', '--service', 'search');
  await pass('100m');
  ledger.check(!(await wasPaged('+12025550101', 100)), 'the weekly window paged somebody');
  await byHand('index-rebuild', 'ok');
  await pass('2h');
  const live = (await world.ask<ListedKey>('keys', 'list')).filter(
    ({ revokedAt }) => revokedAt === undefined,
  );
  for (const { id } of live) await succeed('keys', 'revoke', id);
  await pagerduty({ event_action: 'trigger', dedup_key: 'late', payload: payload('x') }, 'refused');
}

async function account(): Promise<void> {
  const alerts = await world.ask<Alert>('alerts', '--all');
  const ids = new Set(alerts.map(({ id }) => id));
  const lives = await world.ask<Life>('show', '--all', ...ids);
  const contacts = new Map(
    [...Object.entries(team.responders), ...Object.entries(later.responders)].flatMap(
      ([name, { email, phone }]) => [
        [`${name} email`, email ?? ''],
        [`${name} sms`, phone ?? ''],
      ],
    ),
  );
  const rows = ledger.account(lives, await world.inbox(), contacts);
  process.stdout.write(`\nWhat became of every signal:\n\n${rows.join('\n')}\n\n`);
  for (const complaint of ledger.complaints) process.stdout.write(`WRONG: ${complaint}\n`);
  process.stdout.write(ledger.complaints.length === 0 ? 'Every signal is accounted for.\n' : '');
  process.exitCode = ledger.complaints.length === 0 ? 0 : 1;
}

function say(what: string): void {
  process.stdout.write(`${what}\n`);
}

async function pass(duration: string): Promise<void> {
  nowMs = await world.pass(duration);
}

/** @param weekday  0 is Sunday, 7 as well */
function nextMidnight(weekday: number): number {
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const days = (weekday - new Date(nowMs).getUTCDay() + 7) % 7 || 7;
  return midnight + days * DAY_MS;
}

async function waitUntil(atMs: number): Promise<void> {
  await pass(`${Math.ceil((atMs - nowMs) / 60_000)}m`);
}

async function alarm(alarmName: string, state: 'ALARM' | 'OK'): Promise<void> {
  await change('/world/alarms', { alarmName, state, reason: 'Threshold Crossed' });
  ledger.note(`cloudwatch/${alarmName}`, state === 'ALARM' ? 'alarm' : 'ok');
}

async function pagerduty(
  event: { event_action: string; dedup_key: string; payload?: object },
  fate: 'alarm' | 'ok' | 'acknowledge' | 'refused',
  key = secrets.grafana,
): Promise<void> {
  const answer = await world.post('/v2/enqueue', { routing_key: key, ...event });
  const wanted = fate === 'refused' ? 400 : 202;
  ledger.check(
    answer.status === wanted,
    `${event.dedup_key} was answered with ${answer.status}: ${await answer.text()}`,
  );
  ledger.note(`grafana/${event.dedup_key}`, fate);
}

function payload(summary: string): Record<string, string> {
  return { summary, source: 'db-1', severity: 'critical' };
}

async function alertmanager(
  labels: readonly Record<string, string>[],
  times: { startsAt: string; endsAt?: string },
  fate: 'alarm' | 'ok' | 'repeat',
): Promise<void> {
  const status = fate === 'ok' ? 'resolved' : 'firing';
  const alerts = labels.map((one) => ({
    status,
    labels: one,
    annotations: { summary: Object.values(one).join(' ') },
    endsAt: '0001-01-01T00:00:00Z',
    ...times,
    fingerprint: Object.values(one).join('-'),
  }));
  const answer = await world.post(
    '/v1/alertmanager',
    { version: '4', groupKey: '{}', status, receiver: 'tocsin', alerts },
    { authorization: `Bearer ${secrets.prometheus}` },
  );
  ledger.check(
    answer.status === 200,
    `Alertmanager was answered with ${answer.status}: ${await answer.text()}`,
  );
  for (const { fingerprint } of alerts) ledger.note(`prometheus/${fingerprint}`, fate);
}

async function byHand(key: string, fate: 'alarm' | 'ok', ...more: string[]): Promise<void> {
  const args = fate === 'ok' ? ['--resolve'] : ['--severity', 'critical', ...more];
  await succeed('alert', `${key} is broken`, '--key', key, ...args);
  ledger.note(`cli/${key}`, fate);
}

async function succeed(...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await world.run(...args);
  ledger.check(code === 0, `tocsin ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
}

async function change(path: string, body: object): Promise<void> {
  const answer = await world.post(path, body);
  ledger.check(answer.ok, `${path} was answered with ${answer.status}: ${await answer.text()}`);
}

async function idOf(kind: Alert['source']['kind'], key: string): Promise<string> {
  const open = await world.ask<Alert>('alerts');
  const found = open.find(
    ({ source }) =>
      source.kind === kind && (source.kind === 'cloudwatch' ? source.alarmName : source.key) === key,
  );
  if (!found) throw new Error(`no open alert of ${kind} ${key}`);
  return found.id;
}

async function wasPaged(address: string, withinMinutes = 60): Promise<boolean> {
  return (await latest(address, withinMinutes)) !== undefined;
}

async function latest(address: string, withinMinutes: number): Promise<InboxMessage | undefined> {
  return (await world.inbox()).findLast(
    ({ to, at, delivered }) => to === address && delivered && at > nowMs - withinMinutes * 60_000,
  );
}

async function latestLink(address: string): Promise<string> {
  return (await latest(address, 60))?.body ?? '';
}

/** Presses a button of the page behind the link in a message. */
async function press(message: string, action: string): Promise<void> {
  const path = /http:\/\/\S+(\/a\/[\w-]+)/.exec(message)?.[1];
  if (!path) throw new Error(`no link in: ${message}`);
  const answer = await world.post(path, new URLSearchParams({ action }));
  ledger.check(answer.status < 400, `the answer page answered ${answer.status} to ${action}`);
  await sleep(10);
}
