/** Asks the account about the ways to people: subscriptions, opt-outs, the SMS sandbox, the spend limit. */
import { type CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CheckIfPhoneNumberIsOptedOutCommand,
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  GetSubscriptionAttributesCommand,
  NotFoundException,
  paginateListPhoneNumbersOptedOut,
  paginateListSMSSandboxPhoneNumbers,
  paginateListSubscriptionsByTopic,
  type SNSClient,
  type Subscription as SnsSubscription,
} from '@aws-sdk/client-sns';
import { ask } from '../doctor/asked.ts';
import type { Operations } from '../operations/operations.ts';
import type { AccountReading, Subscription } from './reachability.ts';

/** What an account has until somebody raises it. Source: SNS API, SetSMSAttributes, MonthlySpendLimit */
export const DEFAULT_SPEND_LIMIT_USD = 1;

/** So many people are asked about side by side: SNS throttles at some thirty calls a second. */
const PEOPLE_AT_ONCE = 5;

const DAY_S = 24 * 3600;

/** A subscription that a signed call confirmed stays so: whoever has asked once need not ask at each audit. */
const AUTHENTICATED_BELIEVED_MS = 3_600_000;

export type AccountReader = { read(operations: Operations, nowMs: number): Promise<AccountReading> };

export function snsAccountReader(
  clients: { sns: SNSClient; cloudwatch: CloudWatchClient },
  addresses: { responderTopicArnPrefix: string; watchersTopicArn: string },
): AccountReader {
  const { sns, cloudwatch } = clients;
  /** when AWS last said so, by the ARN; it outlives an audit while the function stays warm */
  const authenticatedAt = new Map<string, number>();

  const subscriptionsTo = async (TopicArn: string, nowMs: number): Promise<Subscription[]> => {
    const found: Subscription[] = [];
    try {
      for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
        { client: sns },
        { TopicArn },
      )) {
        for (const one of Subscriptions) found.push(...(await readSubscription(one, nowMs)));
      }
    } catch (error) {
      // A topic that does not exist has no subscriptions.
      if (!(error instanceof NotFoundException)) throw error;
    }
    return found;
  };

  const readSubscription = async (one: SnsSubscription, nowMs: number): Promise<Subscription[]> => {
    const { SubscriptionArn = '', Protocol = '', Endpoint = '' } = one;
    const subscription = { protocol: Protocol, endpoint: Endpoint };
    if (SubscriptionArn === 'PendingConfirmation') return [{ ...subscription, state: 'pending' }];
    // `Deleted` stands in the list for a while.
    if (!SubscriptionArn.startsWith('arn:')) return [];
    if (nowMs - (authenticatedAt.get(SubscriptionArn) ?? 0) < AUTHENTICATED_BELIEVED_MS)
      return [{ ...subscription, state: 'confirmed', authenticated: { value: true } }];
    const attributes = await ask('sns:GetSubscriptionAttributes', async () => {
      const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      return Attributes;
    });
    if ('unknown' in attributes) return [{ ...subscription, state: 'confirmed', authenticated: attributes }];
    const { PendingConfirmation, ConfirmationWasAuthenticated } = attributes.value;
    if (PendingConfirmation === 'true') return [{ ...subscription, state: 'pending' }];
    const authenticated = { value: ConfirmationWasAuthenticated === 'true' };
    if (authenticated.value) authenticatedAt.set(SubscriptionArn, nowMs);
    return [{ ...subscription, state: 'confirmed', authenticated }];
  };

  /**
   * One list instead of a question for each person; but an account that sends to many has many who opted out.
   * @returns undefined when it has more pages than there are people to ask about
   */
  const listOptedOut = async (pagesMost: number): Promise<Set<string> | undefined> => {
    const listed = new Set<string>();
    let pages = 0;
    for await (const { phoneNumbers = [] } of paginateListPhoneNumbersOptedOut({ client: sns }, {})) {
      pages += 1;
      if (pages > pagesMost) return undefined;
      for (const number of phoneNumbers) listed.add(number);
    }
    return listed;
  };

  const isOptedOut = async (phoneNumber: string): Promise<boolean> => {
    const answer = await sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }));
    return answer.isOptedOut === true;
  };

  const readSandbox = async (): Promise<{ verified: string[] } | null> => {
    const { IsInSandbox } = await sns.send(new GetSMSSandboxAccountStatusCommand({}));
    if (!IsInSandbox) return null;
    const verified: string[] = [];
    for await (const { PhoneNumbers = [] } of paginateListSMSSandboxPhoneNumbers({ client: sns }, {})) {
      for (const { PhoneNumber, Status } of PhoneNumbers) {
        if (PhoneNumber && Status === 'Verified') verified.push(PhoneNumber);
      }
    }
    return { verified };
  };

  const readSmsAttributes = async () => {
    const { attributes = {} } = await sns.send(new GetSMSAttributesCommand({}));
    return {
      monthlySpendLimitUsd: Number(attributes.MonthlySpendLimit || DEFAULT_SPEND_LIMIT_USD),
      logsFailures: Boolean(attributes.DeliveryStatusIAMRole),
    };
  };

  /** The metric has no dimension, and no value in a month without SMS. */
  const readSpentUsd = async (nowMs: number): Promise<number> => {
    const now = new Date(nowMs);
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/SNS',
        MetricName: 'SMSMonthToDateSpentUSD',
        StartTime: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())),
        EndTime: new Date(nowMs + 60_000),
        Period: DAY_S,
        Statistics: ['Maximum'],
      }),
    );
    return Math.max(0, ...Datapoints.map(({ Maximum = 0 }) => Maximum));
  };

  return {
    async read({ responders }, nowMs) {
      const topics: AccountReading['topics'] = {};
      const optedOut: AccountReading['optedOut'] = {};
      const list = (TopicArn: string) =>
        ask('sns:ListSubscriptionsByTopic', () => subscriptionsTo(TopicArn, nowMs));
      const people = Object.entries(responders);
      const phones = people.filter(([, { phone }]) => phone).length;
      const [watchers, sandbox, sms, spentUsd, optedOutNumbers] = await Promise.all([
        list(addresses.watchersTopicArn),
        ask('sns:GetSMSSandboxAccountStatus', readSandbox),
        ask('sns:GetSMSAttributes', readSmsAttributes),
        ask('cloudwatch:GetMetricStatistics', () => readSpentUsd(nowMs)),
        ask('sns:ListPhoneNumbersOptedOut', async () =>
          phones > 0 ? listOptedOut(phones) : new Set<string>(),
        ),
      ]);
      const askWhether = async (phone: string) => {
        if ('unknown' in optedOutNumbers) return optedOutNumbers;
        const listed = optedOutNumbers.value;
        return listed
          ? { value: listed.has(phone) }
          : ask('sns:CheckIfPhoneNumberIsOptedOut', () => isOptedOut(phone));
      };
      for (let from = 0; from < people.length; from += PEOPLE_AT_ONCE) {
        await Promise.all(
          people.slice(from, from + PEOPLE_AT_ONCE).map(async ([responder, { email, phone }]) => {
            if (email) topics[responder] = await list(`${addresses.responderTopicArnPrefix}${responder}`);
            if (phone) optedOut[responder] = await askWhether(phone);
          }),
        );
      }
      return { topics, watchers, optedOut, sandbox, sms, spentUsd };
    },
  };
}
