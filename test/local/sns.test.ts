import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { getAtt, ref, removeAssemblies } from '../support/tiny-assembly.ts';
import { type Answer, openCaller, START_MS } from './aws-caller.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:pages';
const ANA = 'ana@example.com';
const PHONE = '+12025550101';
const HOUR_MS = 3_600_000;

const RESOURCES = {
  Topic: {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: 'pages', Subscription: [{ Protocol: 'email', Endpoint: ANA }] },
  },
};

afterAll(removeAssemblies);

let opened: Awaited<ReturnType<typeof openCaller>>;
beforeEach(async () => {
  opened = await openCaller({ resources: RESOURCES });
});

const sns = (action: string, input: object = {}): Promise<Answer> => opened.call('SNS', action, input);
const publish = () => sns('Publish', { TopicArn: TOPIC, Message: 'hello', Subject: 'Hello' });
const text = (PhoneNumber = PHONE) => sns('Publish', { PhoneNumber, Message: 'hello' });
const inbox = () =>
  opened.world.messages.map(({ to, delivered, dropReason }) => (delivered ? to : dropReason));
const listed = async () =>
  (await sns('ListSubscriptionsByTopic', { TopicArn: TOPIC })).Subscriptions as Record<string, string>[];
/** The token in the latest email that asks for a confirmation. */
const token = () =>
  new URL(/https:\S+/.exec(opened.world.messages.at(-1)!.body)![0]).searchParams.get('Token')!;

/** A call that nobody has signed, as a link in an email makes it. */
const unsigned = (query: Record<string, string>) =>
  opened.world.callAws({
    method: 'GET',
    path: `/?${new URLSearchParams({ Version: '2010-03-31', ...query })}`,
    headers: {},
    body: '',
  });

describe('a subscription of the template', () => {
  it('stands confirmed and authenticated, and its email arrives', async () => {
    const [one, ...others] = await listed();
    expect(others).toEqual([]);
    expect(one).toEqual({
      SubscriptionArn: expect.stringMatching(`^${TOPIC}:[0-9a-f-]{36}$`),
      Owner: '123456789012',
      Protocol: 'email',
      Endpoint: ANA,
      TopicArn: TOPIC,
    });
    const { SubscriptionArn } = one!;
    expect((await sns('GetSubscriptionAttributes', { SubscriptionArn })).Attributes).toMatchObject({
      PendingConfirmation: 'false',
      ConfirmationWasAuthenticated: 'true',
    });
    await publish();
    expect(inbox()).toEqual([ANA]);
  });

  it('is refused to whoever unsubscribes without a signature, and ends for who signs', async () => {
    const [{ SubscriptionArn = '' } = {}] = await listed();
    const refused = await unsigned({ Action: 'Unsubscribe', SubscriptionArn });
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('AuthorizationError')]);
    expect(await listed()).toHaveLength(1);
    await sns('Unsubscribe', { SubscriptionArn });
    expect(await listed()).toEqual([]);
    await publish();
    expect(inbox()).toEqual([]);
  });

  it('that was confirmed by a click ends by a click of a mail scanner', async () => {
    opened.world.subscriptions.put(TOPIC, 'unauthenticated');
    const [{ SubscriptionArn = '' } = {}] = await listed();
    expect((await unsigned({ Action: 'Unsubscribe', SubscriptionArn })).status).toBe(200);
    expect(await listed()).toEqual([]);
  });
});

describe('Subscribe', () => {
  const subscribe = (more: object = {}) =>
    sns('Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'ben@example.com', ...more });

  it('sends an email with a link of AWS, drops what is published before, and delivers after', async () => {
    expect(await subscribe()).toEqual({ SubscriptionArn: 'pending confirmation' });
    expect(opened.world.messages.at(-1)).toMatchObject({
      to: 'ben@example.com',
      subject: 'AWS Notification - Subscription Confirmation',
      body: expect.stringMatching(
        `https://sns.eu-west-1.amazonaws.com/confirmation.html\\?TopicArn=${TOPIC}&Token=[0-9a-f]{128}&Endpoint=ben@example.com`,
      ),
      delivered: true,
    });
    const Token = token();
    await publish();
    expect(inbox().slice(1)).toEqual([ANA, 'the subscription is not confirmed']);
    expect((await listed())[1]).toMatchObject({ SubscriptionArn: 'PendingConfirmation' });

    const { SubscriptionArn } = await sns('ConfirmSubscription', {
      TopicArn: TOPIC,
      Token,
      AuthenticateOnUnsubscribe: 'true',
    });
    expect((await sns('GetSubscriptionAttributes', { SubscriptionArn })).Attributes).toMatchObject({
      ConfirmationWasAuthenticated: 'true',
    });
    await publish();
    expect(inbox().slice(3)).toEqual([ANA, 'ben@example.com']);
  });

  it('is confirmed by a click as well, then without authentication; a second confirmation changes nothing', async () => {
    await subscribe();
    const Token = token();
    expect((await unsigned({ Action: 'ConfirmSubscription', TopicArn: TOPIC, Token })).status).toBe(200);
    const { SubscriptionArn } = await sns('ConfirmSubscription', {
      TopicArn: TOPIC,
      Token,
      AuthenticateOnUnsubscribe: 'true',
    });
    expect((await sns('GetSubscriptionAttributes', { SubscriptionArn })).Attributes).toMatchObject({
      ConfirmationWasAuthenticated: 'false',
    });
  });

  it('gives the ARN when it is asked to, and says nothing twice to who is confirmed', async () => {
    const arn = expect.stringMatching(`^${TOPIC}:`);
    expect(await subscribe({ ReturnSubscriptionArn: true })).toEqual({ SubscriptionArn: arn });
    expect(await subscribe({ Endpoint: ANA })).toEqual({ SubscriptionArn: arn });
    expect(inbox()).toEqual(['ben@example.com']);
  });

  it('is gone when nobody has confirmed it for 48 hours, and its token with it', async () => {
    await subscribe();
    const Token = token();
    await opened.world.advanceBy(48 * HOUR_MS - 1);
    expect(await listed()).toHaveLength(2);
    await opened.world.advanceBy(1);
    expect(await listed()).toHaveLength(1);
    expect(await sns('ConfirmSubscription', { TopicArn: TOPIC, Token })).toMatchObject({
      refused: 'InvalidParameterException',
    });
  });

  it.each([
    ['an unknown topic', { TopicArn: `${TOPIC}-x` }, 'NotFoundException'],
    ['another protocol', { Protocol: 'https' }, 'InvalidParameterException'],
    ['no email address', { Endpoint: 'ben' }, 'InvalidParameterException'],
  ])('refuses %s', async (_, input, refused) => {
    expect(await subscribe(input)).toMatchObject({ refused });
  });
});

describe('ConfirmSubscription', () => {
  it('refuses a token that it did not send', async () => {
    expect(await sns('ConfirmSubscription', { TopicArn: TOPIC, Token: 'made up' })).toMatchObject({
      refused: 'InvalidParameterException',
    });
  });

  it('refuses to ask for authentication without a signature', async () => {
    await sns('Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'ben@example.com' });
    const answer = await unsigned({
      Action: 'ConfirmSubscription',
      TopicArn: TOPIC,
      Token: token(),
      AuthenticateOnUnsubscribe: 'true',
    });
    expect(answer.status).toBe(403);
  });
});

describe('more than 10 emails in a second', () => {
  it('suspend the subscription: the 11th and all that follow are dropped', async () => {
    for (let n = 0; n < 12; n += 1) opened.world.publish('pages', { body: `m${n}` });
    expect(inbox()).toEqual([
      ...Array(10).fill(ANA),
      'more than 10 emails in a second: the subscription is suspended',
      'the subscription is not confirmed',
    ]);
    expect(await listed()).toMatchObject([{ SubscriptionArn: 'PendingConfirmation' }]);
    await opened.world.advanceBy(48 * HOUR_MS);
    expect(await listed()).toEqual([]);
  });

  it('are none when they come at 10 a second', async () => {
    for (let n = 0; n < 40; n += 1) {
      opened.world.publish('pages', { body: `m${n}` });
      await opened.world.advanceBy(100);
    }
    expect(inbox()).toEqual(Array(40).fill(ANA));
  });
});

describe('ListSubscriptionsByTopic', () => {
  it('gives 100 at a time', async () => {
    for (let n = 0; n < 101; n += 1)
      opened.world.subscriptions.subscribe(TOPIC, 'email', `p${n}@example.com`);
    const first = await sns('ListSubscriptionsByTopic', { TopicArn: TOPIC });
    expect(first.Subscriptions).toHaveLength(100);
    const { Subscriptions, NextToken } = await sns('ListSubscriptionsByTopic', {
      TopicArn: TOPIC,
      NextToken: first.NextToken,
    });
    expect([Subscriptions, NextToken]).toEqual([expect.objectContaining({ length: 2 }), undefined]);
  });
});

describe('an SMS', () => {
  const change = (edit: Parameters<typeof opened.world.sms.change>[0]) => opened.world.sms.change(edit);

  it.each<[string, Parameters<typeof opened.world.sms.change>[0], string]>([
    ['an opted-out number', { optedOut: [PHONE] }, 'Phone number is opted out'],
    [
      'a number that the sandbox does not know',
      { sandbox: true },
      'Phone number is not verified in the SMS sandbox',
    ],
    ['a spent limit', { spentUsd: 100 }, 'No quota left for account'],
    ['a phone that is off', { failing: { [PHONE]: 'Phone is off' } }, 'Phone is off'],
  ])('is accepted and dropped: %s', async (_, edit, reason) => {
    change(edit);
    expect(await text()).toEqual({ MessageId: expect.any(String) });
    expect(inbox()).toEqual([reason]);
  });

  it('arrives at a number that the sandbox has verified', async () => {
    change({ sandbox: true, verified: [PHONE] });
    await text();
    expect(inbox()).toEqual([PHONE]);
    expect(await sns('GetSMSSandboxAccountStatus')).toEqual({ IsInSandbox: true });
    expect(await sns('ListSMSSandboxPhoneNumbers')).toMatchObject({
      PhoneNumbers: [{ PhoneNumber: PHONE, Status: 'Verified' }],
    });
  });

  it('arrives again after OptInPhoneNumber', async () => {
    change({ optedOut: [PHONE] });
    expect(await sns('CheckIfPhoneNumberIsOptedOut', { phoneNumber: PHONE })).toEqual({ isOptedOut: true });
    expect(await sns('ListPhoneNumbersOptedOut')).toMatchObject({ phoneNumbers: [PHONE] });
    await sns('OptInPhoneNumber', { phoneNumber: PHONE });
    expect(await sns('CheckIfPhoneNumberIsOptedOut', { phoneNumber: PHONE })).toEqual({ isOptedOut: false });
    await text();
    expect(inbox()).toEqual([PHONE]);
  });

  it('is stopped by the limit that SetSMSAttributes sets', async () => {
    change({ spentUsd: 2 });
    await sns('SetSMSAttributes', { attributes: { MonthlySpendLimit: '2' } });
    expect((await sns('GetSMSAttributes', { attributes: ['MonthlySpendLimit'] })).attributes).toEqual({
      MonthlySpendLimit: '2',
    });
    await text();
    expect(inbox()).toEqual(['No quota left for account']);
  });
});

describe('the delivery log of an SMS that failed', () => {
  const logGroup = 'sns/eu-west-1/123456789012/DirectPublishToPhoneNumber/Failure';
  const LISTENER = `export const handler = async (event) => { console.log('heard ' + event.awslogs.data); };`;

  const resources = (permission: object = {}, filter: object = {}) => ({
    Listener: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: logGroup } },
    Filter: {
      Type: 'AWS::Logs::SubscriptionFilter',
      Properties: {
        LogGroupName: ref('Listener'),
        FilterPattern: '',
        DestinationArn: getAtt('Fn-listener'),
        ...filter,
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: getAtt('Fn-listener'),
        Principal: 'logs.amazonaws.com',
        SourceArn: getAtt('Listener'),
        ...permission,
      },
    },
  });
  const functions = { listener: { source: LISTENER } };
  const heard = () =>
    opened.world.logs
      .map(({ line }) => /^heard (.*)$/.exec(line)?.[1])
      .filter((data) => data !== undefined)
      .map((data) => JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8')));

  it('reaches the function that reads the log group, 2 s later, in the form of CloudWatch Logs', async () => {
    opened = await openCaller({ resources: resources(), functions });
    opened.world.sms.change({ optedOut: [PHONE] });
    const { MessageId } = await text();
    await opened.world.advanceTo(START_MS + 1_999);
    expect(heard()).toEqual([]);
    await opened.world.advanceTo(START_MS + 2_000);
    const [event, ...others] = heard();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup,
      logEvents: [{ timestamp: START_MS + 2_000 }],
    });
    expect(JSON.parse(event.logEvents[0].message)).toMatchObject({
      notification: { messageId: MessageId, timestamp: '2026-01-05 03:00:00.000' },
      delivery: { destination: PHONE, providerResponse: 'Phone number is opted out' },
      status: 'FAILURE',
    });
  });

  it('is not written for what arrives, for what is lost without a word, or without a role to write it', async () => {
    opened = await openCaller({ resources: resources(), functions });
    await text();
    opened.world.dropMessagesTo(PHONE, 'lost');
    await text();
    await sns('SetSMSAttributes', { attributes: { DeliveryStatusIAMRole: '' } });
    opened.world.sms.change({ optedOut: [PHONE] });
    await text();
    await opened.world.advanceBy(HOUR_MS);
    expect(inbox()).toEqual([PHONE, 'lost', 'Phone number is opted out']);
    expect(heard()).toEqual([]);
  });

  it.each([
    [
      'a permission for another log group',
      { SourceArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:x:*' },
      {},
      'no AWS::Lambda::Permission lets logs.amazonaws.com invoke',
    ],
    [
      'a filter pattern',
      {},
      { FilterPattern: '{ $.status = "FAILURE" }' },
      "Filter: a filter pattern other than ''",
    ],
  ])('is refused with %s', async (_, permission, filter, message) => {
    await expect(openCaller({ resources: resources(permission, filter), functions })).rejects.toThrow(
      message,
    );
  });
});

describe('permissions', () => {
  const role = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });

  it.each([
    ['ListSubscriptionsByTopic', { TopicArn: TOPIC }],
    ['Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: ANA }],
  ])('%s is granted on the topic', async (action, input) => {
    opened = await openCaller({ resources: RESOURCES, statements: [role(`sns:${action}`, TOPIC)] });
    expect(await sns(action, input)).not.toHaveProperty('refused');
  });

  it.each([
    ['GetSubscriptionAttributes', { SubscriptionArn: `${TOPIC}:1` }],
    ['CheckIfPhoneNumberIsOptedOut', { phoneNumber: PHONE }],
    ['ListPhoneNumbersOptedOut', {}],
    ['GetSMSSandboxAccountStatus', {}],
    ['ListSMSSandboxPhoneNumbers', {}],
    ['GetSMSAttributes', {}],
  ])('%s is granted on * alone: IAM knows no resource of it', async (action, input) => {
    opened = await openCaller({ resources: RESOURCES, statements: [role(`sns:${action}`, `${TOPIC}*`)] });
    expect(await sns(action, input)).toMatchObject({
      refused: expect.stringMatching(/AccessDenied|AuthorizationError/),
      message: expect.stringContaining(`"Action":"sns:${action}","Resource":"*"`),
    });
    opened = await openCaller({ resources: RESOURCES, statements: [role(`sns:${action}`, '*')] });
    expect((await sns(action, input)).message ?? '').not.toContain('is not authorized');
  });
});
