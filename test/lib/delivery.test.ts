import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Operations } from '../../lib/operations.ts';
import {
  nameOf,
  type Resource,
  resourcesOf,
  synthesizeForTest,
  type Template,
  TWO_RESPONDERS,
} from './synthesized.ts';

const FAILURES = 'sns/AWS::Region/AWS::AccountId/DirectPublishToPhoneNumber/Failure';

let template: Template;
beforeAll(async () => {
  template = (await synthesizeForTest()).operations;
});

const failureGroups = (from: Template): Resource[] =>
  resourcesOf(from, 'AWS::Logs::LogGroup').filter(
    ({ Properties }) => nameOf(from, Properties.LogGroupName) === FAILURES,
  );

describe('Delivery', () => {
  it('keeps what SNS says of SMS that did not arrive for 90 days, with their numbers, and no longer than the stack', () => {
    const [group, ...others] = failureGroups(template);
    expect(others).toEqual([]);
    expect(group?.Properties.RetentionInDays).toBe(90);
    expect(group?.DeletionPolicy).toBe('Delete');
  });

  it('hands each of its lines to the delivery function, which Logs may call for this group alone', () => {
    const [filter] = resourcesOf(template, 'AWS::Logs::SubscriptionFilter');
    expect(filter?.Properties.FilterPattern).toBe('');
    expect(nameOf(template, filter?.Properties.DestinationArn)).toBe('tocsin-delivery');
    const group = template.Resources[filter?.Properties.LogGroupName.Ref]!;
    expect(nameOf(template, group.Properties.LogGroupName)).toBe(FAILURES);
    const [permission] = resourcesOf(template, 'AWS::Lambda::Permission').filter(
      ({ Properties }) => Properties.Principal === 'logs.amazonaws.com',
    );
    expect(permission?.Properties.SourceArn['Fn::GetAtt'][0]).toBe(filter?.Properties.LogGroupName.Ref);
  });

  it('has a role with which SNS may write this group and nothing else', () => {
    const roles = Object.entries(template.Resources).filter(
      ([, { Type, Properties }]) =>
        Type === 'AWS::IAM::Role' &&
        JSON.stringify(Properties.AssumeRolePolicyDocument).includes('sns.amazonaws.com'),
    );
    expect(roles).toHaveLength(1);
    const [[id]] = roles as [[string, Resource]];
    const statements = resourcesOf(template, 'AWS::IAM::Policy')
      .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === id))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements).toHaveLength(1);
    expect(statements[0].Action).toEqual([
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    expect(statements[0].Resource.map((one: unknown) => nameOf(template, one))).toEqual([
      FAILURES,
      `arn:AWS::Partition:logs:AWS::Region:AWS::AccountId:log-group:${FAILURES}`,
    ]);
    const [, { Value }] = Object.entries(template.Outputs).find(([name]) =>
      name.includes('SmsDeliveryStatusRoleArn'),
    )! as [string, { Value: { 'Fn::GetAtt': string[] } }];
    expect(Value['Fn::GetAtt']).toEqual([id, 'Arn']);
  });

  it('creates no group where the account has it', () => {
    const stack = new Stack(new App(), 'Theirs');
    const smsFailureLogs = LogGroup.fromLogGroupName(stack, 'Logs', 'sns/eu-west-1/1/theirs/Failure');
    new Operations(stack, 'Ops', TWO_RESPONDERS, { smsFailureLogs });
    const theirs = Assertions.fromStack(stack).toJSON() as Template;
    expect(failureGroups(theirs)).toEqual([]);
    const [filter] = resourcesOf(theirs, 'AWS::Logs::SubscriptionFilter');
    expect(filter?.Properties.LogGroupName).toBe('sns/eu-west-1/1/theirs/Failure');
  });

  it('creates none either when the app is told that the group exists', async () => {
    const { operations } = await synthesizeForTest({ smsFailureLogsExist: true });
    expect(failureGroups(operations)).toEqual([]);
    const [filter] = resourcesOf(operations, 'AWS::Logs::SubscriptionFilter');
    expect(nameOf(operations, filter?.Properties.LogGroupName)).toBe(FAILURES);
  });
});
