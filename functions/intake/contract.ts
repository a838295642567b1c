/** What the stack and the intake function agree on. */
import type { PagingEnv } from '../paging/contract.ts';

/** Environment of `intake.handler.ts`. */
export type IntakeEnv = PagingEnv & {
  TABLE_NAME: string;
  DUE_QUEUE_URL: string;
  INTAKE_QUEUE_URL: string;
  INTAKE_DEAD_LETTER_QUEUE_URL: string;
  /** of this code and the procedures beside it: written on what they give up */
  CODE_VERSION: string;
};

/** Of a dead letter: the version of the code that gave it up. Newer code tries again. */
export const FAILED_ON_ATTRIBUTE = 'failedOn';

/** Environment of `webhook.handler.ts` (HTTP API). */
export type WebhookEnv = { TABLE_NAME: string; INTAKE_QUEUE_URL: string };

/** PagerDuty Events API v2, and Alertmanager's webhook. */
export const PAGERDUTY_ROUTE = '/v2/enqueue';
export const ALERTMANAGER_ROUTE = '/v1/alertmanager';

/** Detail types of `aws.cloudwatch` that the rule on the default bus lets through. */
export const CLOUDWATCH_DETAIL_TYPES = [
  'CloudWatch Alarm State Change',
  'CloudWatch Alarm Contributor State Change',
  'CloudWatch Alarm Configuration Change',
];
