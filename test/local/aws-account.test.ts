import { afterAll, describe, expect, it } from 'vitest';
import { forgotten, type Kept } from '../../local/kept-state.ts';
import { getAtt, ref, removeAssemblies } from '../support/tiny-assembly.ts';
import { openCaller, START_MS } from './aws-caller.ts';

afterAll(removeAssemblies);

const ALARM = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu';

/** A rule that puts every event of CloudWatch into a queue. */
const RESOURCES = {
  'Queue-heard': { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'heard' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.cloudwatch'] },
      Targets: [{ Id: 't', Arn: getAtt('Queue-heard') }],
    },
  },
  Policy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('Queue-heard')],
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
      },
    },
  },
};
const CPU = {
  AlarmName: 'cpu',
  AlarmDescription: 'Too busy',
  Namespace: 'AWS/EC2',
  MetricName: 'CPUUtilization',
  Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }],
  Statistic: 'Average',
  Period: 60,
  Threshold: 80,
  ComparisonOperator: 'GreaterThanThreshold',
  EvaluationPeriods: 5,
  DatapointsToAlarm: 3,
  Tags: [{ Key: 'team', Value: 'shop' }],
};

describe('CloudWatch', () => {
  it('tells of an alarm that is made, and that its state is set, with its metric and tags', async () => {
    const { world, call } = await openCaller({ resources: RESOURCES });
    await call('CloudWatch', 'PutMetricAlarm', CPU);
    await call('CloudWatch', 'SetAlarmState', {
      AlarmName: 'cpu',
      StateValue: 'ALARM',
      StateReason: 'Trying',
    });
    const events = world
      .queue('heard')
      .messages()
      .map(({ body }) => JSON.parse(body));
    expect(events).toMatchObject([
      { 'detail-type': 'CloudWatch Alarm Configuration Change', detail: { operation: 'create' } },
      {
        'detail-type': 'CloudWatch Alarm State Change',
        resources: [ALARM],
        detail: {
          alarmName: 'cpu',
          state: { value: 'ALARM', reason: 'Trying' },
          previousState: { value: 'INSUFFICIENT_DATA' },
          configuration: {
            description: 'Too busy',
            threshold: 80,
            datapointsToAlarm: 3,
            metrics: [
              {
                metricStat: {
                  metric: { name: 'CPUUtilization', dimensions: { InstanceId: 'i-1' } },
                  period: 60,
                },
              },
            ],
          },
          alarmTags: { team: 'shop' },
        },
      },
    ]);
    expect((await call('CloudWatch', 'DescribeAlarms', { AlarmNames: ['cpu'] })).MetricAlarms).toMatchObject([
      { AlarmArn: ALARM, StateValue: 'ALARM', Threshold: 80, ComparisonOperator: 'GreaterThanThreshold' },
    ]);
  });

  it('sets no state of an alarm that it does not have', async () => {
    const { call } = await openCaller();
    const input = { AlarmName: 'cpu', StateValue: 'ALARM', StateReason: 'Trying' };
    expect(await call('CloudWatch', 'SetAlarmState', input)).toMatchObject({ refused: 'ResourceNotFound' });
  });

  it('knows what SMS have cost this month, 0 unless it was told, by either call', async () => {
    const { world, call } = await openCaller();
    const range = { StartTime: new Date(START_MS - 3_600_000), EndTime: new Date(START_MS) };
    const metric = { Namespace: 'AWS/SNS', MetricName: 'SMSMonthToDateSpentUSD' };
    const statistics = () =>
      call('CloudWatch', 'GetMetricStatistics', { ...metric, ...range, Period: 60, Statistics: ['Maximum'] });
    const MetricStat = { Metric: metric, Period: 60, Stat: 'Maximum' };
    const data = () =>
      call('CloudWatch', 'GetMetricData', { ...range, MetricDataQueries: [{ Id: 'spent', MetricStat }] });
    expect((await statistics()).Datapoints).toMatchObject([{ Maximum: 0 }]);
    world.sms.change({ spentUsd: 0.97 });
    expect((await statistics()).Datapoints).toMatchObject([
      { Maximum: 0.97, Timestamp: '2026-01-05T03:00:00.000Z' },
    ]);
    expect((await data()).MetricDataResults).toMatchObject([{ Id: 'spent', Values: [0.97] }]);
  });

  it('stops the world for any other metric: no answer would look like no data', async () => {
    const { call } = await openCaller();
    const input = { Namespace: 'AWS/SQS', MetricName: 'Age', StartTime: 0, EndTime: 1, Period: 60 };
    await expect(call('CloudWatch', 'GetMetricStatistics', input)).rejects.toThrow(
      'the local world has no metric AWS/SQS Age',
    );
  });

  it('remembers its alarms when the next world begins: a state that stays is no change', async () => {
    const kept = new Map<string, unknown>();
    const keep = <T>(name: string): Kept<T> => ({
      before: kept.get(name) as T | undefined,
      save: (value) => void kept.set(name, structuredClone(value)),
    });
    const fire = { alarmName: 'cpu', state: 'ALARM', reason: 'r' } as const;
    (await openCaller({ keep })).world.putAlarmState(fire);
    const { world } = await openCaller({ resources: RESOURCES, keep });
    world.putAlarmState(fire);
    expect(world.queue('heard').messages()).toEqual([]);
    const fresh = await openCaller({ resources: RESOURCES, keep: forgotten });
    fresh.world.putAlarmState(fire);
    expect(fresh.world.queue('heard').messages()).toHaveLength(1);
  });
});

describe('the rest of the account', () => {
  it('has room for 1,000 functions at once, and a caller', async () => {
    const { call } = await openCaller({
      statements: [{ Effect: 'Allow', Action: 'lambda:GetAccountSettings', Resource: '*' }],
    });
    expect(await call('Lambda', 'GetAccountSettings')).toMatchObject({
      AccountLimit: { ConcurrentExecutions: 1000 },
    });
    expect(await call('STS', 'GetCallerIdentity')).toMatchObject({ Account: '123456789012' });
  });

  it('was bootstrapped, and has no other parameter', async () => {
    const { call } = await openCaller();
    const parameter = (Name: string) => call('SSM', 'GetParameter', { Name });
    expect(await parameter('/cdk-bootstrap/hnb659fds/version')).toMatchObject({ Parameter: { Value: '28' } });
    expect(await parameter('/other')).toMatchObject({ refused: 'ParameterNotFound' });
  });

  it('counts what waits in a queue', async () => {
    const { world, call } = await openCaller({ resources: RESOURCES });
    world.queue('heard').send('now');
    world.queue('heard').send('later', { delayMs: 60_000 });
    const answer = await call('SQS', 'GetQueueAttributes', {
      QueueUrl: world.queue('heard').url,
      AttributeNames: ['All'],
    });
    expect(answer.Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
  });
});
