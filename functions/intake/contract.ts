/** What the stack and the intake function agree on. */
import type { PagingEnv } from '../paging/contract.ts';

/** Environment of `intake.handler.ts`. */
export type IntakeEnv = PagingEnv & {
  TABLE_NAME: string;
  DUE_QUEUE_URL: string;
  INTAKE_QUEUE_URL: string;
  INTAKE_DEAD_LETTER_QUEUE_URL: string;
};

/** Detail types of `aws.cloudwatch` that the rule on the default bus lets through. */
export const CLOUDWATCH_DETAIL_TYPES = [
  'CloudWatch Alarm State Change',
  'CloudWatch Alarm Contributor State Change',
  'CloudWatch Alarm Configuration Change',
];
