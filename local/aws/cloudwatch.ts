/** CloudWatch: describes and sets alarms, and knows one metric: what the account's SMS have cost this month. */
import { type Alarm, type AlarmState, type Alarms, OPERATORS } from './alarms.ts';
import { AwsError, type Input, UnsupportedError } from './call.ts';
import { type Grant, type Service, text } from './service.ts';

type Options = {
  alarms: Alarms;
  nowMs(): number;
  /** of this month; the metric is told as it stands now */
  smsSpentUsd(): number;
};

const STATES: readonly string[] = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] satisfies AlarmState[];
const SMS_SPEND = { namespace: 'AWS/SNS', name: 'SMSMonthToDateSpentUSD' };

export function cloudwatch(options: Options): Service {
  const { alarms } = options;
  return {
    grants(action, input): Grant[] | undefined {
      switch (action) {
        case 'DescribeAlarms': {
          const names = (input.AlarmNames as string[] | undefined) ?? ['*'];
          return names.map((name) => ({ action: 'cloudwatch:DescribeAlarms', resource: alarms.arn(name) }));
        }
        case 'ListAlarmMuteRules': {
          const resource = alarms.arn('*').replace(':alarm:', ':alarm-mute-rule:');
          return [{ action: 'cloudwatch:ListAlarmMuteRules', resource }];
        }
        case 'SetAlarmState':
        case 'PutMetricAlarm':
          return [{ action: `cloudwatch:${action}`, resource: alarms.arn(text(input, 'AlarmName')) }];
        // Metrics have no resource.
        case 'GetMetricData':
        case 'GetMetricStatistics':
          return [{ action: `cloudwatch:${action}`, resource: '*' }];
        default:
          return undefined;
      }
    },
    handle({ action, input }) {
      switch (action) {
        case 'ListAlarmMuteRules':
          return muteRules(alarms, input);
        case 'SetAlarmState':
          return setState(alarms, input);
        case 'PutMetricAlarm':
          return putAlarm(alarms, input);
        case 'GetMetricData':
          return metricData(options, input);
        case 'GetMetricStatistics':
          return metricStatistics(options, input);
        default:
          return describeAlarms(alarms, input);
      }
    },
  };
}

function describeAlarms(alarms: Alarms, input: Input) {
  if (input.AlarmNamePrefix || input.StateValue || input.NextToken) {
    throw new AwsError('InvalidParameterValue', 'the local world describes alarms by AlarmNames only');
  }
  const names = input.AlarmNames as string[] | undefined;
  const found = alarms.all().filter(({ alarmName }) => !names || names.includes(alarmName));
  return { MetricAlarms: found.map((alarm) => describe(alarm, alarms.arn)), CompositeAlarms: [] };
}

function muteRules(alarms: Alarms, { AlarmName }: Input) {
  const muting = AlarmName === undefined ? undefined : alarms.get(String(AlarmName))?.suppressed;
  return {
    AlarmMuteRuleSummaries:
      muting === undefined ? [] : [{ AlarmMuteRuleArn: muting, Status: 'ACTIVE', MuteType: 'ALARM' }],
  };
}

function setState(alarms: Alarms, input: Input) {
  const alarmName = text(input, 'AlarmName');
  const state = text(input, 'StateValue');
  if (!alarms.get(alarmName)) throw new AwsError('ResourceNotFound', `there is no alarm ${alarmName}`, 404);
  if (!STATES.includes(state))
    throw invalid(`StateValue is ${state}: it must be one of ${STATES.join(', ')}`);
  alarms.put({ alarmName, state: state as AlarmState, reason: text(input, 'StateReason') });
  return {};
}

function putAlarm(alarms: Alarms, input: Input) {
  const {
    Dimensions = [],
    Tags = [],
    Metrics,
  } = input as {
    Dimensions?: { Name: string; Value: string }[];
    Tags?: { Key: string; Value: string }[];
    Metrics?: unknown;
  };
  if (Metrics)
    throw new UnsupportedError('the local world has no alarms on metric math: see local/aws/cloudwatch.ts');
  const operator = Object.keys(OPERATORS).find((sign) => OPERATORS[sign] === input.ComparisonOperator);
  if (!operator) throw invalid(`ComparisonOperator is ${input.ComparisonOperator}`);
  alarms.configure(text(input, 'AlarmName'), {
    ...(input.AlarmDescription === undefined ? {} : { description: text(input, 'AlarmDescription') }),
    metric: {
      namespace: text(input, 'Namespace'),
      name: text(input, 'MetricName'),
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
      stat: String(input.Statistic ?? input.ExtendedStatistic ?? 'Average'),
      periodS: Number(input.Period ?? 300),
    },
    threshold: {
      operator,
      value: Number(input.Threshold),
      periods: Number(input.EvaluationPeriods ?? 1),
      datapoints: Number(input.DatapointsToAlarm ?? input.EvaluationPeriods ?? 1),
    },
    ...(Tags.length > 0 ? { tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) } : {}),
  });
  return {};
}

type Query = {
  Id: string;
  Label?: string;
  MetricStat?: { Metric: { Namespace?: string; MetricName?: string; Dimensions?: unknown[] } };
};

function metricData({ nowMs, smsSpentUsd }: Options, input: Input) {
  const results = (input.MetricDataQueries as Query[]).map(({ Id, Label, MetricStat }) => {
    const { Namespace, MetricName, Dimensions } = MetricStat?.Metric ?? {};
    checkMetric(Namespace, MetricName, Dimensions);
    return {
      Id,
      Label: Label ?? MetricName,
      Timestamps: [wholeMinute(nowMs())],
      Values: [smsSpentUsd()],
      StatusCode: 'Complete',
    };
  });
  return { MetricDataResults: results, Messages: [] };
}

function metricStatistics({ nowMs, smsSpentUsd }: Options, input: Input) {
  checkMetric(text(input, 'Namespace'), text(input, 'MetricName'), input.Dimensions as unknown[] | undefined);
  const spent = smsSpentUsd();
  return {
    Label: SMS_SPEND.name,
    Datapoints: [
      {
        Timestamp: wholeMinute(nowMs()),
        Unit: 'None',
        Maximum: spent,
        Average: spent,
        Sum: spent,
        Minimum: spent,
      },
    ],
  };
}

/** @throws UnsupportedError for every other metric: an answer would look like one without data */
function checkMetric(namespace = '', name = '', dimensions: unknown[] = []): void {
  if (namespace === SMS_SPEND.namespace && name === SMS_SPEND.name && dimensions.length === 0) return;
  throw new UnsupportedError(
    `the local world has no metric ${namespace} ${name}${dimensions.length > 0 ? ' with dimensions' : ''}: add it in local/aws/cloudwatch.ts`,
  );
}

/** Epoch seconds, as the protocol has them. */
function wholeMinute(nowMs: number): number {
  return Math.floor(nowMs / 60_000) * 60;
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

function describe(alarm: Alarm, arn: Alarms['arn']) {
  return {
    AlarmName: alarm.alarmName,
    AlarmArn: arn(alarm.alarmName),
    AlarmDescription: alarm.description,
    ActionsEnabled: true,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: alarm.at / 1000,
    StateTransitionedTimestamp: alarm.at / 1000,
    MetricName: alarm.metric?.name,
    Namespace: alarm.metric?.namespace,
    Threshold: alarm.threshold?.value,
    ComparisonOperator: alarm.threshold && OPERATORS[alarm.threshold.operator],
  };
}
