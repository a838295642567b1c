/** What the stack, the local world and the tick agree on. */

/** Environment of `tick.handler.ts`. */
export type TickEnv = { TABLE_NAME: string; DUE_QUEUE_URL: string };

/** The tick reads what is due up to this far ahead: two ticks can be 119 s apart. Source: aws-facts, EventBridge Scheduler. */
export const TICK_LOOKAHEAD_MS = 130_000;
export const TICK_PERIOD_MS = 60_000;

/** EMF metric of the tick: milliseconds by which the oldest due row is late. */
export const METRIC_NAMESPACE = 'Tocsin';
export const OVERDUE_AGE_METRIC = 'OverdueAge';
