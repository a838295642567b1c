import { beforeAll, describe, expect, it } from 'vitest';
import { defineOperations } from '../../functions/operations/define-operations.ts';
import { OWN_ALARMS } from '../../lib/watch.ts';
import { nameOf, resourcesOf, resourceWith, synthesizeForTest, type Template } from './synthesized.ts';

let state: Template;
let template: Template;
beforeAll(async () => {
  ({ state, operations: template } = await synthesizeForTest());
});

describe('State', () => {
  it('is one table that outlives its stack: retained, protected, recoverable to any second', () => {
    const table = resourceWith(state, 'AWS::DynamoDB::Table', 'TableName', 'tocsin-state');
    expect(Object.keys(state.Resources)).toEqual([table.id]);
    expect([table.DeletionPolicy, table.UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    expect(table.Properties).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAtEpochS', Enabled: true },
    });
  });

  it('has 2 indexes that hold keys alone', () => {
    const { Properties } = resourceWith(state, 'AWS::DynamoDB::Table', 'TableName', 'tocsin-state');
    expect(Properties.KeySchema.map((key: { AttributeName: string }) => key.AttributeName)).toEqual([
      'pk',
      'sk',
    ]);
    const indexes = Properties.GlobalSecondaryIndexes.map(
      (index: {
        IndexName: string;
        KeySchema: { AttributeName: string }[];
        Projection: { ProjectionType: string };
      }) => [
        index.IndexName,
        ...index.KeySchema.map((key) => key.AttributeName),
        index.Projection.ProjectionType,
      ],
    );
    expect(indexes).toEqual([
      ['due', 'dueShard', 'dueAt', 'KEYS_ONLY'],
      ['feed', 'feed', 'feedAt', 'KEYS_ONLY'],
    ]);
  });
});

describe('QueueWithDeadLetters', () => {
  it.each(['tocsin-intake', 'tocsin-due'])(
    'lets %s be received 1000 times before a message is given up',
    (name) => {
      const { Properties } = resourceWith(template, 'AWS::SQS::Queue', 'QueueName', name);
      expect(Properties).toMatchObject({ VisibilityTimeout: 60, MessageRetentionPeriod: 14 * 24 * 3600 });
      expect(Properties.RedrivePolicy.maxReceiveCount).toBe(1000);
      expect(nameOf(template, Properties.RedrivePolicy.deadLetterTargetArn)).toBe(`${name}-dead-letters`);
    },
  );

  it('encrypts each of the 4 queues and refuses plain HTTP', () => {
    const queues = resourcesOf(template, 'AWS::SQS::Queue');
    expect(queues).toHaveLength(4);
    for (const { Properties } of queues) expect(Properties.SqsManagedSseEnabled).toBe(true);
    const refusing = resourcesOf(template, 'AWS::SQS::QueuePolicy').flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.filter(
        (statement: { Effect: string; Condition?: { Bool?: object } }) =>
          statement.Effect === 'Deny' &&
          JSON.stringify(statement.Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
      ),
    );
    expect(refusing).toHaveLength(4);
  });

  it('hands 10 messages at once to at most 3 functions, and takes back those that failed', () => {
    const sources = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(
      ({ Properties }) => Properties,
    );
    expect(
      sources.map((source) => [
        nameOf(template, source.EventSourceArn),
        nameOf(template, source.FunctionName),
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['tocsin-intake', 'tocsin-intake'],
        ['tocsin-due', 'tocsin-page'],
      ]),
    );
    for (const source of sources) {
      expect(source).toMatchObject({
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 3 },
      });
    }
  });
});

describe('Intake', () => {
  it('hears the 3 kinds of alarm events but those of our own alarms, and keeps what it could not take for a day', () => {
    const rule = resourcesOf(template, 'AWS::Events::Rule')[0]!;
    expect(rule.Properties.EventPattern).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': [
        'CloudWatch Alarm State Change',
        'CloudWatch Alarm Contributor State Change',
        'CloudWatch Alarm Configuration Change',
      ],
      detail: { alarmName: [{ 'anything-but': OWN_ALARMS.map((name) => `tocsin-${name}`) }] },
    });
    const [target] = rule.Properties.Targets;
    expect(nameOf(template, target.Arn)).toBe('tocsin-intake');
    expect(nameOf(template, target.DeadLetterConfig.Arn)).toBe('tocsin-intake-dead-letters');
  });

  it('takes alarm messages of this account from the signals topic, as they were published', () => {
    const topic = resourceWith(template, 'AWS::SNS::Topic', 'TopicName', 'tocsin-signals');
    const [subscription] = resourcesOf(template, 'AWS::SNS::Subscription').filter(
      ({ Properties }) => Properties.TopicArn.Ref === topic.id,
    );
    expect(subscription?.Properties).toMatchObject({ Protocol: 'sqs', RawMessageDelivery: true });
    expect(nameOf(template, subscription?.Properties.Endpoint)).toBe('tocsin-intake');
    expect(publishersOf(topic.id)).toEqual(['cloudwatch.amazonaws.com of this account']);
  });
});

describe('Contacts', () => {
  it('has a topic for each responder with an email, subscribed by that email', () => {
    for (const name of ['ada', 'ben']) {
      expect(subscribersOf(template, `tocsin-responder-${name}`)).toEqual([`email ${name}@example.com`]);
    }
  });

  it('has no topic for a responder with a phone alone', async () => {
    const { operations } = await synthesizeForTest({
      operations: defineOperations({ responders: { ada: { phone: '+12025550101' } } }),
    });
    const topics = resourcesOf(operations, 'AWS::SNS::Topic').map(({ Properties }) => Properties.TopicName);
    expect(topics.sort()).toEqual(['tocsin-signals', 'tocsin-watchers']);
  });

  it('subscribes both of two responders to the watchers topic, by email and SMS', () => {
    expect(subscribersOf(template, 'tocsin-watchers')).toEqual([
      'email ada@example.com',
      'email ben@example.com',
      'sms +12025550101',
      'sms +12025550102',
    ]);
  });

  it('has levels 1 and 4 watch, and nobody between', async () => {
    const { operations } = await synthesizeForTest({
      operations: defineOperations({
        responders: Object.fromEntries(
          ['ops', 'senior', 'manager', 'chief'].map((name) => [name, { email: `${name}@example.com` }]),
        ),
        schedules: {
          operations: ['ops'],
          'senior-operations': ['senior'],
          management: ['manager'],
          executive: ['chief'],
        },
      }),
    });
    expect(subscribersOf(operations, 'tocsin-watchers')).toEqual([
      'email chief@example.com',
      'email ops@example.com',
    ]);
  });

  it('lets CloudWatch publish to the watchers topic', () => {
    const { id } = resourceWith(template, 'AWS::SNS::Topic', 'TopicName', 'tocsin-watchers');
    expect(publishersOf(id)).toEqual(['cloudwatch.amazonaws.com of this account']);
  });
});

const SCHEDULES = [
  { name: 'tocsin-tick', expression: 'rate(1 minute)', calls: 'tocsin-tick', within: 60 },
  {
    name: 'tocsin-escalation-audit',
    expression: 'rate(5 minutes)',
    calls: 'tocsin-escalation-audit',
    within: 60,
  },
  {
    name: 'tocsin-audit-contacts',
    expression: 'rate(5 minutes)',
    calls: 'tocsin-audit',
    with: '{"audit":"contacts"}',
    within: 60,
  },
  {
    name: 'tocsin-audit-all',
    expression: 'cron(0 7 * * ? *)',
    calls: 'tocsin-audit',
    with: '{"audit":"all"}',
    within: 3600,
  },
];

describe('callOnSchedule', () => {
  it('has 4 schedules', () => {
    const names = resourcesOf(template, 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties.Name);
    expect(names.sort()).toEqual(SCHEDULES.map(({ name }) => name).sort());
  });

  it.each(SCHEDULES)('calls $calls at $expression, and twice again within $within s', (expected) => {
    const { Properties } = resourceWith(template, 'AWS::Scheduler::Schedule', 'Name', expected.name);
    expect(Properties).toMatchObject({
      ScheduleExpression: expected.expression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: expected.within } },
    });
    expect(Properties.Target.Input).toBe(expected.with);
    expect(nameOf(template, Properties.Target.Arn)).toBe(expected.calls);
  });

  it.each(SCHEDULES)('lets $name call that function alone', ({ name, calls }) => {
    const { Properties } = resourceWith(template, 'AWS::Scheduler::Schedule', 'Name', name);
    const [role] = Properties.Target.RoleArn['Fn::GetAtt'];
    const statements = resourcesOf(template, 'AWS::IAM::Policy')
      .filter((policy) => policy.Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
      .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
    expect(statements.map(({ Action, Resource }) => [Action, nameOf(template, Resource)])).toEqual([
      ['lambda:InvokeFunction', calls],
    ]);
  });
});

describe('Operator', () => {
  it('has a policy that lets its holder invoke operate and audit, and do nothing else', () => {
    const { id, Properties } = resourceWith(
      template,
      'AWS::IAM::ManagedPolicy',
      'ManagedPolicyName',
      'tocsin-operator',
    );
    expect(Properties.PolicyDocument.Statement).toHaveLength(1);
    const [{ Effect, Action, Resource }] = Properties.PolicyDocument.Statement;
    expect({ Effect, Action }).toEqual({ Effect: 'Allow', Action: 'lambda:InvokeFunction' });
    expect(Resource.map((one: unknown) => nameOf(template, one)).sort()).toEqual([
      'tocsin-audit',
      'tocsin-operate',
    ]);
    const [, { Value }] = Object.entries(template.Outputs).find(([name]) =>
      name.includes('OperatorPolicyArn'),
    )!;
    expect(Value).toEqual({ Ref: id });
  });
});

describe('TocsinApp', () => {
  it('begins every name with the prefix', async () => {
    const { operations } = await synthesizeForTest({ prefix: 'night' });
    const names = Object.values(operations.Resources).flatMap(({ Type, Properties }) => [
      Properties.FunctionName,
      Properties.QueueName,
      Properties.TopicName,
      Properties.AlarmName,
      Properties.ManagedPolicyName,
      Properties.DashboardName,
      ['AWS::Scheduler::Schedule', 'AWS::Events::Rule', 'AWS::ApiGatewayV2::Api'].includes(Type)
        ? Properties.Name
        : undefined,
    ]);
    const given = names.filter((name) => typeof name === 'string');
    expect(given).toHaveLength(10 + 4 + 4 + 12 + 1 + 1 + 5 + 1);
    expect(given.filter((name) => name !== 'night' && !name.startsWith('night-'))).toEqual([]);
  });

  it('tells what the world must know: addresses, the signals topic, the role for SMS logs, the policy, the table', () => {
    expect(Object.keys(template.Outputs)).toEqual(
      [
        'AnswerUrl',
        'PagerDutyUrl',
        'AlertmanagerUrl',
        'SignalsTopicArn',
        'SmsDeliveryStatusRoleArn',
        'OperatorPolicyArn',
      ].map((name) => expect.stringContaining(name)),
    );
    expect(Object.keys(state.Outputs)).toContainEqual(expect.stringContaining('TableName'));
  });
});

function subscribersOf(from: Template, topicName: string): string[] {
  const topic = resourceWith(from, 'AWS::SNS::Topic', 'TopicName', topicName);
  return resourcesOf(from, 'AWS::SNS::Subscription')
    .filter(({ Properties }) => Properties.TopicArn.Ref === topic.id)
    .map(({ Properties }) => `${Properties.Protocol} ${Properties.Endpoint}`)
    .sort();
}

/** Whom the topic's own policy lets publish. */
function publishersOf(topicId: string): string[] {
  return resourcesOf(template, 'AWS::SNS::TopicPolicy')
    .filter(({ Properties }) => Properties.Topics.some((topic: { Ref: string }) => topic.Ref === topicId))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter((statement) => statement.Effect === 'Allow' && statement.Action === 'sns:Publish')
    .map((statement) => {
      const ofThisAccount =
        JSON.stringify(statement.Condition) ===
        '{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}';
      return `${statement.Principal.Service} of ${ofThisAccount ? 'this account' : 'anybody'}`;
    });
}
