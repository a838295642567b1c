/** What the stack, the local world and the tick agree on. */

/** Environment of `tick.handler.ts`. */
export type TickEnv = { TABLE_NAME: string; DUE_QUEUE_URL: string };

/** The tick reads what is due up to this far ahead: two ticks can be 119 s apart. Source: aws-facts, EventBridge Scheduler. */
export const TICK_LOOKAHEAD_MS = 130_000;
export const TICK_PERIOD_MS = 60_000;

/** The second tick looks ahead until after its next run: two of its runs can be 179 s apart. */
export const SECOND_TICK_PERIOD_MS = 120_000;
export const SECOND_TICK_LOOKAHEAD_MS = SECOND_TICK_PERIOD_MS + 65_000;
/** What it hands over comes so much later: what the first tick has handed over is done by then, and costs one read. */
export const SECOND_TICK_BEHIND_MS = 5_000;

/** EMF metric of the tick: milliseconds by which the oldest due row is late. */
export const METRIC_NAMESPACE = 'Tocsin';
export const OVERDUE_AGE_METRIC = 'OverdueAge';
