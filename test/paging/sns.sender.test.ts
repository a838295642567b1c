import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { WATCHERS } from '../../functions/escalation/decide-contacts.ts';
import { snsSender } from '../../functions/paging/sns.sender.ts';
import { fourLevels } from '../support/teams.ts';

const sns = mockClient(SNSClient);
const sender = snsSender(
  new SNSClient({ region: 'local-1' }),
  { responderTopicArnPrefix: 'arn:aws:sns:::responder-', watchersTopicArn: 'arn:aws:sns:::watchers' },
  fourLevels,
);
const message = { subject: 'CRITICAL cpu', body: 'CRITICAL cpu since 03:00Z' };

const published = () => sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);
const refuses = (name: string, text: string) =>
  sns.on(PublishCommand).rejects(Object.assign(new Error(text), { name }));

beforeEach(() => {
  sns.reset();
  sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
});

describe('snsSender', () => {
  it('sends an SMS to the phone, transactional and without a subject', async () => {
    const result = await sender.send({ responder: 'ana', channel: 'sms' }, message);
    expect(result).toEqual({ kind: 'sent', messageId: 'm-1' });
    expect(published()).toEqual([
      {
        PhoneNumber: '+12025550101',
        Message: message.body,
        MessageAttributes: {
          'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
        },
      },
    ]);
  });

  it('sends an email to the responder’s own topic', async () => {
    await sender.send({ responder: 'ana', channel: 'email' }, message);
    expect(published()).toEqual([
      { TopicArn: 'arn:aws:sns:::responder-ana', Subject: message.subject, Message: message.body },
    ]);
  });

  it('sends what nobody else can get to the watchers’ topic', async () => {
    await sender.send(WATCHERS, message);
    expect(published()).toMatchObject([{ TopicArn: 'arn:aws:sns:::watchers' }]);
  });

  it.each(['ThrottledException', 'InternalErrorException', 'TimeoutError'])(
    'fails for now on %s',
    async (name) => {
      refuses(name, 'later');
      const result = await sender.send({ responder: 'ana', channel: 'sms' }, message);
      expect(result).toEqual({ kind: 'failed', reason: `SNS: ${name} later` });
    },
  );

  it.each(['InvalidParameterException', 'NotFoundException', 'EndpointDisabledException'])(
    'cannot deliver on %s',
    async (name) => {
      refuses(name, 'no');
      const result = await sender.send({ responder: 'ana', channel: 'sms' }, message);
      expect(result).toMatchObject({ kind: 'undeliverable' });
    },
  );

  it('keeps phone numbers and emails out of the reason', async () => {
    refuses('InvalidParameterException', 'Invalid parameter: +12025550101 is not ana@example.com');
    const result = await sender.send({ responder: 'ana', channel: 'sms' }, message);
    expect(JSON.stringify(result)).not.toMatch(/2025550101|example\.com/);
  });

  it('cannot deliver to a responder whom operations.ts no longer has, and publishes nothing', async () => {
    const result = await sender.send({ responder: 'zoe', channel: 'sms' }, message);
    expect(result).toEqual({ kind: 'undeliverable', reason: 'operations.ts has no sms of zoe' });
    expect(published()).toEqual([]);
  });
});
