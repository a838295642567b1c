import { describe, expect, it } from 'vitest';
import { matches } from '../../local/aws/event-pattern.ts';

const EVENT = {
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  resources: ['arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu', 'arn:other'],
  detail: {
    alarmName: 'prod-cpu-high',
    state: { value: 'ALARM' },
    count: 5,
    muted: null,
    metrics: [{ id: 'm1' }, { id: 'm2' }],
  },
};

describe('matches', () => {
  it.each<[string, Record<string, unknown>]>([
    ['one of several values', { source: ['aws.health', 'aws.cloudwatch'] }],
    ['a nested field', { detail: { state: { value: ['ALARM'] } } }],
    ['a prefix', { detail: { alarmName: [{ prefix: 'prod-' }] } }],
    ['a suffix', { detail: { alarmName: [{ suffix: '-high' }] } }],
    ['a prefix of any case', { detail: { alarmName: [{ prefix: { 'equals-ignore-case': 'PROD' } }] } }],
    ['a text of any case', { source: [{ 'equals-ignore-case': 'AWS.CloudWatch' }] }],
    ['a wildcard', { detail: { alarmName: [{ wildcard: 'prod-*-high' }] } }],
    ['anything but one', { detail: { alarmName: [{ 'anything-but': 'other' }] } }],
    ['anything but a list', { detail: { alarmName: [{ 'anything-but': ['a', 'b'] }] } }],
    ['anything but a prefix', { detail: { alarmName: [{ 'anything-but': { prefix: 'TargetTracking-' } }] } }],
    ['a number in a range', { detail: { count: [{ numeric: ['>', 0, '<=', 5] }] } }],
    ['a field that exists', { detail: { count: [{ exists: true }] } }],
    ['a field that does not', { detail: { nothing: [{ exists: false }] } }],
    ['null', { detail: { muted: [null] } }],
    ['a member of a list', { resources: [{ suffix: ':alarm:cpu' }] }],
    ['a field of a list of objects', { detail: { metrics: { id: ['m2'] } } }],
    ['$or', { detail: { $or: [{ alarmName: ['x'] }, { count: [5] }] } }],
  ])('lets through %s', (_, pattern) => {
    expect(matches(pattern, EVENT)).toBe(true);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another value', { source: ['aws.health'] }],
    ['all fields but one', { source: ['aws.cloudwatch'], 'detail-type': ['Other'] }],
    ['a field that is missing', { detail: { nothing: ['x'] } }],
    ['anything but, of a field that is missing', { detail: { nothing: [{ 'anything-but': 'x' }] } }],
    ['anything but a list that holds it', { source: [{ 'anything-but': ['a', 'aws.cloudwatch'] }] }],
    [
      'anything but prefixes, one of which it has',
      { detail: { alarmName: [{ 'anything-but': { prefix: ['x-', 'prod-'] } }] } },
    ],
    ['a number outside the range', { detail: { count: [{ numeric: ['>', 5] }] } }],
    ['the text of a number', { detail: { count: ['5'] } }],
    ['a field that exists and must not', { detail: { count: [{ exists: false }] } }],
  ])('stops %s', (_, pattern) => {
    expect(matches(pattern, EVENT)).toBe(false);
  });

  it('names an operator that it does not know', () => {
    expect(() => matches({ source: [{ cidr: '10.0.0.0/8' }] }, EVENT)).toThrow('operator cidr');
  });
});
