import { beforeAll, describe, expect, it } from 'vitest';
import type { AnswerEnv, OperateEnv } from '../../functions/console/contract.ts';
import type { AuditEnv } from '../../functions/doctor/contract.ts';
import type { IntakeEnv, WebhookEnv } from '../../functions/intake/contract.ts';
import type { DeliveryEnv, PageEnv } from '../../functions/paging/contract.ts';
import type { TickEnv } from '../../functions/tick/contract.ts';
import type { EscalationAuditEnv } from '../../functions/watchers/contract.ts';
import type { BundleName } from '../../lib/bundles.ts';
import {
  nameOf,
  type Resource,
  resourcesOf,
  resourceWith,
  synthesizeForTest,
  type Template,
} from './synthesized.ts';

/** A key that a contract gains or loses does not compile here. */
type KeysOf<Env> = Record<keyof Env, true>;

const TABLE_AND_DUE: KeysOf<TickEnv & AnswerEnv> = { TABLE_NAME: true, DUE_QUEUE_URL: true };
const DELIVERY: KeysOf<DeliveryEnv> = { DUE_QUEUE_URL: true };
const PEOPLE = { RESPONDER_TOPIC_ARN_PREFIX: true, WATCHERS_TOPIC_ARN: true } as const;
const PAGE: KeysOf<PageEnv> = { ...TABLE_AND_DUE, ...PEOPLE, ANSWER_URL: true };
const OPERATE: KeysOf<OperateEnv> = { ...PAGE, INTAKE_QUEUE_URL: true };
const WEBHOOK: KeysOf<WebhookEnv> = { TABLE_NAME: true, INTAKE_QUEUE_URL: true };
const AUDIT: KeysOf<AuditEnv> = {
  ...TABLE_AND_DUE,
  ...PEOPLE,
  INTAKE_QUEUE_URL: true,
  INTAKE_DEAD_LETTER_QUEUE_URL: true,
  DUE_DEAD_LETTER_QUEUE_URL: true,
};
const INTAKE: KeysOf<IntakeEnv> = {
  ...PAGE,
  INTAKE_QUEUE_URL: true,
  INTAKE_DEAD_LETTER_QUEUE_URL: true,
  CODE_VERSION: true,
};
const ESCALATION_AUDIT: KeysOf<EscalationAuditEnv> = {
  ...TABLE_AND_DUE,
  INTAKE_QUEUE_URL: true,
  INTAKE_DEAD_LETTER_QUEUE_URL: true,
  DUE_DEAD_LETTER_QUEUE_URL: true,
  CODE_VERSION: true,
};
const ENVIRONMENTS: Record<BundleName, Record<string, true>> = {
  intake: INTAKE,
  page: PAGE,
  tick: TABLE_AND_DUE,
  'second-tick': TABLE_AND_DUE,
  'escalation-audit': ESCALATION_AUDIT,
  answer: TABLE_AND_DUE,
  operate: OPERATE,
  webhook: WEBHOOK,
  audit: AUDIT,
  delivery: DELIVERY,
};

const CONSUME = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
];
const TAKE_OUT = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'];
/** On the topic of each responder with an email, and on the watchers'. */
const onTopics = (...actions: string[]) => ({
  'tocsin-responder-ada': actions,
  'tocsin-responder-ben': actions,
  'tocsin-watchers': actions,
});
const TO_NUMBERS = { 'not arn:*:sns:*:*:*': ['sns:Publish'] };
const PUBLISH = { ...onTopics('sns:Publish'), ...TO_NUMBERS };
const items = (...actions: string[]) => ({ table: actions.map((action) => `dynamodb:${action}`) });
/** What changes an alert and carries out what follows. */
const ALERTS = items('DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem');

const GRANTS: Record<BundleName, Record<string, string[]>> = {
  intake: {
    ...ALERTS,
    ...PUBLISH,
    'tocsin-intake': CONSUME,
    'tocsin-intake-dead-letters': ['sqs:SendMessage'],
    'tocsin-due': ['sqs:SendMessage'],
  },
  page: {
    ...ALERTS,
    'table/index/feed': ['dynamodb:Query'],
    ...PUBLISH,
    'tocsin-due': [...CONSUME, 'sqs:SendMessage'],
    '*': ['cloudwatch:DescribeAlarms', 'cloudwatch:ListAlarmMuteRules'],
  },
  tick: { ...items('PutItem'), 'table/index/due': ['dynamodb:Query'], 'tocsin-due': ['sqs:SendMessage'] },
  'second-tick': { 'table/index/due': ['dynamodb:Query'], 'tocsin-due': ['sqs:SendMessage'] },
  'escalation-audit': {
    ...items('BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
    'table/index/feed': ['dynamodb:Query'],
    'tocsin-intake': ['sqs:SendMessage'],
    'tocsin-due': ['sqs:SendMessage'],
    'tocsin-intake-dead-letters': TAKE_OUT,
    'tocsin-due-dead-letters': TAKE_OUT,
  },
  answer: { ...items('GetItem', 'PutItem', 'Query', 'UpdateItem'), 'tocsin-due': ['sqs:SendMessage'] },
  operate: {
    ...items('BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
    'table/index/feed': ['dynamodb:Query'],
    ...onTopics('sns:ConfirmSubscription', 'sns:Publish'),
    'tocsin-watchers': ['sns:ConfirmSubscription'],
    ...TO_NUMBERS,
    'tocsin-intake': ['sqs:SendMessage'],
    'tocsin-due': ['sqs:SendMessage'],
  },
  webhook: { ...items('GetItem', 'UpdateItem'), 'tocsin-intake': ['sqs:SendMessage'] },
  audit: {
    ...items('GetItem', 'PutItem', 'UpdateItem'),
    'table/index/due': ['dynamodb:Query'],
    ...onTopics('sns:ListSubscriptionsByTopic', 'sns:Subscribe'),
    'tocsin-intake': ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
    'tocsin-due': ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
    'tocsin-intake-dead-letters': ['sqs:GetQueueAttributes'],
    'tocsin-due-dead-letters': ['sqs:GetQueueAttributes'],
    '*': [
      'cloudwatch:GetMetricStatistics',
      'lambda:GetAccountSettings',
      'sns:CheckIfPhoneNumberIsOptedOut',
      'sns:GetSMSAttributes',
      'sns:GetSMSSandboxAccountStatus',
      'sns:GetSubscriptionAttributes',
      'sns:ListPhoneNumbersOptedOut',
      'sns:ListSMSSandboxPhoneNumbers',
    ],
  },
  delivery: { 'tocsin-due': ['sqs:SendMessage'] },
};

const BUNDLES = Object.keys(ENVIRONMENTS) as BundleName[];

let template: Template;
beforeAll(async () => {
  template = (await synthesizeForTest()).operations;
});

const functionOf = (bundle: BundleName): Resource =>
  resourceWith(template, 'AWS::Lambda::Function', 'FunctionName', `tocsin-${bundle}`);

describe('createFunction', () => {
  it('makes 10 functions, each with a role of its own', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function');
    expect(functions.map((fn) => fn.Properties.FunctionName).sort()).toEqual(
      BUNDLES.map((name) => `tocsin-${name}`).sort(),
    );
    expect(new Set(functions.map((fn) => fn.Properties.Role['Fn::GetAtt'][0])).size).toBe(10);
  });

  it.each(BUNDLES)(
    'runs %s on Node 24, arm64, for at most 10 s (audits: 60 s), without tracing',
    (bundle) => {
      expect(functionOf(bundle).Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        Timeout: bundle.endsWith('audit') ? 60 : 10,
        MemorySize: bundle.endsWith('tick') ? 256 : 512,
      });
      expect(functionOf(bundle).Properties).not.toHaveProperty('TracingConfig');
    },
  );

  it.each(BUNDLES)('gives %s the environment of its contract, and nothing else', (bundle) => {
    const { Variables } = functionOf(bundle).Properties.Environment;
    expect(Object.keys(Variables).sort()).toEqual(Object.keys(ENVIRONMENTS[bundle]).sort());
  });

  it.each(BUNDLES)('keeps the log of %s for 90 days, and deletes it with the stack', (bundle) => {
    const logGroup = resourceWith(
      template,
      'AWS::Logs::LogGroup',
      'LogGroupName',
      `/aws/lambda/tocsin-${bundle}`,
    );
    expect(logGroup.Properties.RetentionInDays).toBe(90);
    expect(logGroup.DeletionPolicy).toBe('Delete');
    expect(functionOf(bundle).Properties.LoggingConfig).toEqual({ LogGroup: { Ref: logGroup.id } });
  });

  it.each(BUNDLES)('grants %s what it calls, by action and resource, and nothing else', (bundle) => {
    expect(grantsOf(bundle)).toEqual({
      ...GRANTS[bundle],
      [`/aws/lambda/tocsin-${bundle}`]: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    });
  });

  it('uses no managed policy', () => {
    for (const role of resourcesOf(template, 'AWS::IAM::Role')) {
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });
});

/** Each resource that the function's role may touch, with the actions it may take there. */
function grantsOf(bundle: BundleName): Record<string, string[]> {
  const [roleId] = functionOf(bundle).Properties.Role['Fn::GetAtt'];
  const policies = resourcesOf(template, 'AWS::IAM::Policy').filter(({ Properties }) =>
    Properties.Roles.some((role: { Ref: string }) => role.Ref === roleId),
  );
  const grants: Record<string, string[]> = {};
  for (const statement of policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement)) {
    const { Effect, Action, Resource, NotResource, ...rest } = statement;
    expect({ Effect, rest }).toEqual({ Effect: 'Allow', rest: {} });
    const targets = [
      ...[Resource ?? []].flat().map((resource) => nameOf(template, resource)),
      ...[NotResource ?? []].flat().map((resource) => `not ${nameOf(template, resource)}`),
    ];
    for (const target of targets) {
      grants[target] = [...(grants[target] ?? []), ...[Action].flat()].sort();
    }
  }
  return grants;
}
