/** `tocsin contacts list | verify | confirm`: whom a page would reach, tried before it must. */
import { type Command, Option } from 'commander';
import { oneLine } from '../../functions/alerts/describe-alert.ts';
import type { PageChannel } from '../../functions/operations/operations.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { print, printJson } from '../print.ts';
import { renderContacts } from '../render-contacts.ts';
import { type CommonOptions, connect, withConnection } from './connect.ts';

const CHANNELS = { sms: 'SMS', email: 'email' } as const satisfies Record<PageChannel, string>;

export function addContacts(program: Command): void {
  const contacts = program.command('contacts').description('see whom a page would reach, and try it');
  withConnection(
    contacts.command('list').description("list each person's channels, as the latest audit found them"),
  ).action(list);
  withConnection(
    contacts
      .command('verify')
      .description('send a test message, with a link that says it arrived')
      .argument('<responder>', 'as operations.ts names them')
      .addOption(new Option('--channel <channel>', 'only that one').choices(Object.keys(CHANNELS))),
  ).action(verify);
  withConnection(
    contacts
      .command('confirm')
      .description("confirm an email's subscription so that only AWS credentials can end it")
      .argument('<link>', 'of the email from AWS, in quotes; do not open it in a browser'),
  ).action(confirm);
}

async function list(options: CommonOptions): Promise<void> {
  const { operator, procedures, paint } = await connect(options);
  const [{ contacts }, { operations, nowMs }] = await Promise.all([
    operator.ask({ command: 'contacts-list' }, 'contacts'),
    procedures(),
  ]);
  if (options.json) printJson(...contacts);
  else if (contacts.length === 0) print(['No contacts: operations.ts has no responders.']);
  else print(renderContacts(contacts, operations, nowMs, paint));
}

async function verify(responder: string, options: CommonOptions & { channel?: PageChannel }): Promise<void> {
  const { operator, by } = await connect(options);
  const answer = await operator.ask(
    { command: 'contacts-verify', responder, channel: options.channel, by },
    'sent',
  );
  if (options.json) printJson(answer);
  else {
    for (const { channel } of answer.sent) {
      print([
        `Sent to ${responder} by ${CHANNELS[channel as PageChannel]}: open its link to say that it arrived.`,
      ]);
    }
  }
  const [failed] = answer.failed;
  if (failed) {
    const which = answer.failed.map(({ channel, reason }) => `${channel}: ${oneLine(reason)}`).join('; ');
    throw new OpsError('undeliverable', `not sent to ${responder}: ${which}`);
  }
}

async function confirm(link: string, options: CommonOptions): Promise<void> {
  const { operator, by } = await connect(options);
  const { confirmed } = await operator.ask({ command: 'contacts-confirm', link, by }, 'confirmed');
  if (options.json) printJson({ confirmed });
  else print([`Confirmed: ${confirmed}. Whoever unsubscribes it now needs AWS credentials.`]);
}
