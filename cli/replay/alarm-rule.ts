/** The replayed alarm: its rule as one types it, and what state it has after each row of a trace. */
import { OpsError } from '../../functions/shared/errors.ts';
import type { TraceRow } from './trace.ts';

export type AlarmRule = {
  /** the metric's name, and the alarm's */
  metric: string;
  operator: Operator;
  threshold: number;
  /** M of the last N rows */
  m: number;
  n: number;
};

export type AlarmTransition = {
  at: number;
  state: 'ALARM' | 'OK';
  /** `3 of the last 5 rows breach` */
  summary: string;
  /** as CloudWatch words it */
  reason: string;
};

type Operator = keyof typeof OPERATORS;

/** How each compares, and how CloudWatch says it. */
const OPERATORS = {
  '>=': { breaches: (value, threshold) => value >= threshold, words: 'greater than or equal to' },
  '<=': { breaches: (value, threshold) => value <= threshold, words: 'less than or equal to' },
  '>': { breaches: (value, threshold) => value > threshold, words: 'greater than' },
  '<': { breaches: (value, threshold) => value < threshold, words: 'less than' },
} as const satisfies Record<
  string,
  { breaches: (value: number, threshold: number) => boolean; words: string }
>;

const RULE =
  /^(?<metric>[^<>=]*?)\s*(?<operator>>=|<=|>|<)\s*(?<threshold>[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?:\s+for\s+(?<first>\d+)(?:\s+of\s+(?<second>\d+))?)?$/i;

/** One week of one-minute periods, CloudWatch's longest window. */
const ROWS_MOST = 10_080;

/** CloudWatch's own limit for the name of a metric and of an alarm. */
const METRIC_CHARS_MOST = 255;

/** As CloudWatch does, a reason lists the newest few. */
const LISTED_MOST = 5;

/**
 * Reads `CPUUtilization > 80 for 3 of 5`; `for 3` means 3 of 3, without `for` one row is enough.
 * @throws OpsError `rejected`, with the syntax
 */
export function parseAlarmRule(text: string): AlarmRule {
  const groups = RULE.exec(text.trim())?.groups;
  if (!groups) {
    throw rejected(
      text,
      'write METRIC > NUMBER for M of N, such as "CPUUtilization > 80 for 3 of 5"; > >= < <= compare',
    );
  }
  const {
    metric,
    operator,
    threshold,
    first = '1',
    second = first,
  } = groups as Record<string, string> & {
    first?: string;
    second?: string;
  };
  const rule = {
    metric: metric!,
    operator: operator as Operator,
    threshold: Number(threshold),
    m: Number(first),
    n: Number(second),
  };
  if (rule.metric === '') throw rejected(text, 'the name of the metric is missing before the comparison');
  if (rule.metric.length > METRIC_CHARS_MOST) {
    throw rejected(text, `the name of the metric is longer than ${METRIC_CHARS_MOST} characters`);
  }
  if (!Number.isFinite(rule.threshold)) throw rejected(text, `${threshold} is too large a number`);
  if (rule.m < 1) throw rejected(text, 'at least 1 row has to breach');
  if (rule.m > rule.n) throw rejected(text, `${rule.m} of ${rule.n} can never be; M of N needs M ≤ N`);
  if (rule.n > ROWS_MOST) throw rejected(text, `an alarm looks back over at most ${ROWS_MOST} rows`);
  return rule;
}

/** `> 80 for 3 of 5 periods of 300 s` */
export function describeThreshold({ operator, threshold, m, n }: AlarmRule, periodMs: number): string {
  return `${operator} ${threshold} for ${m} of ${n} period${n === 1 ? '' : 's'} of ${periodMs / 1_000} s`;
}

/**
 * The alarm's changes of state over a trace. It starts as OK.
 * The row stamped t counts from t + period; the rows of one timestamp all enter the window, in file order, and the
 * state is judged once, after the last of them: ALARM when at least M of the last N rows breach, otherwise OK.
 */
export function evaluateAlarm(
  rows: readonly TraceRow[],
  rule: AlarmRule,
  periodMs: number,
): AlarmTransition[] {
  const breaches = rows.map(({ value }) => OPERATORS[rule.operator].breaches(value, rule.threshold));
  const transitions: AlarmTransition[] = [];
  let state: AlarmTransition['state'] = 'OK';
  let breachingInWindow = 0;
  rows.forEach((row, i) => {
    if (breaches[i]) breachingInWindow += 1;
    if (breaches[i - rule.n]) breachingInWindow -= 1;
    if (rows[i + 1]?.at === row.at) return;
    const judged = breachingInWindow >= rule.m ? 'ALARM' : 'OK';
    if (judged === state) return;
    state = judged;
    const from = Math.max(0, i + 1 - rule.n);
    const telling = rows.slice(from, i + 1).filter((_, k) => breaches[from + k] === (judged === 'ALARM'));
    transitions.push({
      at: row.at + periodMs,
      state,
      summary: `${breachingInWindow} of the last ${rule.n} rows breach`,
      reason: describeReason(rule, judged, telling),
    });
  });
  return transitions;
}

/** As CloudWatch words it, newest row first. */
function describeReason(
  rule: AlarmRule,
  state: AlarmTransition['state'],
  telling: readonly TraceRow[],
): string {
  const listed = telling
    .slice(-LISTED_MOST)
    .reverse()
    .map(({ at, value }) => `${decimal(value)} (${describeStamp(at)})`);
  const more = telling.length > listed.length ? ', …' : '';
  const alarm = state === 'ALARM';
  const verb = `${telling.length === 1 ? 'was' : 'were'}${alarm ? '' : ' not'}`;
  const minimum = alarm ? rule.m : rule.n - rule.m + 1;
  return (
    `Threshold Crossed: ${telling.length} out of the last ${rule.n} datapoints [${listed.join(', ')}${more}] ` +
    `${verb} ${OPERATORS[rule.operator].words} the threshold (${decimal(rule.threshold)}) ` +
    `(minimum ${minimum} datapoint${minimum === 1 ? '' : 's'} for ${alarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`
  );
}

/** `80.0`, `92.1` */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `14/02/14 14:27:00`: day, month, year */
function describeStamp(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}

function rejected(text: string, advice: string): OpsError {
  return new OpsError('rejected', `--alarm "${text}": ${advice}`);
}
