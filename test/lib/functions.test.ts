import { beforeAll, describe, expect, it } from 'vitest';
import type { AnswerEnv, OperateEnv } from '../../functions/console/contract.ts';
import type { IntakeEnv } from '../../functions/intake/contract.ts';
import type { PageEnv } from '../../functions/paging/contract.ts';
import type { TickEnv } from '../../functions/tick/contract.ts';
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

const TABLE_AND_DUE: KeysOf<TickEnv & AnswerEnv & OperateEnv> = { TABLE_NAME: true, DUE_QUEUE_URL: true };
const PAGE: KeysOf<PageEnv> = {
  ...TABLE_AND_DUE,
  RESPONDER_TOPIC_ARN_PREFIX: true,
  WATCHERS_TOPIC_ARN: true,
  ANSWER_URL: true,
};
const INTAKE: KeysOf<IntakeEnv> = { ...PAGE, INTAKE_QUEUE_URL: true, INTAKE_DEAD_LETTER_QUEUE_URL: true };
const ENVIRONMENTS: Record<BundleName, Record<string, true>> = {
  intake: INTAKE,
  page: PAGE,
  tick: TABLE_AND_DUE,
  answer: TABLE_AND_DUE,
  operate: TABLE_AND_DUE,
};

const CONSUME = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];
const PUBLISH = {
  'tocsin-responder-ada': ['sns:Publish'],
  'tocsin-responder-ben': ['sns:Publish'],
  'tocsin-watchers': ['sns:Publish'],
  'not arn:*:sns:*:*:*': ['sns:Publish'],
};
const items = (...actions: string[]) => ({ table: actions.map((action) => `dynamodb:${action}`) });

const GRANTS: Record<BundleName, Record<string, string[]>> = {
  intake: {
    ...items('GetItem', 'PutItem', 'UpdateItem'),
    ...PUBLISH,
    'tocsin-intake': CONSUME,
    'tocsin-intake-dead-letters': ['sqs:SendMessage'],
    'tocsin-due': ['sqs:SendMessage'],
  },
  page: {
    ...items('DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
    ...PUBLISH,
    'tocsin-due': [...CONSUME, 'sqs:SendMessage'],
    '*': ['cloudwatch:DescribeAlarms', 'cloudwatch:ListAlarmMuteRules'],
  },
  tick: { 'table/index/due': ['dynamodb:Query'], 'tocsin-due': ['sqs:SendMessage'] },
  answer: { ...items('GetItem', 'PutItem', 'Query'), 'tocsin-due': ['sqs:SendMessage'] },
  operate: {
    ...items('BatchGetItem', 'GetItem', 'PutItem', 'Query'),
    'table/index/feed': ['dynamodb:Query'],
    'tocsin-due': ['sqs:SendMessage'],
  },
};

const BUNDLES = Object.keys(ENVIRONMENTS) as BundleName[];

let template: Template;
beforeAll(async () => {
  template = (await synthesizeForTest()).operations;
});

const functionOf = (bundle: BundleName): Resource =>
  resourceWith(template, 'AWS::Lambda::Function', 'FunctionName', `tocsin-${bundle}`);

describe('createFunction', () => {
  it('makes 5 functions, each with a role of its own', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function');
    expect(functions.map((fn) => fn.Properties.FunctionName).sort()).toEqual(
      BUNDLES.map((name) => `tocsin-${name}`).sort(),
    );
    expect(new Set(functions.map((fn) => fn.Properties.Role['Fn::GetAtt'][0])).size).toBe(5);
  });

  it.each(BUNDLES)('runs %s on Node 24, arm64, for at most 10 s, without tracing', (bundle) => {
    expect(functionOf(bundle).Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 10,
      MemorySize: bundle === 'tick' ? 256 : 512,
    });
    expect(functionOf(bundle).Properties).not.toHaveProperty('TracingConfig');
  });

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
