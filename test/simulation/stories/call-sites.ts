/** Every call of a function to AWS that a story makes, and what can go wrong with one. `npm run simulate` tells what is met. */
import type { PlannedFault } from '../story.ts';

export const CALL_FAULTS = [
  'fail-before',
  'fail-after',
  'crash-before',
  'crash-after',
  'throttle',
  'time-out',
  'time-out-performed',
  'slow',
  'out-of-time',
] as const satisfies readonly Extract<PlannedFault, { kind: 'call' }>['fault'][];

/** function, service, action */
export const CALL_SITES: readonly (readonly [string, string, string])[] = [['intake', 'dynamodb', 'GetItem']];
