/** CloudWatch's messages about an alarm, as they arrive: events of EventBridge, and what an SNS action publishes. */

export type AlarmState = 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';

export type AlarmStory = {
  alarmName?: string;
  account?: string;
  region?: string;
  state?: AlarmState;
  /** epoch milliseconds: when the state changed */
  at?: number;
  reason?: string;
  description?: string;
};

export const ALARM_AT = Date.parse('2026-11-24T03:00:00.123Z');
export const ALARM_ACCOUNT = '123456789012';
export const ALARM_REGION = 'eu-west-1';

const CPU_REASON =
  'Threshold Crossed: 3 out of the last 5 datapoints [92.1 (24/11/26 02:55:00), 88.4 (24/11/26 02:50:00), ' +
  '85.0 (24/11/26 02:45:00)] were greater than the threshold (80.0) (minimum 3 datapoints for OK -> ALARM transition).';

/** One metric, watched: `AWS/EC2 CPUUtilization Average`, as EventBridge describes it. */
export const CPU_METRIC = {
  id: '30b6c6b2-a864-43a2-4877-c09a1afc3b87',
  metricStat: {
    metric: { dimensions: { InstanceId: 'i-0abc' }, name: 'CPUUtilization', namespace: 'AWS/EC2' },
    period: 300,
    stat: 'Average',
  },
  returnData: true,
};

/** `2026-11-24T03:00:00.123+0000`, as CloudWatch writes a moment. */
export function cloudWatchTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '+0000');
}

export function alarmArn({
  alarmName = 'cpu-high',
  account = ALARM_ACCOUNT,
  region = ALARM_REGION,
}: AlarmStory): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${alarmName}`;
}

/** @param detail  laid over the event's detail: `{ muteDetail: … }`, `{ configuration: … }` */
export function alarmEvent(story: AlarmStory = {}, detail: Record<string, unknown> = {}) {
  const { alarmName = 'cpu-high', state = 'ALARM', at = ALARM_AT, reason = CPU_REASON } = story;
  return {
    ...envelope('CloudWatch Alarm State Change', story),
    detail: {
      alarmName,
      configuration: {
        description: story.description ?? 'Too much CPU.',
        metrics: [CPU_METRIC],
      },
      previousState: {
        value: state === 'ALARM' ? 'OK' : 'ALARM',
        reason: 'Unchecked: Initial alarm creation',
        timestamp: cloudWatchTime(at - 3_600_000),
      },
      state: {
        value: state,
        reason,
        reasonData: JSON.stringify({
          version: '1.0',
          queryDate: cloudWatchTime(at - 2),
          startDate: cloudWatchTime(at - 1_500_000),
          statistic: 'Average',
          period: 300,
          recentDatapoints: [85, 88.4, 92.1],
          threshold: 80,
        }),
        timestamp: cloudWatchTime(at),
      },
      ...detail,
    },
  };
}

/** One time series of a Metrics Insights alarm. */
export function contributorEvent(
  story: AlarmStory = {},
  alarmContributor: { id: string; attributes?: Record<string, string> } = {
    id: '6d442278dba546f6',
    attributes: { TableName: 'orders' },
  },
) {
  const { alarmName = 'cpu-high', state = 'ALARM', at = ALARM_AT } = story;
  return {
    ...envelope('CloudWatch Alarm Contributor State Change', story),
    detail: {
      alarmName,
      alarmContributor,
      state: {
        value: state,
        reason: 'Threshold Crossed: 1 datapoint was less than the threshold (1.0).',
        timestamp: cloudWatchTime(at),
      },
      configuration: {
        metrics: [
          {
            id: 'm1',
            expression: 'SELECT AVG(ConsumedWriteCapacityUnits) FROM "AWS/DynamoDB" GROUP BY TableName',
            returnData: true,
            period: 60,
          },
        ],
        description: story.description ?? 'Write capacity per table.',
      },
    },
  };
}

export function configurationEvent(
  operation: 'create' | 'update' | 'delete' = 'delete',
  story: AlarmStory = {},
) {
  const { alarmName = 'cpu-high', state = 'ALARM', at = ALARM_AT } = story;
  return {
    ...envelope('CloudWatch Alarm Configuration Change', story),
    detail: {
      alarmName,
      operation,
      state: { value: state, timestamp: cloudWatchTime(at - 3_600_000) },
      configuration: {
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        threshold: 80,
        comparisonOperator: 'GreaterThanThreshold',
        treatMissingData: 'missing',
        metrics: [CPU_METRIC],
        alarmName,
        description: story.description ?? 'Too much CPU.',
        actionsEnabled: true,
        timestamp: cloudWatchTime(at - 7_200_000),
        okActions: [],
        alarmActions: [],
        insufficientDataActions: [],
      },
    },
  };
}

/** The message of an SNS action, without the envelope: what raw delivery puts on the queue. */
export function snsAlarm(story: AlarmStory = {}, message: Record<string, unknown> = {}) {
  const { alarmName = 'cpu-high', state = 'ALARM', at = ALARM_AT, reason = CPU_REASON } = story;
  return {
    AlarmName: alarmName,
    AlarmDescription: story.description ?? 'Too much CPU.',
    AWSAccountId: story.account ?? ALARM_ACCOUNT,
    AlarmConfigurationUpdatedTimestamp: cloudWatchTime(at - 7_200_000),
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: cloudWatchTime(at),
    Region: 'EU (Ireland)',
    AlarmArn: alarmArn(story),
    OldStateValue: state === 'ALARM' ? 'OK' : 'ALARM',
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'CPUUtilization',
      Namespace: 'AWS/EC2',
      StatisticType: 'Statistic',
      Statistic: 'AVERAGE',
      Unit: null,
      Dimensions: [{ value: 'i-0abc', name: 'InstanceId' }],
      Period: 300,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 80.0,
      TreatMissingData: 'missing',
      EvaluateLowSampleCountPercentile: '',
    },
    ...message,
  };
}

/** SNS's envelope round a message, as it stands in a queue without raw delivery. */
export function snsEnvelope(message: unknown, envelope: Record<string, unknown> = {}) {
  return {
    Type: 'Notification',
    MessageId: '2b1a7a1e-4e7d-5f0f-9c3f-2c9b1f0e7a11',
    TopicArn: `arn:aws:sns:${ALARM_REGION}:${ALARM_ACCOUNT}:alarms`,
    Subject: 'ALARM: "cpu-high" in EU (Ireland)',
    Message: JSON.stringify(message),
    Timestamp: '2026-11-24T03:00:00.301Z',
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem',
    UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
    ...envelope,
  };
}

/** EventBridge's `time` has whole seconds. */
function envelope(detailType: string, story: AlarmStory) {
  const { account = ALARM_ACCOUNT, region = ALARM_REGION, at = ALARM_AT } = story;
  return {
    version: '0',
    id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
    'detail-type': detailType,
    source: 'aws.cloudwatch',
    account,
    time: new Date(at).toISOString().replace(/\.\d+Z/, 'Z'),
    region,
    resources: [alarmArn(story)],
  };
}
