import { describe, expect, it } from 'vitest';
import { describeThreshold, evaluateAlarm, parseAlarmRule } from '../../../cli/replay/alarm-rule.ts';

const START = Date.parse('2014-02-14T14:00:00Z');
const PERIOD_MS = 300_000;

/** One row per value, five minutes apart; an inner list holds the values of one timestamp. */
function transitions(rule: string, values: (number | number[])[]) {
  const rows = values.flatMap((value, i) =>
    [value].flat().map((v) => ({ at: START + i * PERIOD_MS, value: v })),
  );
  return evaluateAlarm(rows, parseAlarmRule(rule), PERIOD_MS);
}

function inShort(rule: string, values: (number | number[])[]): string[] {
  return transitions(rule, values).map(
    ({ at, state }) => `${state} ${new Date(at).toISOString().slice(11, 16)}`,
  );
}

describe('parseAlarmRule', () => {
  it.each([
    [
      'CPUUtilization > 80 for 3 of 5',
      { metric: 'CPUUtilization', operator: '>', threshold: 80, m: 3, n: 5 },
    ],
    ['CPUUtilization>80 for 3', { metric: 'CPUUtilization', operator: '>', threshold: 80, m: 3, n: 3 }],
    ['Free Memory <= -1.5', { metric: 'Free Memory', operator: '<=', threshold: -1.5, m: 1, n: 1 }],
    ['bytes >= 1e6 FOR 1 OF 2', { metric: 'bytes', operator: '>=', threshold: 1_000_000, m: 1, n: 2 }],
    ['  x < .5  ', { metric: 'x', operator: '<', threshold: 0.5, m: 1, n: 1 }],
  ])('reads %j', (text, rule) => {
    expect(parseAlarmRule(text)).toEqual(rule);
  });

  it.each([
    ['', 'write METRIC > NUMBER'],
    ['CPUUtilization', 'write METRIC > NUMBER'],
    ['CPUUtilization = 80', 'write METRIC > NUMBER'],
    ['CPUUtilization => 80', 'write METRIC > NUMBER'],
    ['CPUUtilization > eighty', 'write METRIC > NUMBER'],
    ['CPUUtilization > 80%', 'write METRIC > NUMBER'],
    ['CPUUtilization > 80 for', 'write METRIC > NUMBER'],
    ['CPUUtilization > 80 for 3 of', 'write METRIC > NUMBER'],
    ['CPUUtilization > 80 for 1.5', 'write METRIC > NUMBER'],
    ['CPUUtilization > 80 for 15m', 'write METRIC > NUMBER'],
    ['> 80', 'the name of the metric is missing'],
    [`${'x'.repeat(256)} > 80`, 'longer than 255'],
    ['x > 1e999', 'too large a number'],
    ['x > 80 for 0', 'at least 1 row'],
    ['x > 80 for 0 of 5', 'at least 1 row'],
    ['x > 80 for 6 of 5', '6 of 5 can never be'],
    ['x > 80 for 1 of 10081', 'at most 10080'],
  ])('refuses %j', (text, message) => {
    expect(() => parseAlarmRule(text)).toThrow(message);
  });
});

describe('describeThreshold', () => {
  it('says it as CloudWatch does', () => {
    expect(describeThreshold(parseAlarmRule('x >= 80 for 3 of 5'), PERIOD_MS)).toBe(
      '>= 80 for 3 of 5 periods of 300 s',
    );
    expect(describeThreshold(parseAlarmRule('x > 80'), PERIOD_MS)).toBe('> 80 for 1 of 1 period of 300 s');
  });
});

describe('evaluateAlarm', () => {
  it('judges the row stamped 14:00 at 14:05', () => {
    expect(inShort('x > 80', [81, 80])).toEqual(['ALARM 14:05', 'OK 14:10']);
  });

  it('fires at the 3rd of 5 breaching rows and recovers when the window holds 2', () => {
    // window of 5:  1  1  2  3  3  2  2
    expect(inShort('x > 80 for 3 of 5', [81, 0, 81, 81, 0, 0, 0])).toEqual(['ALARM 14:20', 'OK 14:30']);
  });

  it('needs no more than 3 rows for 3 of 5', () => {
    expect(inShort('x > 80 for 3 of 5', [81, 81, 81])).toEqual(['ALARM 14:15']);
  });

  it.each([
    ['x > 80', []],
    ['x >= 80', ['ALARM 14:05']],
    ['x < 80', []],
    ['x <= 80', ['ALARM 14:05']],
  ])('compares a row of 80 by %s', (rule, expected) => {
    expect(inShort(rule, [80])).toEqual(expected);
  });

  it('judges rows of one timestamp once, after the last', () => {
    expect(inShort('x > 80', [[81, 0], 0])).toEqual([]);
    expect(inShort('x > 80 for 2', [[81, 81], 0])).toEqual(['ALARM 14:05', 'OK 14:10']);
  });

  it('lets rows of one timestamp push out each other in file order', () => {
    expect(inShort('x > 80 for 1 of 2', [[81, 0, 0]])).toEqual([]);
    expect(inShort('x > 80 for 1 of 2', [[0, 81, 0]])).toEqual(['ALARM 14:05']);
  });

  it('judges a gap by rows, not by time', () => {
    const at = (minutes: number) => START + minutes * 60_000;
    const rows = [0, 600, 605].map((minutes) => ({ at: at(minutes), value: 81 }));
    expect(evaluateAlarm(rows, parseAlarmRule('x > 80 for 3'), PERIOD_MS).map((change) => change.at)).toEqual(
      [at(610)],
    );
  });

  it('is silent for a trace that never breaches', () => {
    expect(inShort('x > 80 for 3 of 5', [1, 81, 2, 81, 3])).toEqual([]);
  });

  it('gives the reasons that CloudWatch gives', () => {
    expect(transitions('x > 80 for 2 of 3', [92.1, 0, 85, 0]).map(({ reason }) => reason)).toEqual([
      'Threshold Crossed: 2 out of the last 3 datapoints [85.0 (14/02/14 14:10:00), 92.1 (14/02/14 14:00:00)] were ' +
        'greater than the threshold (80.0) (minimum 2 datapoints for OK -> ALARM transition).',
      'Threshold Crossed: 2 out of the last 3 datapoints [0.0 (14/02/14 14:15:00), 0.0 (14/02/14 14:05:00)] were not ' +
        'greater than the threshold (80.0) (minimum 2 datapoints for ALARM -> OK transition).',
    ]);
  });

  it('lists the newest 5 of 7 rows', () => {
    const [alarm] = transitions('x > 80 for 7', [81, 82, 83, 84, 85, 86, 87]);
    expect(alarm!.reason).toMatch(
      /^Threshold Crossed: 7 out of .* \[87\.0 .* 83\.0 \(14\/02\/14 14:10:00\), …\]/,
    );
  });
});
