import { describe, expect, it } from 'vitest';
import { letsIn, readRoles } from '../../local/aws/policies.ts';
import type { Json, Resource } from '../../local/template.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:tocsin-responder-ana';

function role(...statements: Json[]) {
  const resources: Resource[] = [
    {
      stack: 'main',
      logicalId: 'Role',
      type: 'AWS::IAM::Role',
      properties: { Policies: [{ PolicyDocument: { Statement: statements } }] },
      attributes: { Ref: 'role', Arn: 'arn:role' },
    },
  ];
  return readRoles(resources).get('arn:role')!;
}

describe('readRoles', () => {
  it('denies what no statement allows', () => {
    expect(role().allows('sns:Publish', TOPIC)).toBe(false);
  });

  it('allows by wildcards of action and resource, actions in any case', () => {
    const it = role({ Effect: 'Allow', Action: 'SNS:Pub*', Resource: 'arn:aws:sns:*:*:tocsin-responder-*' });
    expect(it.allows('sns:Publish', TOPIC)).toBe(true);
    expect(it.allows('sns:Publish', TOPIC.replace('responder', 'signals'))).toBe(false);
    expect(it.allows('sns:Subscribe', TOPIC)).toBe(false);
  });

  it('lets SMS pass by NotResource, and topics not', () => {
    const it = role({ Effect: 'Allow', Action: 'sns:Publish', NotResource: 'arn:*:sns:*:*:*' });
    expect(it.allows('sns:Publish', '+12025550101')).toBe(true);
    expect(it.allows('sns:Publish', TOPIC)).toBe(false);
  });

  it('lets a Deny win over an Allow', () => {
    const it = role(
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', NotAction: 'sqs:*', Resource: '*' },
    );
    expect(it.allows('sns:Publish', TOPIC)).toBe(false);
    expect(it.allows('sqs:SendMessage', 'arn:q')).toBe(true);
  });

  it('takes * alone for what has no resource', () => {
    expect(
      role({ Effect: 'Allow', Action: 'sns:*', Resource: '*' }).allows('sns:GetSMSAttributes', '*'),
    ).toBe(true);
    expect(
      role({ Effect: 'Allow', Action: 'sns:*', Resource: TOPIC }).allows('sns:GetSMSAttributes', '*'),
    ).toBe(false);
  });

  it('passes over a managed policy for people, and takes one that is attached to a role for a part of its policy', () => {
    const managed = (Roles: Json): Resource => ({
      stack: 'main',
      logicalId: 'Overflow',
      type: 'AWS::IAM::ManagedPolicy',
      properties: {
        Roles,
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: 'arn:topic-50' }] },
      },
      attributes: { Ref: 'arn:policy' },
    });
    const publisher: Resource = {
      stack: 'main',
      logicalId: 'Publisher',
      type: 'AWS::IAM::Role',
      properties: {},
      attributes: { Ref: 'publisher', Arn: 'arn:publisher' },
    };
    const allows = (Roles: Json) =>
      readRoles([publisher, managed(Roles)])
        .get('arn:publisher')!
        .allows('sns:Publish', 'arn:topic-50');
    expect(allows([])).toBe(false);
    expect(allows(['publisher'])).toBe(true);
  });

  it('names an element that it does not evaluate', () => {
    expect(() => role({ Effect: 'Allow', Action: '*', Resource: '*', Condition: {} })).toThrow(
      'the element Condition',
    );
  });
});

describe('letsIn', () => {
  const request = {
    service: 'events.amazonaws.com',
    action: 'sqs:SendMessage',
    resource: 'arn:queue',
    source: 'arn:rule',
    account: '123456789012',
  };
  const allow = (condition?: Json): Json => ({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: request.service },
        Action: 'sqs:SendMessage',
        Resource: 'arn:queue',
        ...(condition ? { Condition: condition } : {}),
      },
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'sqs:*',
        Resource: 'arn:queue',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });

  it('lets the rule in that the condition names, and no other', () => {
    const policy = allow({ ArnEquals: { 'aws:SourceArn': 'arn:rule' } });
    expect(letsIn([policy], request)).toBe(true);
    expect(letsIn([policy], { ...request, source: 'arn:another' })).toBe(false);
  });

  it('lets no other service in', () => {
    expect(letsIn([allow()], { ...request, service: 'sns.amazonaws.com' })).toBe(false);
  });

  it('names a condition that it does not evaluate', () => {
    expect(() => letsIn([allow({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })], request)).toThrow(
      'IpAddress',
    );
  });
});
