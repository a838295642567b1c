/** SNS: publishes, keeps subscriptions, and answers what an account is asked about its SMS. */
import { type AwsCall, AwsError, type Input } from './call.ts';
import { invalid, readPublication } from './publication.ts';
import { readList, readMap } from './query-protocol.ts';
import { type Service, text } from './service.ts';
import type { SmsAccount } from './sms-account.ts';
import type { Subscription, Subscriptions } from './subscriptions.ts';
import type { Topic, Topics } from './topics.ts';

type Parts = { topics: Topics; subscriptions: Subscriptions; sms: SmsAccount };
type Action = {
  /** what IAM asks for: a topic; a phone number has no ARN; the rest of the account has no resource at all */
  resource(input: Input): string;
  handle(call: AwsCall, parts: Parts): unknown;
};

const E164 = /^\+[1-9]\d{6,14}$/;
const PAGE = 100;

const ofTopic = (input: Input) => text(input, 'TopicArn');
/** Of these actions IAM knows no resource. Source: Service Authorization Reference, Amazon SNS */
const ofAccount = () => '*';

const ACTIONS: Record<string, Action> = {
  Publish: {
    resource: (input) => String(input.TopicArn ?? input.TargetArn ?? input.PhoneNumber ?? ''),
    handle: ({ input }, { topics }) => publish(input, topics),
  },
  Subscribe: {
    resource: ofTopic,
    handle: ({ input }, parts) => subscribe(input, parts),
  },
  ConfirmSubscription: {
    resource: ofTopic,
    handle({ input, isSigned }, { topics, subscriptions }) {
      const wantsAuthentication = text(input, 'AuthenticateOnUnsubscribe') === 'true';
      if (wantsAuthentication && !isSigned)
        throw new AwsError('AuthorizationError', 'AuthenticateOnUnsubscribe needs a signed call', 403);
      const topic = topicOf(input, topics);
      const { arn } = subscriptions.confirm(topic.arn, text(input, 'Token'), wantsAuthentication);
      return { SubscriptionArn: arn };
    },
  },
  Unsubscribe: {
    resource: ofAccount,
    handle({ input, isSigned }, { subscriptions }) {
      subscriptions.unsubscribe(text(input, 'SubscriptionArn'), isSigned);
      return {};
    },
  },
  ListSubscriptionsByTopic: {
    resource: ofTopic,
    handle({ input }, { topics, subscriptions }) {
      const from = Number(input.NextToken ?? 0);
      const all = subscriptions.ofTopic(topicOf(input, topics).arn);
      return {
        Subscriptions: all.slice(from, from + PAGE).map((one) => listed(one, subscriptions.account)),
        NextToken: from + PAGE < all.length ? from + PAGE : undefined,
      };
    },
  },
  GetSubscriptionAttributes: {
    resource: ofAccount,
    handle({ input }, { subscriptions }) {
      const arn = text(input, 'SubscriptionArn');
      if (!arn.startsWith('arn:')) throw invalid('SubscriptionArn Reason: not an ARN');
      const one = subscriptions.byArn(arn);
      if (!one) throw new AwsError('NotFound', 'Subscription does not exist', 404);
      return { Attributes: new Map(Object.entries(attributesOf(one, subscriptions.account))) };
    },
  },
  CheckIfPhoneNumberIsOptedOut: {
    resource: ofAccount,
    handle: ({ input }, { sms }) => ({ isOptedOut: sms.state.optedOut.includes(numberOf(input)) }),
  },
  ListPhoneNumbersOptedOut: {
    resource: ofAccount,
    handle({ input }, { sms }) {
      const from = Number(input.nextToken ?? 0);
      const all = sms.state.optedOut;
      return {
        phoneNumbers: all.slice(from, from + PAGE),
        nextToken: from + PAGE < all.length ? from + PAGE : undefined,
      };
    },
  },
  OptInPhoneNumber: {
    resource: ofAccount,
    handle({ input }, { sms }) {
      const number = numberOf(input);
      sms.change({ optedOut: sms.state.optedOut.filter((one) => one !== number) });
      return {};
    },
  },
  GetSMSSandboxAccountStatus: {
    resource: ofAccount,
    handle: (_, { sms }) => ({ IsInSandbox: sms.state.sandbox }),
  },
  ListSMSSandboxPhoneNumbers: {
    resource: ofAccount,
    handle: (_, { sms }) => ({
      PhoneNumbers: sms.state.verified.map((PhoneNumber) => ({ PhoneNumber, Status: 'Verified' })),
    }),
  },
  GetSMSAttributes: {
    resource: ofAccount,
    handle({ input }, { sms }) {
      const wanted = readList(input.attributes);
      const found = Object.entries(sms.state.attributes).filter(
        ([name]) => wanted.length === 0 || wanted.includes(name),
      );
      return { attributes: new Map(found) };
    },
  },
  SetSMSAttributes: {
    resource: ofAccount,
    handle({ input }, { sms }) {
      sms.change({ attributes: { ...sms.state.attributes, ...readMap(input.attributes) } });
      return {};
    },
  },
};

export function sns(parts: Parts): Service {
  return {
    grants(action, input) {
      const known = ACTIONS[action];
      return known && [{ action: `sns:${action}`, resource: known.resource(input) }];
    },
    handle: (call) => ACTIONS[call.action]!.handle(call, parts),
  };
}

function publish(input: Input, topics: Topics) {
  const publication = readPublication(input);
  if (input.PhoneNumber !== undefined) {
    const phoneNumber = String(input.PhoneNumber);
    if (!E164.test(phoneNumber))
      throw invalid(`PhoneNumber Reason: ${phoneNumber} is not valid to publish to`);
    return { MessageId: topics.publishToNumber(phoneNumber, publication) };
  }
  const arn = String(input.TopicArn ?? input.TargetArn ?? '');
  if (!arn.startsWith('arn:'))
    throw invalid('TopicArn or PhoneNumber Reason: no value for required parameter');
  return { MessageId: topics.publish(topicOf({ TopicArn: arn }, topics), publication) };
}

function subscribe(input: Input, { topics, subscriptions }: Parts) {
  const topic = topicOf(input, topics);
  const protocol = text(input, 'Protocol');
  const endpoint = text(input, 'Endpoint');
  if (protocol !== 'email' && protocol !== 'sms')
    throw invalid(`Protocol ${protocol}: the local world subscribes email and sms`);
  if (protocol === 'email' ? !endpoint.includes('@') : !E164.test(endpoint))
    throw invalid(`Endpoint Reason: ${endpoint} is none of ${protocol}`);
  const { arn, state } = subscriptions.subscribe(topic.arn, protocol, endpoint);
  const isTold = state === 'confirmed' || text(input, 'ReturnSubscriptionArn') === 'true';
  return { SubscriptionArn: isTold ? arn : 'pending confirmation' };
}

function listed({ arn, state, topicArn, protocol, endpoint }: Subscription, account: string) {
  return {
    SubscriptionArn: state === 'pending' ? 'PendingConfirmation' : arn,
    Owner: account,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  };
}

function attributesOf(one: Subscription, account: string) {
  return {
    SubscriptionArn: one.arn,
    TopicArn: one.topicArn,
    Owner: account,
    Protocol: one.protocol,
    Endpoint: one.endpoint,
    PendingConfirmation: one.state === 'pending',
    ConfirmationWasAuthenticated: one.authenticated,
    RawMessageDelivery: one.protocol === 'sqs' && one.raw,
  };
}

function topicOf(input: Input, topics: Topics): Topic {
  const topic = topics.find(ofTopic(input));
  if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
  return topic;
}

function numberOf({ phoneNumber }: Input): string {
  const number = String(phoneNumber ?? '');
  if (!E164.test(number)) throw invalid(`PhoneNumber Reason: ${number} is not an E.164 number`);
  return number;
}
