import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Fault, SdkCall } from '../../local/aws/gate.ts';
import { createVirtualWorld, type VirtualWorldOptions } from '../../local/virtual-world.ts';
import {
  consumedQueue,
  getAtt,
  RECEIVER,
  ref,
  removeAssemblies,
  type TinyFunction,
  writeAssembly,
} from '../support/tiny-assembly.ts';

const START_MS = Date.UTC(2026, 0, 5, 3);
const second = (seconds: number) => START_MS + seconds * 1_000;

/** Publishes what it is told to a number, and sends itself a delayed message when asked. */
const CONSUMER = `
  import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
  import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
  const sns = new SNSClient({ maxAttempts: 2 });
  const sqs = new SQSClient({});
  export const handler = async ({ Records }) => {
    const failed = [];
    for (const { messageId, body } of Records) {
      const { text, again, fail, detail } = JSON.parse(body);
      if (fail) { failed.push({ itemIdentifier: messageId }); continue; }
      if (again) await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify({ text: again.text }), DelaySeconds: again.seconds }));
      await sns.send(new PublishCommand({ PhoneNumber: '+12025550101', Message: text ?? detail.text }));
    }
    return { batchItemFailures: failed };
  };`;

const PUBLISH = { Effect: 'Allow', Action: 'sns:Publish', NotResource: 'arn:*:sns:*:*:*' };
const SEND = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: getAtt('Queue-work') };

afterAll(removeAssemblies);

type Tiny = {
  consumer?: Partial<TinyFunction>;
  functions?: Record<string, TinyFunction>;
  resources?: Record<string, object>;
  mapping?: object;
  queue?: object;
} & Pick<VirtualWorldOptions, 'inject'>;

function open({ consumer, functions, resources, mapping, queue, inject }: Tiny = {}) {
  const assembly = writeAssembly(
    { main: { Resources: { ...consumedQueue('work', queue, mapping), ...resources } } },
    {
      consumer: {
        source: CONSUMER,
        statements: [RECEIVER, PUBLISH, SEND],
        env: { QUEUE_URL: ref('Queue-work') },
        ...consumer,
      },
      ...functions,
    },
  );
  return createVirtualWorld({ assembly, startMs: START_MS, ...(inject ? { inject } : {}) });
}

const inbox = (world: { messages: readonly { at: number; body: string }[] }) =>
  world.messages.map(({ at, body }) => `${(at - START_MS) / 1_000} ${body}`);

describe('createVirtualWorld', () => {
  it('carries a message through queue and function to an SMS, and a delayed one 90 s later', async () => {
    const world = await open();
    world.queue('work').send(JSON.stringify({ text: 'now', again: { text: 'later', seconds: 90 } }));
    await world.advanceTo(second(89));
    expect(inbox(world)).toEqual(['0 now']);
    await world.advanceTo(second(90));
    expect(inbox(world)).toEqual(['0 now', '90 later']);
    expect(
      world.calls.map(({ function: fn, service, action, outcome }) => [fn, service, action, outcome]),
    ).toEqual([
      ['consumer', 'sqs', 'SendMessage', 'ok'],
      ['consumer', 'sns', 'Publish', 'ok'],
      ['consumer', 'sns', 'Publish', 'ok'],
    ]);
  });

  it('gives 10 messages of one instant to one invocation, and only the failed one comes back, after 60 s', async () => {
    const world = await open();
    for (let n = 0; n < 9; n += 1) world.queue('work').send(JSON.stringify({ text: `m${n}` }));
    world.queue('work').send(JSON.stringify({ fail: true }));
    await world.advanceTo(second(59));
    expect(new Set(world.calls.map(({ requestId }) => requestId)).size).toBe(1);
    expect(
      world
        .queue('work')
        .messages()
        .map(({ receives }) => receives),
    ).toEqual([1]);
    await world.advanceTo(second(60));
    expect(
      world
        .queue('work')
        .messages()
        .map(({ receives }) => receives),
    ).toEqual([2]);
  });

  it('puts an event of the default bus into the queue, and only one that the rule lets through', async () => {
    const world = await open({
      resources: {
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: {
            EventPattern: { source: ['shop'] },
            Targets: [{ Id: 't', Arn: getAtt('Queue-work') }],
          },
        },
        Policy: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: {
            Queues: [ref('Queue-work')],
            PolicyDocument: {
              Statement: {
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: getAtt('Queue-work'),
                Condition: { ArnEquals: { 'aws:SourceArn': getAtt('Rule') } },
              },
            },
          },
        },
      },
    });
    world.putEvent({ source: 'shop', 'detail-type': 'Sale', detail: { text: 'heard' } });
    world.putEvent({ source: 'other', 'detail-type': 'Sale', detail: { text: 'not heard' } });
    await world.settle();
    expect(inbox(world)).toEqual(['0 heard']);
  });

  it('refuses to stand up a rule whose queue does not let it in', async () => {
    const Rule = {
      Type: 'AWS::Events::Rule',
      Properties: { EventPattern: { source: ['shop'] }, Targets: [{ Id: 't', Arn: getAtt('Queue-work') }] },
    };
    await expect(open({ resources: { Rule } })).rejects.toThrow('the policy of work does not let');
  });

  it('wraps a publication for a queue in the SNS envelope, and sends it bare when delivery is raw', async () => {
    const subscribe = (queue: string, raw: boolean) => ({
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: ref('Topic'),
        Protocol: 'sqs',
        Endpoint: getAtt(queue),
        RawMessageDelivery: raw,
      },
    });
    const plain = (name: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName: name } });
    const world = await open({
      resources: {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'signals' } },
        Bare: plain('bare'),
        Wrapped: plain('wrapped'),
        ToBare: subscribe('Bare', true),
        ToWrapped: subscribe('Wrapped', false),
        Policy: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: {
            Queues: [ref('Bare'), ref('Wrapped')],
            PolicyDocument: {
              Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
            },
          },
        },
      },
    });
    world.publish('signals', { body: '{"a":1}', subject: 'S' });
    const [bare, wrapped] = ['bare', 'wrapped'].map((name) => world.queue(name).messages()[0]!.body);
    expect(bare).toBe('{"a":1}');
    expect(JSON.parse(wrapped!)).toMatchObject({
      Type: 'Notification',
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:signals',
      Subject: 'S',
      Message: '{"a":1}',
      Timestamp: '2026-01-05T03:00:00.000Z',
    });
  });

  it('fires a schedule of each minute 3 times in 3 minutes, and tries a failed run twice more', async () => {
    const world = await open({
      functions: {
        ticker: {
          source: `export const handler = async (event) => {
            console.log('tick ' + event.n + ' ' + new Date().toISOString());
            if (Date.now() < ${second(61)}) throw new Error('the first fails');
          };`,
        },
      },
      resources: {
        SchedulerRole: {
          Type: 'AWS::IAM::Role',
          Properties: {
            Policies: [
              {
                PolicyDocument: {
                  Statement: [
                    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: getAtt('Fn-ticker') },
                  ],
                },
              },
            ],
          },
        },
        Schedule: {
          Type: 'AWS::Scheduler::Schedule',
          Properties: {
            ScheduleExpression: 'rate(1 minute)',
            FlexibleTimeWindow: { Mode: 'OFF' },
            Target: { Arn: getAtt('Fn-ticker'), RoleArn: getAtt('SchedulerRole'), Input: '{"n":7}' },
          },
        },
      },
    });
    await world.advanceTo(second(180));
    expect(world.logs.filter(({ line }) => line.startsWith('tick')).map(({ line }) => line)).toEqual([
      'tick 7 2026-01-05T03:01:00.000Z',
      'tick 7 2026-01-05T03:02:00.000Z',
      'tick 7 2026-01-05T03:02:00.000Z',
      'tick 7 2026-01-05T03:03:00.000Z',
    ]);
  });

  it('answers a request through the route of the template, with its path parameter and form', async () => {
    const world = await open({
      functions: {
        pages: {
          source: `export const handler = async (event) => ({
            statusCode: 201,
            headers: { 'Content-Type': 'text/plain' },
            body: [event.routeKey, event.pathParameters.token, event.body, event.isBase64Encoded, event.requestContext.http.method].join(' '),
          });`,
        },
      },
      resources: {
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
        Integration: {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: {
            ApiId: ref('Api'),
            IntegrationType: 'AWS_PROXY',
            IntegrationUri: getAtt('Fn-pages'),
            PayloadFormatVersion: '2.0',
          },
        },
        Route: {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: {
            ApiId: ref('Api'),
            RouteKey: 'POST /a/{token}',
            Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
          },
        },
        Permission: {
          Type: 'AWS::Lambda::Permission',
          Properties: { FunctionName: getAtt('Fn-pages'), Principal: 'apigateway.amazonaws.com' },
        },
      },
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await world.request({ method: 'POST', path: '/a/t%201?x=1', headers, body: 'action=ack' });
    expect(answer).toEqual({
      status: 201,
      headers: { 'content-type': 'text/plain' },
      body: 'POST /a/{token} t 1 YWN0aW9uPWFjaw== true POST',
    });
    expect((await world.request({ method: 'GET', path: '/a/t' })).status).toBe(404);
  });

  it('drops what goes to an unreachable number, and says so in the inbox only', async () => {
    const world = await open();
    world.dropMessagesTo('+12025550101', 'opted out');
    world.queue('work').send(JSON.stringify({ text: 'hello' }));
    await world.settle();
    expect(world.messages).toMatchObject([{ body: 'hello', delivered: false, dropReason: 'opted out' }]);
    expect(world.calls).toMatchObject([{ action: 'Publish', outcome: 'ok' }]);
  });
});

describe('permissions', () => {
  it('names the statement that a role lacks', async () => {
    const world = await open({ consumer: { statements: [RECEIVER, SEND] } });
    world.queue('work').send(JSON.stringify({ text: 'hello' }));
    await world.settle();
    expect(world.messages).toEqual([]);
    expect(world.calls).toMatchObject([{ action: 'Publish', outcome: 'AccessDeniedException' }]);
    expect(world.logs.map(({ line }) => line).join()).toContain(
      'Add {"Effect":"Allow","Action":"sns:Publish","Resource":"+12025550101"}',
    );
  });

  it('refuses to connect a queue to a function that may not receive from it', async () => {
    await expect(open({ consumer: { statements: [PUBLISH] } })).rejects.toThrow(
      'Mapping-work: consumer lacks sqs:ReceiveMessage',
    );
  });
});

describe('what the world does not know', () => {
  it('stops it, naming the call, and is no answer to the function', async () => {
    const world = await open({
      consumer: {
        source: `import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
          const sqs = new SQSClient({});
          export const handler = () => sqs.send(new ListQueuesCommand({}));`,
      },
    });
    world.queue('work').send('{}');
    await expect(world.settle()).rejects.toThrow(
      'does not answer sqs ListQueues: add it in local/aws/sqs.ts',
    );
  });
});

describe('faults', () => {
  const once = (fault: Fault) => {
    let pending: Fault | undefined = fault;
    return (call: SdkCall) => {
      if (call.action !== 'Publish') return undefined;
      const now = pending;
      pending = undefined;
      return now;
    };
  };
  const run = async (fault: Fault) => {
    const world = await open({ inject: once(fault), mapping: { BatchSize: 1 } });
    world.queue('work').send(JSON.stringify({ text: 'hello' }));
    await world.advanceTo(second(180));
    return {
      inbox: inbox(world).map((line) => line.replace(/(\.\d+)? hello/, '')),
      left: world.queue('work').messages().length,
    };
  };

  it.each<[string, Fault, string[]]>([
    ['a failure before the call is tried again by the SDK', { kind: 'fail-before' }, ['0']],
    ['a throttled call too', { kind: 'throttle' }, ['0']],
    ['a lost answer sends it twice', { kind: 'fail-after' }, ['0', '0']],
    ['a crash before the call sends it after the visibility timeout', { kind: 'crash-before' }, ['60']],
    ['a crash after the call sends it then and again', { kind: 'crash-after' }, ['0', '60']],
    [
      'a call that never answers runs into the time limit of 10 s, and the message comes back',
      { kind: 'time-out' },
      ['60'],
    ],
    [
      'one that is performed and never answers sends it twice',
      { kind: 'time-out', performed: true },
      ['0', '60'],
    ],
    ['a late answer is late', { kind: 'delay', ms: 5_000 }, ['5']],
  ])('%s', async (_, fault, expected) => {
    expect(await run(fault)).toEqual({ inbox: expected, left: 0 });
  });

  it('an instance that crashes once its invocation has ended, by what it left under way, takes no other', async () => {
    const source = `
      import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
      const sns = new SNSClient({});
      const publish = (Message) => sns.send(new PublishCommand({ PhoneNumber: '+12025550101', Message }));
      export const handler = async ({ Records: [{ body }] }) => {
        const { text } = JSON.parse(body);
        const published = publish(text);
        if (text !== 'left') await published;
      };`;
    const world = await open({
      consumer: { source },
      inject: once({ kind: 'crash-before' }),
      mapping: { BatchSize: 1 },
    });
    world.queue('work').send(JSON.stringify({ text: 'left' }));
    await world.advanceTo(second(5));
    // Nobody waits for it: it is given the turns of the event loop that it takes.
    await vi.waitFor(() => expect(world.calls.map(({ outcome }) => outcome)).toContain('crash-before'));
    world.queue('work').send(JSON.stringify({ text: 'next' }));
    await world.advanceTo(second(180));
    expect(inbox(world)).toEqual(['5 next']);
  });
});
