/** Who besides our own roles may call a function, send to a queue, or publish to a topic: each door, and no other. */
import { describe, expect, test } from 'vitest';
import { asList, ofType, type Properties, readAssembly } from '../../local/template.ts';
import { assemblyOf } from '../support/scenario.ts';

const { resources } = readAssembly(assemblyOf('explained'), {
  account: '123456789012',
  region: 'eu-west-1',
  endpoint: 'http://aws.local',
  publicUrl: 'http://tocsin.local',
});

const permissions = ofType(resources, 'AWS::Lambda::Permission').map(({ properties }) => properties);
const statements = [
  ...ofType(resources, 'AWS::SQS::QueuePolicy'),
  ...ofType(resources, 'AWS::SNS::TopicPolicy'),
]
  .map(({ properties }) => properties.PolicyDocument as Properties)
  .flatMap(({ Statement }) => Statement as Properties[]);
const ofEffect = (effect: string) => statements.filter(({ Effect }) => Effect === effect);

const nameOf = (arn: unknown) => String(arn).split(':').at(-1);

/** What else it says stands in the line as well: nothing goes unseen. */
function permitted({ FunctionName, Principal, Action, ...others }: Properties): string {
  return `${nameOf(FunctionName)} ${Action}: ${Principal} ${JSON.stringify(others)}`;
}

function stated({ Effect: _, Sid: __, Resource, Action, Principal, ...others }: Properties): string {
  const { Service } = Principal as Properties;
  const principal = Service ?? JSON.stringify(Principal);
  return `${nameOf(Resource)} ${asList(Action).join()}: ${principal} ${JSON.stringify(others)}`;
}

const api = (route: string) => ({
  SourceArn: `arn:aws:execute-api:eu-west-1:123456789012:${ofType(resources, 'AWS::ApiGatewayV2::Api')[0]!.attributes.Ref}/*/*/${route}`,
});
const from = (SourceArn: string) => ({ SourceArn });
const when = (operator: string, key: string, value: string) => ({
  Condition: { [operator]: { [key]: value } },
});
const OUR_ACCOUNT = when('StringEquals', 'aws:SourceAccount', '123456789012');
const OUR_TOPIC = when('ArnEquals', 'aws:SourceArn', 'arn:aws:sns:eu-west-1:123456789012:tocsin-signals');
const OUR_RULE = when(
  'ArnEquals',
  'aws:SourceArn',
  ofType(resources, 'AWS::Events::Rule').find(({ logicalId }) =>
    /^OpsIntakeCloudWatchAlarms/.test(logicalId),
  )!.attributes.Arn!,
);

describe('who may call in', () => {
  test('a function: only a route of our API, our rule, or the log group of failed SMS', () => {
    const FUNCTION = 'lambda:InvokeFunction';
    const API = 'apigateway.amazonaws.com';
    expect(permissions.map(permitted).sort()).toEqual(
      [
        [`tocsin-answer ${FUNCTION}: ${API}`, api('a')],
        [`tocsin-answer ${FUNCTION}: ${API}`, api('a/{token}')],
        [`tocsin-answer ${FUNCTION}: ${API}`, api('a/{token}')],
        [`tocsin-webhook ${FUNCTION}: ${API}`, api('v1/alertmanager')],
        [`tocsin-webhook ${FUNCTION}: ${API}`, api('v2/enqueue')],
        [
          `tocsin-second-tick ${FUNCTION}: events.amazonaws.com`,
          from('arn:aws:events:eu-west-1:123456789012:rule/tocsin-second-tick'),
        ],
        [
          `tocsin-delivery ${FUNCTION}: logs.amazonaws.com`,
          from(
            'arn:aws:logs:eu-west-1:123456789012:log-group:sns/eu-west-1/123456789012/DirectPublishToPhoneNumber/Failure:*',
          ),
        ],
      ]
        .map(([door, source]) => `${door} ${JSON.stringify(source)}`)
        .sort(),
    );
  });

  test('a queue or a topic: only our rule, our topic, or the alarms of our account', () => {
    expect(ofEffect('Allow').map(stated).sort()).toEqual(
      [
        [
          'tocsin-intake sqs:GetQueueAttributes,sqs:GetQueueUrl,sqs:SendMessage: events.amazonaws.com',
          OUR_RULE,
        ],
        ['tocsin-intake sqs:SendMessage: sns.amazonaws.com', OUR_TOPIC],
        ['tocsin-intake-dead-letters sqs:SendMessage: events.amazonaws.com', OUR_RULE],
        ['tocsin-intake-dead-letters sqs:SendMessage: sns.amazonaws.com', OUR_TOPIC],
        ['tocsin-signals sns:Publish: cloudwatch.amazonaws.com', OUR_ACCOUNT],
        ['tocsin-watchers sns:Publish: cloudwatch.amazonaws.com', OUR_ACCOUNT],
      ]
        .map(([door, source]) => `${door} ${JSON.stringify(source)}`)
        .sort(),
    );
  });

  test('and nobody without TLS, at any queue or topic', () => {
    const doors = [...ofType(resources, 'AWS::SQS::Queue'), ...ofType(resources, 'AWS::SNS::Topic')];
    const refused = ofEffect('Deny').filter(
      ({ Condition, Principal }) =>
        JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}' &&
        /^("\*"|\{"AWS":"\*"\})$/.test(JSON.stringify(Principal)),
    );
    expect(refused.map(({ Resource }) => Resource).sort()).toEqual(
      doors.map(({ attributes: { Arn, Ref } }) => Arn ?? Ref).sort(),
    );
  });

  test('and no function has an address of its own', () => {
    expect(ofType(resources, 'AWS::Lambda::Url')).toEqual([]);
  });
});
