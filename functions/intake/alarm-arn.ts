/** The ARN of a CloudWatch alarm: the one place that says its account, Region and name alike in every format. */
import * as z from 'zod/mini';
import { wellFormed } from './cut-text.ts';

/** Source: CloudWatch API reference, MetricAlarm, AlarmArn */
const LENGTH_MOST = 1_600;

/** Names may hold colons, spaces and any letter, but no control character, so no line break. */
const SHAPE = /^arn:[a-z0-9-]+:cloudwatch:([a-z0-9-]+):(\d{12}):alarm:(.+)$/;

export const AlarmArn = z.pipe(
  z.string().check(z.maxLength(LENGTH_MOST)),
  z.transform((text, context) => {
    const alarmArn = wellFormed(text);
    const [, region, account, alarmName] = SHAPE.exec(alarmArn) ?? [];
    if (region && account && alarmName) return { alarmArn, region, account, alarmName };
    const message = 'the ARN of an alarm, arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME';
    context.issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  }),
);
export type AlarmArn = z.infer<typeof AlarmArn>;
