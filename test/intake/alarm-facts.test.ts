import { describe, expect, test } from 'vitest';
import { describeMetric, describeThreshold, dimensionsOf } from '../../functions/intake/alarm-facts.ts';

const networkIn = {
  id: 'm1',
  namespace: 'AWS/EC2',
  name: 'NetworkIn',
  statistic: 'Maximum',
  dimensions: { InstanceId: 'i-1', AutoScalingGroupName: 'web' },
};

describe('describeMetric', () => {
  test('one metric is namespace, name, statistic, and its dimensions by name', () => {
    expect(describeMetric({ metrics: [networkIn] })).toBe(
      'AWS/EC2 NetworkIn Maximum, AutoScalingGroupName=web, InstanceId=i-1',
    );
  });

  test('an expression comes before the 2 metrics that feed it, each under its id', () => {
    const networkOut = { ...networkIn, id: 'm2', name: 'NetworkOut', dimensions: undefined };
    const sum = { id: 'e1', expression: 'm1 + m2', returned: true };
    expect(describeMetric({ metrics: [networkIn, networkOut, sum] })).toBe(
      'e1 = m1 + m2; m1 = AWS/EC2 NetworkIn Maximum, AutoScalingGroupName=web, InstanceId=i-1; ' +
        'm2 = AWS/EC2 NetworkOut Maximum',
    );
  });

  test('a single query is its own line', () => {
    const expression = 'SELECT MAX(Errors) FROM "AWS/Lambda" GROUP BY FunctionName';
    expect(describeMetric({ metrics: [{ id: 'q1', expression, returned: true }] })).toBe(expression);
  });

  test('a composite alarm has its rule', () => {
    expect(describeMetric({ alarmRule: 'ALARM(a) OR ALARM(b)' })).toBe('ALARM(a) OR ALARM(b)');
  });

  test('an alarm that says nothing of its metric has no line', () => {
    expect(describeMetric({})).toBeUndefined();
    expect(describeMetric({ metrics: [] })).toBeUndefined();
    expect(describeMetric({ metrics: [{}] })).toBeUndefined();
  });
});

describe('dimensionsOf', () => {
  test('of 2 metrics all but those in which they differ', () => {
    const other = {
      ...networkIn,
      dimensions: { InstanceId: 'i-2', AutoScalingGroupName: 'web', stage: 'prod' },
    };
    expect(dimensionsOf({ metrics: [networkIn, other, { expression: 'm1 + m2' }] })).toEqual({
      AutoScalingGroupName: 'web',
      stage: 'prod',
    });
  });

  test('an alarm without metrics has none', () => {
    expect(dimensionsOf({ alarmRule: 'ALARM(a)' })).toEqual({});
  });
});

describe('describeThreshold', () => {
  const threeOfFive = { datapointsToAlarm: 3, evaluationPeriods: 5, periodS: 300 };
  test.each([
    ['GreaterThanThreshold', '> 80 for 3 of 5 periods of 300 s'],
    ['GreaterThanOrEqualToThreshold', '>= 80 for 3 of 5 periods of 300 s'],
    ['LessThanThreshold', '< 80 for 3 of 5 periods of 300 s'],
    ['LessThanOrEqualToThreshold', '<= 80 for 3 of 5 periods of 300 s'],
  ])('%s 80 is "%s"', (comparisonOperator, expected) => {
    expect(describeThreshold({ comparisonOperator, threshold: 80, ...threeOfFive })).toBe(expected);
  });

  test.each([
    ['5 of 5 is said once', { datapointsToAlarm: 5 }, '> 80 for 5 periods of 300 s'],
    [
      '5 without a number of datapoints is 5 of 5',
      { datapointsToAlarm: undefined },
      '> 80 for 5 periods of 300 s',
    ],
    ['1 of 1 is one period', { datapointsToAlarm: 1, evaluationPeriods: 1 }, '> 80 for 1 period of 300 s'],
    ['without a period', { periodS: undefined }, '> 80 for 3 of 5 periods'],
    ['without periods', { evaluationPeriods: undefined }, '> 80 in periods of 300 s'],
    ['a limit of 0', { threshold: 0 }, '> 0 for 3 of 5 periods of 300 s'],
    ['without an operator', { comparisonOperator: undefined }, '80 for 3 of 5 periods of 300 s'],
    ['an operator of Object.prototype', { comparisonOperator: 'toString' }, '80 for 3 of 5 periods of 300 s'],
    [
      'a band has no number',
      { comparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold', threshold: undefined },
      'outside the expected band for 3 of 5 periods of 300 s',
    ],
  ])('%s', (_title, changes, expected) => {
    const facts = { comparisonOperator: 'GreaterThanThreshold', threshold: 80, ...threeOfFive, ...changes };
    expect(describeThreshold(facts)).toBe(expected);
  });

  test('no limit, no line', () => {
    expect(describeThreshold(threeOfFive)).toBeUndefined();
  });
});
