/** Publishes a message through SNS, and reads its refusals. SNS accepts and drops: a MessageId is no delivery. */
import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { type Contact, WATCHERS } from '../escalation/decide-contacts.ts';
import type { Operations } from '../operations/operations.ts';
import { reasonOf } from '../shared/redact.ts';

/** `sms`: what a topic's SMS subscriptions get in place of the body. */
export type Message = { subject: string; body: string; sms?: string };

export type SendResult =
  | { kind: 'sent'; messageId: string }
  /** back off and try again */
  | { kind: 'failed'; reason: string }
  /** no retry can help: next channel */
  | { kind: 'undeliverable'; reason: string };

export type Sender = { send(contact: Contact, message: Message): Promise<SendResult> };

/** Refusals that repeating does not change. Everything else may pass. Source: SNS API, Publish, Errors */
const FINAL = new Set([
  'AuthorizationErrorException',
  'AccessDenied',
  'AccessDeniedException',
  'EndpointDisabledException',
  'InvalidParameterException',
  'InvalidParameterValueException',
  'NotFoundException',
]);

/** Not the cheaper Promotional, which carriers delay or drop. */
const TRANSACTIONAL = {
  'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
};

export function openSnsClient(): SNSClient {
  return new SNSClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
}

export function snsSender(
  client: SNSClient,
  addresses: { responderTopicArnPrefix: string; watchersTopicArn: string },
  operations: Operations,
): Sender {
  return {
    async send(contact, message) {
      const input = address(contact, addresses, operations);
      if (!input) {
        return {
          kind: 'undeliverable',
          reason: `operations.ts has no ${contact.channel} of ${contact.responder}`,
        };
      }
      try {
        const { MessageId } = await client.send(
          new PublishCommand({ ...input, ...content(contact, message) }),
        );
        return { kind: 'sent', messageId: MessageId ?? '' };
      } catch (error) {
        const name = error instanceof Error ? error.name : '';
        return {
          kind: FINAL.has(name) ? 'undeliverable' : 'failed',
          reason: `SNS: ${name} ${reasonOf(error)}`,
        };
      }
    },
  };
}

function content({ channel }: Contact, { subject, body, sms }: Message): PublishCommandInput {
  if (channel === 'sms') return { Message: body };
  if (sms === undefined) return { Subject: subject, Message: body };
  return { Subject: subject, Message: JSON.stringify({ default: body, sms }), MessageStructure: 'json' };
}

/** Where a contact's messages go, or undefined when the responder or the channel is gone from operations.ts. */
function address(
  contact: Contact,
  addresses: { responderTopicArnPrefix: string; watchersTopicArn: string },
  operations: Operations,
): Partial<PublishCommandInput> | undefined {
  if (contact.responder === WATCHERS.responder) {
    return { TopicArn: addresses.watchersTopicArn, MessageAttributes: TRANSACTIONAL };
  }
  const person = operations.responders[contact.responder];
  if (contact.channel === 'sms' && person?.phone) {
    return {
      PhoneNumber: person.phone,
      MessageAttributes: TRANSACTIONAL,
    };
  }
  if (contact.channel === 'email' && person?.email) {
    return { TopicArn: `${addresses.responderTopicArnPrefix}${contact.responder}` };
  }
  return undefined;
}
