/** SNS topics and numbers: what is published arrives or is dropped. Whoever publishes gets a MessageId either way. */
import type { Clock } from '../clock.ts';
import type { Place } from '../template-attributes.ts';
import type { Logs } from './logs.ts';
import { failureLog, type SmsAccount } from './sms-account.ts';
import type { Subscription, Subscriptions } from './subscriptions.ts';

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

export type Topic = { name: string; arn: string };

export type Publication = {
  body: string;
  /** by protocol, where it is not the same for all */
  bodyOf?: Readonly<Record<string, string>> | undefined;
  subject?: string | undefined;
  attributes?: Record<string, { DataType: string; StringValue?: string }>;
};

export type Topics = ReturnType<typeof openTopics>;

/** A carrier's report takes its time. */
const REPORT_AFTER_MS = 2_000;

type Options = {
  clock: Clock;
  place: Place;
  topics: readonly Topic[];
  subscriptions: Subscriptions;
  sms: SmsAccount;
  logs: Logs;
  deliver: (message: DeliveredMessage) => void;
  newId: () => string;
  /** @returns why SNS loses this one message, which it has accepted */
  lose?: ((channel: 'sms' | 'email', to: string) => string | undefined) | undefined;
};

export function openTopics(options: Options) {
  const { clock, place, topics, subscriptions, sms, logs, deliver, newId, lose } = options;
  const lost = new Map<string, string>();

  const hand = (
    channel: 'sms' | 'email',
    to: string,
    { body, bodyOf, subject }: Publication,
    refusal: string | undefined,
    topic?: Topic,
  ) => {
    const dropReason = refusal ?? lose?.(channel, to);
    deliver({
      at: clock.nowMs(),
      channel,
      to,
      ...(topic ? { topic: topic.name } : {}),
      ...(channel === 'email' ? { subject: subject ?? 'AWS Notification Message' } : {}),
      body: bodyOf?.[channel] ?? body,
      delivered: dropReason === undefined,
      ...(dropReason === undefined ? {} : { dropReason }),
    });
  };

  const email = (subscription: Subscription, publication: Publication, topic: Topic) => {
    const dropReason =
      subscription.state === 'pending'
        ? 'the subscription is not confirmed'
        : subscriptions.mayReceive(subscription)
          ? lost.get(subscription.endpoint)
          : 'more than 10 emails in a second: the subscription is suspended';
    hand('email', subscription.endpoint, publication, dropReason, topic);
  };

  /** @returns what the carrier would report, if it does not arrive */
  const text = (number: string, publication: Publication, topic?: Topic) => {
    const refusal = sms.refusalOf(number);
    hand('sms', number, publication, refusal ?? lost.get(number), topic);
    return refusal;
  };

  return {
    find: (arn: string) => topics.find((one) => one.arn === arn),
    /** From now on what goes there is lost, and not even a delivery report says so. */
    drop(address: string, reason: string) {
      lost.set(address, reason);
    },
    undrop(address: string) {
      lost.delete(address);
    },
    publishToNumber(number: string, publication: Publication): string {
      const messageId = newId();
      const publishedMs = clock.nowMs();
      const refusal = text(number, publication);
      if (refusal !== undefined && sms.logsFailures()) {
        clock.at(publishedMs + REPORT_AFTER_MS, 'due', () =>
          logs.put(
            `sns/${place.region}/${place.account}/DirectPublishToPhoneNumber/Failure`,
            failureLog(messageId, number, refusal, publishedMs),
          ),
        );
      }
      return messageId;
    },
    publish(topic: Topic, publication: Publication): string {
      const messageId = newId();
      for (const subscription of subscriptions.ofTopic(topic.arn)) {
        if (subscription.protocol !== 'sqs') {
          if (subscription.protocol === 'email') email(subscription, publication, topic);
          else text(subscription.endpoint, publication, topic);
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
  { subject, body, attributes = {} }: Publication,
  nowMs: number,
) {
  const shown = Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
    name,
    { Type: DataType, Value: StringValue },
  ]);
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
    ...(shown.length > 0 ? { MessageAttributes: Object.fromEntries(shown) } : {}),
  };
}
