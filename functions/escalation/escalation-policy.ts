/** The escalation policy as moments on the alert's own clock: which is first, which follows, which a hand jumps to. */
import type { EscalationPolicy, EscalationStep } from '../operations/operations.ts';

const MINUTE_MS = 60_000;

/** One moment of the policy: a step of it, and when it falls on the escalation clock. */
export type Moment = { step: number; atMs: number };

/** The policy's first moment, or null when it pages nobody (info). */
export function firstMoment(policy: EscalationPolicy): Moment | null {
  return policy.steps.length === 0 ? null : momentOfStep(policy, 0);
}

/**
 * What follows a moment: the next step, or the last one again after its repeat interval.
 * @returns null when nothing follows
 * Source: design, Escalation: level 4 at 60, again at 90, 120 … 1440, then 1680, 1920 … without end
 */
export function momentAfter(policy: EscalationPolicy, moment: Moment): Moment | null {
  const last = policy.steps.length - 1;
  if (last < 0) return null;
  if (moment.step < last) return momentOfStep(policy, moment.step + 1);
  const repeat = policy.repeat.find(
    ({ untilMinutes }) => untilMinutes === undefined || moment.atMs < untilMinutes * MINUTE_MS,
  );
  return repeat ? { step: last, atMs: moment.atMs + repeat.everyMinutes * MINUTE_MS } : null;
}

/**
 * Where escalating by hand jumps to: the first step above the highest level paged, at that step's own time;
 * past the last one, the last step again, at the clock's present reading.
 * @param elapsedMs  the escalation clock's reading
 */
export function momentByHand(
  policy: EscalationPolicy,
  highestPagedLevel: number,
  elapsedMs: number,
): Moment | null {
  if (policy.steps.length === 0) return null;
  const above = policy.steps.findIndex((step) => step.level > highestPagedLevel);
  return above >= 0 ? momentOfStep(policy, above) : { step: policy.steps.length - 1, atMs: elapsedMs };
}

/** The step of a moment. A policy that a deploy has shortened answers with its last step. */
export function stepOf(policy: EscalationPolicy, moment: Moment): EscalationStep | undefined {
  return policy.steps[Math.min(moment.step, policy.steps.length - 1)];
}

function momentOfStep(policy: EscalationPolicy, step: number): Moment {
  return { step, atMs: policy.steps[step]!.afterMinutes * MINUTE_MS };
}
