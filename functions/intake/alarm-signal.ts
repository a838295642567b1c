/** Makes the signal of a CloudWatch alarm, the same one whichever way its news came. */
import * as z from 'zod/mini';
import type { AlarmArn } from './alarm-arn.ts';
import { type AlarmFacts, describeMetric, describeThreshold, dimensionsOf } from './alarm-facts.ts';
import { cutText, wellFormed } from './cut-text.ts';
import { ignored, lenient, type Reading } from './reading.ts';
import type { SignalDetail, SignalState } from './signal.ts';
import { boundDetail } from './signal-detail.ts';

/** Auto-scaling makes and deletes alarms of its own, which fire all day. Source: aws-facts, CloudWatch alarms */
const AUTO_SCALING_PREFIX = 'TargetTracking-';

/** An id has at most 16 characters today, and had 1,024. Source: CloudWatch API reference, AlarmContributor */
const CONTRIBUTOR_ID_MOST = 1_024;

export const ContributorId = z.string().check(z.minLength(1), z.maxLength(CONTRIBUTOR_ID_MOST));

/** One time series of an alarm that watches many. */
export const Contributor = z.object({
  id: ContributorId,
  attributes: lenient(z.record(z.string(), z.string())),
});
export type Contributor = z.infer<typeof Contributor>;

const STATES = {
  ALARM: 'alarm',
  OK: 'ok',
  INSUFFICIENT_DATA: 'insufficient-data',
} as const satisfies Record<string, SignalState>;

/** Reads CloudWatch's word for a state into ours. */
export const AlarmState = z.pipe(
  z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  z.transform((state) => STATES[state]),
);

/** What a format says of an alarm. */
export type AlarmNews = {
  alarm: AlarmArn;
  contributor?: Contributor | undefined;
  state: SignalState;
  at: number;
  reason?: string | undefined;
  facts: AlarmFacts;
  suppressed?: string | undefined;
  tags?: Record<string, string> | undefined;
};

/** @returns `ignored` for the alarms of auto-scaling, else the signal */
export function alarmSignal(news: AlarmNews): Reading {
  const { alarm, contributor, state, at, suppressed, tags } = news;
  if (alarm.alarmName.startsWith(AUTO_SCALING_PREFIX)) {
    return ignored(`${cutText(alarm.alarmName)} is an alarm of auto-scaling`);
  }
  return {
    kind: 'signal',
    signal: {
      dedupKey: dedupKeyOf(alarm, contributor),
      source: { kind: 'cloudwatch', ...alarm, contributor: contributor && cutText(describe(contributor)) },
      state,
      at,
      detail: detailOf(news),
      suppressed: suppressed && cutText(suppressed),
      tags,
      labels: { ...dimensionsOf(news.facts), ...contributor?.attributes },
    },
  };
}

/** The ARN holds account and Region, and no line break: no alarm's name can pass for a contributor of another. */
function dedupKeyOf({ alarmArn }: AlarmArn, contributor: Contributor | undefined): string {
  return contributor ? `${alarmArn}\n${wellFormed(contributor.id)}` : alarmArn;
}

function detailOf({ alarm, contributor, reason, facts }: AlarmNews): SignalDetail {
  return boundDetail({
    title: contributor ? `${alarm.alarmName} (${describe(contributor)})` : alarm.alarmName,
    reason,
    description: facts.description,
    metric: describeMetric(facts),
    threshold: describeThreshold(facts),
  });
}

/** `TableName=orders`, or the id when the contributor has no attributes. */
function describe({ id, attributes = {} }: Contributor): string {
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
  return pairs.sort().join(', ') || id;
}
