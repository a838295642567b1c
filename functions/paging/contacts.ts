/** What an operator does about contacts: lists them, tries one out, confirms an email's subscription. */
import type { CommandAnswer, ListedContact } from '../console/commands.ts';
import type { AuditStore } from '../doctor/audit.store.ts';
import type { Contact } from '../escalation/decide-contacts.ts';
import type { SituationStore } from '../holds/situation.store.ts';
import { nearest } from '../operations/nearest.ts';
import type { Operations, PageChannel } from '../operations/operations.ts';
import { parseConfirmationLink } from './contacts-confirmation.ts';
import { type LinkStore, mintToken } from './link.store.ts';
import type { MessageStore } from './message.store.ts';
import { withReports } from './reachability-marks.ts';
import { renderVerificationMessage } from './render-verification.ts';
import type { SlotStore } from './slot.store.ts';
import type { Sender } from './sns.sender.ts';
import type { Subscriptions } from './sns-subscriptions.store.ts';

type ListPorts = {
  operations: Operations;
  audits: Pick<AuditStore, 'read'>;
  situation: Pick<SituationStore, 'read'>;
  nowMs: () => number;
};

type VerifyPorts = {
  operations: Operations;
  slots: Pick<SlotStore, 'claim' | 'release'>;
  links: Pick<LinkStore, 'put'>;
  messages: Pick<MessageStore, 'put'>;
  sender: Sender;
  answerUrl: string;
  nowMs: () => number;
};

type ConfirmPorts = {
  operations: Operations;
  subscriptions: Pick<Subscriptions, 'confirm'>;
  topics: { responderTopicArnPrefix: string; watchersTopicArn: string };
};

export type ContactsPorts = ListPorts & VerifyPorts & ConfirmPorts;

type PersonsContact = { responder: string; channel: PageChannel };

/** How every contact stood at the latest audit, with what delivery reports have said since. */
export async function listContacts(ports: ListPorts): Promise<CommandAnswer> {
  const [record, situation] = await Promise.all([ports.audits.read(), ports.situation.read()]);
  const known = contactsOf(ports.operations).map((contact): ListedContact => {
    const audited = record.contacts.find((one) => isSame(one, contact));
    return (
      audited ?? {
        ...contact,
        state: 'unknown',
        reason: 'not audited yet',
        advice: 'Wait five minutes, or run `tocsin doctor`.',
      }
    );
  });
  const contacts = withReports(known, situation, ports.nowMs()).map(
    (contact): ListedContact => ({
      ...contact,
      checkedAt: record.checkedAt,
      verifiedAt: record.verified.find((one) => isSame(one, contact))?.at,
    }),
  );
  return { kind: 'ok', contacts };
}

/** Sends a message that says it is a test to one person, on each of their channels or on one, through the contact's slot. */
export async function verifyContact(
  { responder, channel }: { responder: string; channel?: PageChannel | undefined },
  ports: VerifyPorts,
): Promise<CommandAnswer> {
  const people = Object.keys(ports.operations.responders);
  if (!people.includes(responder)) {
    const near = nearest(responder, people);
    return {
      kind: 'not-found',
      message: `operations.ts has no responder '${responder}'${near ? `: did you mean '${near}'?` : ''}`,
    };
  }
  const contacts = contactsOf(ports.operations).filter(
    (one) => one.responder === responder && (channel === undefined || one.channel === channel),
  );
  if (contacts.length === 0) {
    return {
      kind: 'rejected',
      message: `operations.ts has no ${channel ?? 'phone or email'} of ${responder}`,
    };
  }
  const outcomes = await Promise.all(
    contacts.map(async (contact) => ({ ...contact, reason: await sendTest(contact, ports) })),
  );
  return {
    kind: 'ok',
    sent: outcomes
      .filter(({ reason }) => reason === undefined)
      .map(({ responder, channel }) => ({ responder, channel })),
    failed: outcomes.flatMap(({ reason, ...contact }) =>
      reason === undefined ? [] : [{ ...contact, reason }],
    ),
  };
}

/** @returns why it was not sent, or undefined when it was */
async function sendTest(contact: PersonsContact, ports: VerifyPorts): Promise<string | undefined> {
  const { slots, links, messages, sender, answerUrl, nowMs } = ports;
  const sentAt = nowMs();
  const lease = await slots.claim(contact, sentAt);
  if (!lease) return 'a message went there within the last minute, or pages wait: try again in a minute';
  const token = mintToken();
  await links.put(token, { responder: contact.responder, sentAt, alerts: [], verify: contact });
  const link = `${answerUrl}/a/${token}`;
  const result = await sender.send(contact, renderVerificationMessage(contact.channel, link));
  const at = nowMs();
  await slots.release(lease, result.kind === 'sent' ? { at, pages: [] } : null);
  if (result.kind !== 'sent') return result.reason;
  // No page is lost with it, but a report that it did not arrive says something of the contact.
  if (contact.channel === 'sms') await messages.put(result.messageId, { ...contact, at, pages: [] });
  return undefined;
}

/**
 * Confirms a subscription with the link of AWS's email, so that ending it needs a signed call.
 * @param link  never logged: who has it can confirm
 */
export async function confirmContact(
  { link }: { link: string },
  ports: ConfirmPorts,
): Promise<CommandAnswer> {
  const parsed = parseConfirmationLink(link);
  if (!parsed) {
    return {
      kind: 'rejected',
      message:
        'this is not the link of an email "AWS Notification - Subscription Confirmation": copy the address behind "Confirm subscription", whole, and put it in quotes',
    };
  }
  const whose = ownerOf(parsed.topicArn, ports);
  if (!whose) {
    return {
      kind: 'rejected',
      message: 'this link confirms a topic that is none of this installation: nothing was done',
    };
  }
  if (await ports.subscriptions.confirm(parsed.topicArn, parsed.token))
    return { kind: 'ok', confirmed: whose };
  return {
    kind: 'rejected',
    message: `AWS does not take this link for ${whose}: it is cut, used, or too old. \`tocsin doctor --fix\` has AWS send a new one`,
  };
}

/** Whose topic it is, in words; undefined when it is none of ours. */
function ownerOf(topicArn: string, { operations, topics }: ConfirmPorts): string | undefined {
  if (topicArn === topics.watchersTopicArn) return 'the watchers';
  const owner = Object.keys(operations.responders).find(
    (responder) => topicArn === `${topics.responderTopicArnPrefix}${responder}`,
  );
  return owner && `the email of ${owner}`;
}

function contactsOf({ responders }: Operations): PersonsContact[] {
  return Object.entries(responders).flatMap(([responder, { phone, email }]): PersonsContact[] => [
    ...(phone ? [{ responder, channel: 'sms' as const }] : []),
    ...(email ? [{ responder, channel: 'email' as const }] : []),
  ]);
}

function isSame(one: Contact, other: Contact): boolean {
  return one.responder === other.responder && one.channel === other.channel;
}
