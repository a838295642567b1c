import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { snsAccountReader } from '../../functions/paging/sns-account.reader.ts';
import { fourLevels } from '../support/teams.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const PREFIX = 'arn:aws:sns:eu-west-1:123456789012:tocsin-responder-';
const WATCHERS = 'arn:aws:sns:eu-west-1:123456789012:tocsin-watchers';

/** A small account: SNS speaks forms and XML, CloudWatch JSON. What a test does not say is refused as AWS refuses it. */
type Answer = string | { refusal: string; status?: number };
let answers: Record<string, (input: URLSearchParams) => Answer>;
let asked: { action: string; input: URLSearchParams }[];
let server: Server;
const clients: (SNSClient | CloudWatchClient)[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    const input = new URLSearchParams(target ? `json=${encodeURIComponent(body)}` : body);
    const action = target ?? input.get('Action') ?? '';
    asked.push({ action, input });
    const answer = answers[action]?.(input) ?? { refusal: 'AuthorizationError', status: 403 };
    if (typeof answer !== 'string') {
      response.statusCode = answer.status ?? 400;
      response.end(
        target
          ? JSON.stringify({ __type: answer.refusal, message: 'no' })
          : `<ErrorResponse><Error><Type>Sender</Type><Code>${answer.refusal}</Code><Message>no +12025550101</Message></Error></ErrorResponse>`,
      );
      return;
    }
    response.setHeader('content-type', target ? 'application/x-amz-json-1.0' : 'text/xml');
    response.end(
      target
        ? answer
        : `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${action}Result>${answer}</${action}Result></${action}Response>`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  for (const client of clients) client.destroy();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  answers = {
    ListSubscriptionsByTopic: () => '<Subscriptions/>',
    GetSubscriptionAttributes: () =>
      attributes({ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'true' }),
    ListPhoneNumbersOptedOut: () => '<phoneNumbers/>',
    GetSMSSandboxAccountStatus: () => '<IsInSandbox>false</IsInSandbox>',
    GetSMSAttributes: () => '<attributes/>',
    GetMetricStatistics: () => '{"Datapoints":[],"Label":"SMSMonthToDateSpentUSD"}',
  };
});

/** One Ana with an email and a phone. */
const ana = { ...fourLevels, responders: { ana: fourLevels.responders.ana! } };

const read = (operations = ana) => openReader().read(operations, NOON);

function openReader() {
  const { port } = server.address() as AddressInfo;
  const options = {
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    maxAttempts: 1,
  };
  const [sns, cloudwatch] = [new SNSClient(options), new CloudWatchClient(options)];
  clients.push(sns, cloudwatch);
  return snsAccountReader(
    { sns, cloudwatch },
    { responderTopicArnPrefix: PREFIX, watchersTopicArn: WATCHERS },
  );
}

const member = (SubscriptionArn: string, endpoint = 'ana@example.com', protocol = 'email') =>
  `<member><SubscriptionArn>${SubscriptionArn}</SubscriptionArn><Protocol>${protocol}</Protocol><Endpoint>${endpoint}</Endpoint></member>`;

const attributes = (values: Record<string, string>) =>
  `<Attributes>${Object.entries(values)
    .map(([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`)
    .join('')}</Attributes>`;

const email = { protocol: 'email', endpoint: 'ana@example.com' };

describe('snsAccountReader', () => {
  it('asks 1 question about a person and 5 about the account, and takes the defaults of a new one', async () => {
    expect(await read()).toEqual({
      topics: { ana: { value: [] } },
      watchers: { value: [] },
      optedOut: { ana: { value: false } },
      sandbox: { value: null },
      sms: { value: { monthlySpendLimitUsd: 1, logsFailures: false } },
      spentUsd: { value: 0 },
    });
    expect(asked.map(({ action }) => action).sort()).toEqual([
      'GetMetricStatistics',
      'GetSMSAttributes',
      'GetSMSSandboxAccountStatus',
      'ListPhoneNumbersOptedOut',
      'ListSubscriptionsByTopic',
      'ListSubscriptionsByTopic',
    ]);
  });

  it('tells pending, confirmed, unauthenticated and deleted subscriptions apart, over 2 pages', async () => {
    answers.ListSubscriptionsByTopic = (input) => {
      if (input.get('TopicArn') !== `${PREFIX}ana`) return '<Subscriptions/>';
      return input.get('NextToken') === 'two'
        ? `<Subscriptions>${member(`${PREFIX}ana:clicked`)}${member(`${PREFIX}ana:waits`)}</Subscriptions>`
        : `<Subscriptions>${member('PendingConfirmation')}${member('Deleted')}${member(`${PREFIX}ana:signed`)}</Subscriptions><NextToken>two</NextToken>`;
    };
    answers.GetSubscriptionAttributes = (input) =>
      attributes({
        PendingConfirmation: String(input.get('SubscriptionArn')!.endsWith(':waits')),
        ConfirmationWasAuthenticated: String(input.get('SubscriptionArn')!.endsWith(':signed')),
      });
    const { topics } = await read();
    expect(topics.ana).toEqual({
      value: [
        { ...email, state: 'pending' },
        { ...email, state: 'confirmed', authenticated: { value: true } },
        { ...email, state: 'confirmed', authenticated: { value: false } },
        { ...email, state: 'pending' },
      ],
    });
  });

  it('asks of a subscription that a signed call confirmed once an hour, of one that a click confirmed each time', async () => {
    answers.ListSubscriptionsByTopic = (input) =>
      input.get('TopicArn') === `${PREFIX}ana`
        ? `<Subscriptions>${member(`${PREFIX}ana:signed`)}${member(`${PREFIX}ana:clicked`)}</Subscriptions>`
        : '<Subscriptions/>';
    answers.GetSubscriptionAttributes = (input) =>
      attributes({
        PendingConfirmation: 'false',
        ConfirmationWasAuthenticated: String(input.get('SubscriptionArn')!.endsWith(':signed')),
      });
    const reader = openReader();
    const askedAt = async (minute: number) => {
      asked.length = 0;
      const { topics } = await reader.read(ana, NOON + minute * 60_000);
      expect(topics.ana).toEqual({
        value: [
          { ...email, state: 'confirmed', authenticated: { value: true } },
          { ...email, state: 'confirmed', authenticated: { value: false } },
        ],
      });
      return asked.flatMap(({ input }) => input.get('SubscriptionArn')?.split(':').at(-1) ?? []);
    };
    expect(await askedAt(0)).toEqual(['signed', 'clicked']);
    expect(await askedAt(5)).toEqual(['clicked']);
    expect(await askedAt(59)).toEqual(['clicked']);
    expect(await askedAt(60)).toEqual(['signed', 'clicked']);
  });

  describe('the numbers that have opted out', () => {
    const four = fourLevels.responders;
    const listed = (pages: string[][]) => (input: URLSearchParams) => {
      const page = Number(input.get('nextToken') ?? 0);
      const more = page + 1 < pages.length ? `<nextToken>${page + 1}</nextToken>` : '';
      return `<phoneNumbers>${pages[page]!.map((number) => `<member>${number}</member>`).join('')}</phoneNumbers>${more}`;
    };
    const strangers = (page: number) =>
      Array.from({ length: 100 }, (_, n) => `+1303555${1000 + 100 * page + n}`);

    it('stand in one list for all 4 people, over as many pages as there are people', async () => {
      const pages = [strangers(0), strangers(1), strangers(2), [four.ben!.phone!]];
      answers.ListPhoneNumbersOptedOut = listed(pages);
      const { optedOut } = await read(fourLevels as typeof ana);
      expect(optedOut).toEqual({
        ana: { value: false },
        ben: { value: true },
        cleo: { value: false },
        dan: { value: false },
      });
      expect(asked.filter(({ action }) => action.includes('OptedOut'))).toHaveLength(4);
    });

    it('are asked about one by one where the list of the account is longer than that', async () => {
      answers.ListPhoneNumbersOptedOut = listed([0, 1, 2, 3, 4, 5, 6].map(strangers));
      answers.CheckIfPhoneNumberIsOptedOut = (input) =>
        `<isOptedOut>${input.get('phoneNumber') === four.dan!.phone}</isOptedOut>`;
      const { optedOut } = await read(fourLevels as typeof ana);
      expect(Object.values(optedOut)).toEqual([
        { value: false },
        { value: false },
        { value: false },
        { value: true },
      ]);
      expect(asked.filter(({ action }) => action === 'ListPhoneNumbersOptedOut').length).toBeLessThanOrEqual(
        5,
      );
    });
  });

  it('finds a subscription that went back to pending at the next audit, whatever it was before', async () => {
    const reader = openReader();
    answers.ListSubscriptionsByTopic = () =>
      `<Subscriptions>${member(`${PREFIX}ana:signed`)}</Subscriptions>`;
    await reader.read(ana, NOON);
    answers.ListSubscriptionsByTopic = () =>
      `<Subscriptions>${member('PendingConfirmation')}</Subscriptions>`;
    const { topics } = await reader.read(ana, NOON + 300_000);
    expect(topics.ana).toEqual({ value: [{ ...email, state: 'pending' }] });
  });

  it('reads a topic that does not exist as one without subscriptions', async () => {
    answers.ListSubscriptionsByTopic = () => ({ refusal: 'NotFound', status: 404 });
    expect((await read()).topics.ana).toEqual({ value: [] });
  });

  it('keeps a subscription confirmed whose attributes are denied', async () => {
    answers.ListSubscriptionsByTopic = () =>
      `<Subscriptions>${member(`${PREFIX}ana:signed`)}</Subscriptions>`;
    delete answers.GetSubscriptionAttributes;
    expect((await read()).topics.ana).toEqual({
      value: [
        {
          ...email,
          state: 'confirmed',
          authenticated: { unknown: 'sns:GetSubscriptionAttributes: AuthorizationErrorException' },
        },
      ],
    });
  });

  it('lists the verified numbers of a sandbox, and not the one that waits for its code', async () => {
    answers.GetSMSSandboxAccountStatus = () => '<IsInSandbox>true</IsInSandbox>';
    answers.ListSMSSandboxPhoneNumbers = () =>
      '<PhoneNumbers><member><PhoneNumber>+12025550101</PhoneNumber><Status>Verified</Status></member>' +
      '<member><PhoneNumber>+12025550102</PhoneNumber><Status>Pending</Status></member></PhoneNumbers>';
    expect((await read()).sandbox).toEqual({ value: { verified: ['+12025550101'] } });
  });

  it('reads the limit, the role that logs failures, and the most that was spent since the month began', async () => {
    answers.GetSMSAttributes = () =>
      '<attributes><entry><key>MonthlySpendLimit</key><value>20</value></entry>' +
      '<entry><key>DeliveryStatusIAMRole</key><value>arn:aws:iam::123456789012:role/sns</value></entry></attributes>';
    answers.GetMetricStatistics = () => '{"Datapoints":[{"Maximum":1.5},{"Maximum":4.25},{"Maximum":3}]}';
    const { sms, spentUsd } = await read();
    expect({ sms, spentUsd }).toEqual({
      sms: { value: { monthlySpendLimitUsd: 20, logsFailures: true } },
      spentUsd: { value: 4.25 },
    });
    const question = asked.find(({ action }) => action === 'GetMetricStatistics')!;
    expect(JSON.parse(question.input.get('json')!)).toMatchObject({
      Namespace: 'AWS/SNS',
      MetricName: 'SMSMonthToDateSpentUSD',
      StartTime: Date.parse('2026-11-01T00:00:00Z') / 1000,
      Statistics: ['Maximum'],
    });
  });

  it('takes what is denied, throttled or not known there for unknown, and names the question without any number', async () => {
    answers = { GetMetricStatistics: () => ({ refusal: 'UnknownOperationException', status: 404 }) };
    answers.ListPhoneNumbersOptedOut = () => ({ refusal: 'Throttled', status: 429 });
    const reading = await read();
    expect(reading).toEqual({
      topics: { ana: { unknown: 'sns:ListSubscriptionsByTopic: AuthorizationErrorException' } },
      watchers: { unknown: 'sns:ListSubscriptionsByTopic: AuthorizationErrorException' },
      optedOut: { ana: { unknown: 'sns:ListPhoneNumbersOptedOut: ThrottledException' } },
      sandbox: { unknown: 'sns:GetSMSSandboxAccountStatus: AuthorizationErrorException' },
      sms: { unknown: 'sns:GetSMSAttributes: AuthorizationErrorException' },
      spentUsd: { unknown: 'cloudwatch:GetMetricStatistics: UnknownOperationException' },
    });
  });

  it('asks about 12 people in turn, each by their own topic, and names no number', async () => {
    const people = Array.from({ length: 12 }, (_, n) => [
      `p${n}`,
      { name: `P${n}`, email: `p${n}@example.com`, phone: `+1202555${String(1000 + n)}` },
    ]);
    await read({ ...fourLevels, responders: Object.fromEntries(people) });
    const topics = asked.flatMap(({ input }) => (input.get('TopicArn') ?? '').replace(PREFIX, '') || []);
    const numbers = asked.flatMap(({ input }) => input.get('phoneNumber') ?? []);
    expect(new Set(topics)).toEqual(new Set([WATCHERS, ...people.map(([name]) => name)]));
    expect(numbers).toEqual([]);
  });
});
