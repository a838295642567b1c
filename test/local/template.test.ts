import { afterAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../local/template.ts';
import { removeAssemblies, writeAssembly } from '../support/tiny-assembly.ts';

const PLACE = {
  account: '123456789012',
  region: 'eu-west-1',
  endpoint: 'http://aws.local',
  publicUrl: 'http://tocsin.local',
};

afterAll(removeAssemblies);

function read(properties: object, resources: Record<string, object> = {}) {
  const directory = writeAssembly({
    main: { Resources: { It: { Type: 'AWS::SNS::Subscription', Properties: properties }, ...resources } },
    state: {
      Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'tocsin-state' } } },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Table', 'Arn'] }, Export: { Name: 'state:TableArn' } } },
    },
  });
  return readAssembly(directory, PLACE).resources.find(({ logicalId }) => logicalId === 'It')!.properties;
}

/** `name` as Fn::Sub takes it. */
const variable = (name: string) => ['$', '{', name, '}'].join('');

const QUEUE = { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'due' } } };

describe('readAssembly', () => {
  it.each([
    ['Ref of a queue is its URL', { Ref: 'Queue' }, 'http://aws.local/123456789012/due'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:eu-west-1:123456789012:due'],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Queue.QueueName' }, 'due'],
    [
      'pseudo parameters',
      { 'Fn::Join': ['/', [{ Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }]] },
      'eu-west-1/123456789012',
    ],
    [
      'Fn::Sub with an attribute, a variable and a literal',
      { 'Fn::Sub': [[variable('Queue.QueueName'), variable('x'), variable('!kept')].join(' '), { x: 'y' }] },
      `due y ${variable('kept')}`,
    ],
    [
      'Fn::Select of Fn::Split',
      { 'Fn::Select': [2, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }] },
      'sqs',
    ],
    [
      'Fn::ImportValue from the other stack',
      { 'Fn::ImportValue': 'state:TableArn' },
      'arn:aws:dynamodb:eu-west-1:123456789012:table/tocsin-state',
    ],
    [
      'a Condition of a policy statement stays',
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  ])('evaluates: %s', (_, value, expected) => {
    expect(read({ value }, QUEUE).value).toEqual(expected);
  });

  it.each([
    ['an intrinsic', { value: { 'Fn::Cidr': ['10.0.0.0/16', 1] } }, {}, 'Fn::Cidr'],
    [
      'a resource type',
      {},
      { Bucket: { Type: 'AWS::S3::Bucket' } },
      'main/Bucket: the local world does not know AWS::S3::Bucket',
    ],
    ['an attribute', { value: { 'Fn::GetAtt': ['Queue', 'Size'] } }, QUEUE, 'has no attribute Size'],
    [
      'an import',
      { value: { 'Fn::ImportValue': 'state:Nothing' } },
      {},
      'imports state:Nothing, which no stack exports',
    ],
    [
      'a condition',
      {},
      { Queue: { ...QUEUE.Queue, Condition: 'IsProduction' } },
      'conditions are not supported',
    ],
  ])('names %s that it does not know', (_, properties, resources, message) => {
    expect(() => read(properties, resources)).toThrow(message);
  });
});
