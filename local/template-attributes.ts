/** What `Ref` and `Fn::GetAtt` answer, per resource type: the list of what the local world can stand up. */

/** Where the world stands. Names and addresses follow from it. */
export type Place = {
  account: string;
  region: string;
  /** the AWS endpoint, and with it the host of the queue URLs; no slash at its end */
  endpoint: string;
  /** where the HTTP API answers; no slash at its end */
  publicUrl: string;
};

export type Attributes = { Ref: string } & Record<string, string>;

export const IGNORED_TYPES: ReadonlySet<string> = new Set(['AWS::CDK::Metadata']);

type Property = (name: string) => string | undefined;
type Describe = (name: string, property: Property, place: Place) => Attributes;

const arn = (service: string, place: Place, resource: string) =>
  `arn:aws:${service}:${place.region}:${place.account}:${resource}`;

const onlyRef: Describe = (name) => ({ Ref: name });

const TYPES: Record<string, Describe> = {
  'AWS::DynamoDB::Table': (name, property, place) => {
    const table = property('TableName') ?? name;
    return { Ref: table, Arn: arn('dynamodb', place, `table/${table}`) };
  },
  'AWS::SQS::Queue': (name, property, place) => {
    const queue = property('QueueName') ?? name;
    const url = `${place.endpoint}/${place.account}/${queue}`;
    return { Ref: url, QueueUrl: url, QueueName: queue, Arn: arn('sqs', place, queue) };
  },
  'AWS::SQS::QueuePolicy': onlyRef,
  'AWS::SNS::Topic': (name, property, place) => {
    const topic = property('TopicName') ?? name;
    const topicArn = arn('sns', place, topic);
    return { Ref: topicArn, TopicArn: topicArn, TopicName: topic };
  },
  'AWS::SNS::TopicPolicy': onlyRef,
  'AWS::SNS::Subscription': onlyRef,
  'AWS::Events::Rule': (name, property, place) => {
    const rule = property('Name') ?? name;
    return { Ref: rule, Arn: arn('events', place, `rule/${rule}`) };
  },
  'AWS::Scheduler::Schedule': (name, property, place) => {
    const schedule = property('Name') ?? name;
    return {
      Ref: schedule,
      Arn: arn('scheduler', place, `schedule/${property('GroupName') ?? 'default'}/${schedule}`),
    };
  },
  'AWS::Scheduler::ScheduleGroup': (name, property, place) => {
    const group = property('Name') ?? name;
    return { Ref: group, Arn: arn('scheduler', place, `schedule-group/${group}`) };
  },
  'AWS::Lambda::Function': (name, property, place) => {
    const fn = property('FunctionName') ?? name;
    return { Ref: fn, Arn: arn('lambda', place, `function:${fn}`) };
  },
  'AWS::Lambda::EventSourceMapping': (name) => ({ Ref: name, Id: name }),
  'AWS::Lambda::Permission': onlyRef,
  'AWS::ApiGatewayV2::Api': (name, _property, place) => ({
    Ref: name.toLowerCase().slice(-10),
    ApiId: name.toLowerCase().slice(-10),
    ApiEndpoint: place.publicUrl,
  }),
  'AWS::ApiGatewayV2::Integration': onlyRef,
  'AWS::ApiGatewayV2::Route': onlyRef,
  'AWS::ApiGatewayV2::Stage': (_name, property) => ({ Ref: property('StageName') ?? '$default' }),
  'AWS::IAM::Role': (name, property, place) => {
    const role = property('RoleName') ?? name;
    return { Ref: role, Arn: `arn:aws:iam::${place.account}:role/${role}`, RoleId: `AROA${role}` };
  },
  'AWS::IAM::Policy': onlyRef,
  'AWS::IAM::ManagedPolicy': (name, property, place) => ({
    Ref: `arn:aws:iam::${place.account}:policy/${property('ManagedPolicyName') ?? name}`,
  }),
  'AWS::Logs::LogGroup': (name, property, place) => {
    const group = property('LogGroupName') ?? name;
    return { Ref: group, Arn: arn('logs', place, `log-group:${group}:*`) };
  },
  'AWS::Logs::SubscriptionFilter': onlyRef,
  'AWS::CloudWatch::Dashboard': onlyRef,
  'AWS::CloudWatch::Alarm': (name, property, place) => {
    const alarm = property('AlarmName') ?? name;
    return { Ref: alarm, Arn: arn('cloudwatch', place, `alarm:${alarm}`) };
  },
};

/** @throws Error for a type that the local world does not know */
export function attributesOf(
  type: string,
  stack: string,
  logicalId: string,
  property: Property,
  place: Place,
): Attributes {
  const describe = TYPES[type];
  if (!describe) {
    throw new Error(
      `${stack}/${logicalId}: the local world does not know ${type}: add it in local/template-attributes.ts`,
    );
  }
  return describe(`${stack}-${logicalId}`, property, place);
}
