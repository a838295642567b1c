/** Half an hour in which everybody calls: senders, operators, people at their links, the schedules, SNS's reports. */
import { gzipSync } from 'node:zlib';
import { toPlain } from '../../cli/replay/read-table.ts';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { keys } from '../../functions/shared/table.ts';
import { alertmanagerAlert, trigger, webhook } from '../intake/sample-webhooks.ts';
import { type Scenario, type ScenarioOptions, scenario, TABLE } from './scenario.ts';

const ANAS_PHONE = '+12025550101';
const BY = 'cli:root';
const STORM_TOKEN = 'AAAAAAAAAAAAAAAAAAAAAA';

/** @returns the story, and the key that its sender was given */
export async function callFromOutside(
  options: ScenarioOptions = {},
): Promise<Scenario & { senderKey: string | undefined }> {
  const story = await scenario({ team: 'explained', ...options });
  const { world } = story;
  /** What goes wrong on the way shows in the calls. */
  const ask = (minute: number, command: Record<string, unknown>) =>
    story.operate(minute, { by: BY, ...command }).catch(() => undefined);
  const audit = (minute: number, fix: boolean) =>
    void story.at(minute, () => world.invoke('tocsin-audit', { audit: 'doctor', fix }));
  const topic = (name: string) => `arn:aws:sns:${world.place.region}:${world.place.account}:tocsin-${name}`;

  // A sender.
  const made = ask(0, { command: 'keys-add', name: 'grafana' });
  await story.runTo(0.5);
  const added = (await made) as { added?: { id: string }; secret?: string } | undefined;
  const send = (minute: number, path: string, body: object) =>
    void story.at(minute, () =>
      world.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${added?.secret}` },
        body: JSON.stringify(body),
      }),
    );
  send(1, PAGERDUTY_ROUTE, { ...trigger(), routing_key: added?.secret });
  send(
    1,
    ALERTMANAGER_ROUTE,
    webhook(alertmanagerAlert({ startsAt: new Date(world.nowMs()).toISOString() })),
  );
  void ask(2, { command: 'keys-list' });
  void ask(2, { command: 'keys-revoke', id: added?.added?.id });

  // What explains other alerts: resolved by its link, and by an operator, it lets go what it held.
  const lifeOf = (title: string) =>
    story.lives().findLast(({ alert }) => alert.detail.title === title)?.alert ?? { id: 'none', openedAt: 0 };
  story.alarm(3, 'db-down');
  story.alarm(4, 'app-errors');
  void story.at(5.5, () => story.open(story.link('ana sms'))).catch(() => undefined);
  void story.press(6, 'resolve', 'ana sms').catch(() => undefined);
  story.ok(6.5, 'db-down');
  story.alarm(7, 'db-down');
  await story.runTo(8);
  void ask(8, { command: 'show', id: lifeOf('db-down').id });
  void ask(8, { command: 'snooze', id: lifeOf('app-errors').id, minutes: 1, reason: 'later' });
  void ask(8.5, { command: 'list' });
  void ask(8.5, { command: 'alert', title: 'by hand' });
  void ask(9, { command: 'resolve', id: lifeOf('db-down').id });

  // Windows by hand, and the walk over all open alerts.
  void ask(9.5, { command: 'window-start', hold: 'maintenance', match: {}, minutes: 1, reason: 'release' });

  // Ana's email is gone, as the audit at 15 finds, and her phone fails: a page to her goes on to level 2 at once.
  for (const name of ['responder-ana', 'watchers'])
    void story.at(14, () => void world.subscriptions.put(topic(name), 'deleted'));
  void story.at(15.1, () =>
    world.sms.change({ failing: { [ANAS_PHONE]: 'Unknown error attempting to reach phone' } }),
  );
  story.alarm(15.2, 'disk');
  story.ok(10, 'db-down');
  void story.at(16.5, () => world.sms.change({ optedOut: [ANAS_PHONE] }));
  // Ben, who is paged for others at 17, has to be waited for.
  story.alarm(17.1, 'db-down');
  audit(18, true);
  await story.runTo(19);
  const mails = world.messages.filter(({ body }) => body.includes('confirmation.html'));
  for (const { body } of mails)
    void ask(19, { command: 'contacts-confirm', link: /https?:\S*confirmation\.html\S+/.exec(body)?.[0] });
  void ask(20, { command: 'contacts-list' });
  void ask(20, { command: 'contacts-verify', responder: 'dan' });

  // Reports that come late: what they speak of is over.
  void ask(21, { command: 'resolve', id: lifeOf('db-down').id });
  void story.at(22, () => world.invoke('tocsin-delivery', failureOf(sentMessages(story))));
  void story.at(23, () => world.sms.change({ sandbox: true }));

  // Others in the account send to many, and a thousand of them have opted out: too many to list.
  const strangers = Array.from({ length: 1_000 }, (_, n) => `+1303555${1000 + n}`);
  void story.at(28, () => world.sms.change({ optedOut: [ANAS_PHONE, ...strangers] }));

  // The page of a storm, whose answer the due queue's consumer carries out.
  void story.at(26, () => {
    story.tables.handle('PutItem', { TableName: TABLE, Item: stormLink(lifeOf('by hand'), world.nowMs()) });
    return story.post(`/a/${STORM_TOKEN}`, 'acknowledge');
  });
  audit(29, false);
  await story.runTo(30);
  return { ...story, senderKey: added?.secret };
}

/** The link in a message that told of 60 alerts, as it stands in the table. */
function stormLink({ id, openedAt }: { id: string; openedAt: number }, sentAt: number): object {
  const { pk, sk } = keys.link(STORM_TOKEN);
  const at = { N: String(sentAt) };
  const storm = { severity: { S: 'critical' }, alerts: { N: '60' }, services: { L: [] }, until: at };
  return {
    pk: { S: pk },
    sk: { S: sk },
    responder: { S: 'ana' },
    sentAt: at,
    alerts: { L: [{ M: { id: { S: id }, openedAt: { N: String(openedAt) } } }] },
    storm: { M: storm },
  };
}

/** The ids of SNS for what was sent by SMS. */
export function sentMessages({ tables }: Scenario): string[] {
  const ids = tables.items(TABLE).map((item) => /^message#(.+)/.exec(String(toPlain(item).pk))?.[1]);
  return ids.filter((id) => id !== undefined);
}

/** What CloudWatch Logs hands over when SNS writes that these did not arrive. */
function failureOf(messageIds: readonly string[]): object {
  const logEvents = messageIds.map((messageId) => ({
    message: JSON.stringify({
      notification: { messageId, timestamp: '2026-03-02 03:22:00.000' },
      delivery: { destination: '+12025550199', providerResponse: 'Unknown error attempting to reach phone' },
      status: 'FAILURE',
    }),
  }));
  const batch = JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents });
  return { awslogs: { data: gzipSync(batch).toString('base64') } };
}
