/** SNS topics and their subscriptions. SNS accepts and drops: whoever publishes gets a MessageId either way. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Queue } from './queue.ts';

/** One SMS or email, as it left the world, or why it did not. */
export type DeliveredMessage = {
  at: number;
  channel: 'sms' | 'email';
  to: string;
  /** the topic's name; absent when it was published to the number */
  topic?: string;
  subject?: string;
  body: string;
  delivered: boolean;
  dropReason?: string;
};

export type Subscription =
  | { protocol: 'sms' | 'email'; endpoint: string }
  | { protocol: 'sqs'; queue: Queue; raw: boolean };

export type Topic = { name: string; arn: string; subscriptions: Subscription[] };

export type Publication = {
  body: string;
  /** by protocol, where it is not the same for all */
  bodyOf?: Readonly<Record<string, string>> | undefined;
  subject?: string | undefined;
  attributes?: Record<string, { DataType: string; StringValue?: string }>;
};

export type Topics = ReturnType<typeof openTopics>;

export function openTopics(
  clock: Clock,
  topics: readonly Topic[],
  deliver: (message: DeliveredMessage) => void,
) {
  const unreachable = new Map<string, string>();

  const hand = (channel: 'sms' | 'email', to: string, publication: Publication, topic?: Topic) => {
    const dropReason = unreachable.get(to);
    deliver({
      at: clock.nowMs(),
      channel,
      to,
      ...(topic ? { topic: topic.name } : {}),
      ...(channel === 'email' ? { subject: publication.subject ?? 'AWS Notification Message' } : {}),
      body: publication.bodyOf?.[channel] ?? publication.body,
      delivered: dropReason === undefined,
      ...(dropReason === undefined ? {} : { dropReason }),
    });
  };

  return {
    find: (arn: string) => topics.find((one) => one.arn === arn),
    /** From now on what goes there is dropped silently: opted out, not confirmed, over the spend limit. */
    drop(address: string, reason: string) {
      unreachable.set(address, reason);
    },
    undrop(address: string) {
      unreachable.delete(address);
    },
    publishToNumber(phoneNumber: string, publication: Publication): string {
      hand('sms', phoneNumber, publication);
      return randomUUID();
    },
    publish(topic: Topic, publication: Publication): string {
      const messageId = randomUUID();
      for (const subscription of topic.subscriptions) {
        if (subscription.protocol !== 'sqs') {
          hand(subscription.protocol, subscription.endpoint, publication, topic);
        } else if (subscription.raw) {
          subscription.queue.send(publication.body, { attributes: publication.attributes ?? {} });
        } else {
          subscription.queue.send(JSON.stringify(envelope(topic, messageId, publication, clock.nowMs())));
        }
      }
      return messageId;
    },
  };
}

function envelope(
  topic: Topic,
  messageId: string,
  { subject, body, attributes }: Publication,
  nowMs: number,
) {
  return {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topic.arn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: body,
    Timestamp: new Date(nowMs).toISOString(),
    SignatureVersion: '1',
    Signature: 'local',
    SigningCertURL: 'https://sns.local/cert.pem',
    UnsubscribeURL: 'https://sns.local/unsubscribe',
    ...(attributes && Object.keys(attributes).length > 0
      ? {
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
              name,
              { Type: DataType, Value: StringValue },
            ]),
          ),
        }
      : {}),
  };
}
