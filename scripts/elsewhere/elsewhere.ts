/**
 * `npm run elsewhere -- http://127.0.0.1:5000`: the real bundles, in a plain Node.js, against an AWS-compatible endpoint
 * that is not ours. What the template names of table, queues and topics is made there through AWS's own API, so that an
 * endpoint without CloudFormation will do; nothing of the local world runs. Exits with 1 when the story goes otherwise.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Alert } from '../../functions/alerts/alert.ts';
import type { Command, CommandAnswer } from '../../functions/console/commands.ts';
import type { AuditAnswer } from '../../functions/doctor/contract.ts';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { scriptCommand } from '../script-command.ts';
import { type Answer, standUp } from './installation.ts';

const REPORT_COMES_AFTER_MS = 6_000;

const command = scriptCommand(
  'elsewhere',
  'The deployed bundles against an AWS-compatible endpoint, none of ours.',
)
  .argument('<url>', 'of the endpoint, such as http://127.0.0.1:5000')
  .parse();
const [endpoint = ''] = command.args;
if (!URL.canParse(endpoint))
  command.error(`'${endpoint}' is no address: write one such as http://127.0.0.1:5000`);

const stack = await standUp(endpoint);
const failures: string[] = [];

const made = await operate({ command: 'keys-add', name: 'grafana', by: 'cli:elsewhere' });
const { secret, added } = made as { secret: string; added: { id: string } };

const event = {
  event_action: 'trigger',
  dedup_key: 'db-1',
  payload: { summary: 'db-1 is down', source: 'db-1', severity: 'critical' },
};
check(
  'a PagerDuty event is taken',
  202,
  (await post(PAGERDUTY_ROUTE, { routing_key: secret, ...event })).statusCode,
);
check(
  'a wrong key is refused',
  400,
  (await post(PAGERDUTY_ROUTE, { routing_key: 'x'.repeat(32), ...event })).statusCode,
);
const firing = {
  status: 'firing',
  labels: { alertname: 'NodeDown' },
  startsAt: new Date().toISOString(),
  fingerprint: 'f1',
};
const webhook = { version: '4', status: 'firing', alerts: [firing] };
check(
  'an Alertmanager webhook is taken',
  200,
  (await post(ALERTMANAGER_ROUTE, webhook, { authorization: `Bearer ${secret}` })).statusCode,
);
await operate({ command: 'alert', title: 'Backups are late', key: 'backups', by: 'cli:elsewhere' });
await stack.drain('intake');

const open = await list();
check('three senders made three alerts', 3, open.length);
const messages = await stack.messages();
check('a page arrived', true, messages.length > 0);

const token = /\/a\/([\w-]{22})/.exec(messages[0] ?? '')?.[1] ?? '';
check('its link shows the alert', 200, (await link('GET', token)).statusCode);
check('its button acknowledges it', 303, (await link('POST', token, 'action=acknowledge')).statusCode);
await stack.drain('due');
check(
  'one alert is acknowledged',
  1,
  (await list()).filter(({ status }) => status === 'acknowledged').length,
);

const opened = await operate({
  command: 'window-start',
  hold: 'maintenance',
  match: {},
  minutes: 60,
  reason: 'a trial',
  by: 'cli:elsewhere',
});
await stack.drain('due');
check('maintenance holds all of them', 3, (await list()).filter(({ holds }) => holds.maintenance).length);
await operate({
  command: 'window-end',
  id: (opened as { window: { id: string } }).window.id,
  by: 'cli:elsewhere',
});
await stack.drain('due');
check('and lets them go', 0, (await list()).filter(({ holds }) => holds.maintenance).length);

await stack.invoke('tick', {});
const { findings } = (await stack.invoke('audit', { audit: 'doctor' })) as AuditAnswer;
check('the doctor has looked at the tick', 'ok', findings.find(({ id }) => id === 'tick')?.state);

const reported = (await stack.messageIds())[0];
const failure = {
  notification: { messageId: reported },
  delivery: { destination: '+12025550101', providerResponse: 'Phone number is opted out' },
  status: 'FAILURE',
};
await stack.invoke('delivery', { awslogs: { data: deliveryLog(failure) } });
// It is handed over for when it is noted which pages the message was.
await sleep(REPORT_COMES_AFTER_MS);
await stack.drain('due');
check('an SMS that did not arrive is known', true, (await timelines()).includes('page.undeliverable'));

for (const { id } of await list()) await operate({ command: 'resolve', id, by: 'cli:elsewhere' });
await operate({ command: 'keys-revoke', id: added.id, by: 'cli:elsewhere' });
check('all are resolved', 0, (await list()).length);
check(
  'a revoked key is refused',
  400,
  (await post(PAGERDUTY_ROUTE, { routing_key: secret, ...event })).statusCode,
);

for (const failed of failures) process.stdout.write(`WRONG: ${failed}\n`);
process.exit(failures.length === 0 ? 0 : 1);

function check(what: string, wanted: unknown, seen: unknown): void {
  if (wanted === seen) process.stdout.write(`ok     ${what}\n`);
  else failures.push(`${what}: ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`);
}

async function operate(command: Command): Promise<CommandAnswer> {
  const answer = (await stack.invoke('operate', command)) as CommandAnswer;
  if (answer.kind !== 'ok') failures.push(`${command.command}: ${answer.message}`);
  return answer;
}

async function list(): Promise<Alert[]> {
  return ((await operate({ command: 'list' })) as { alerts: Alert[] }).alerts;
}

async function timelines(): Promise<string> {
  const shown = await Promise.all((await list()).map(({ id }) => operate({ command: 'show', id })));
  return JSON.stringify(shown);
}

async function post(route: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  return stack.request('webhook', 'POST', route, { headers, body: JSON.stringify(body) });
}

async function link(method: string, token: string, body?: string): Promise<Answer> {
  return stack.request('answer', method, '/a/{token}', { body, pathParameters: { token } });
}

/** As CloudWatch Logs hands it to a subscribed function. */
function deliveryLog(message: object): string {
  const logEvents = [{ id: '1', timestamp: Date.now(), message: JSON.stringify(message) }];
  const logs = {
    messageType: 'DATA_MESSAGE',
    owner: '',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents,
  };
  return gzipSync(JSON.stringify(logs)).toString('base64');
}
