/**
 * Which level an alert owes at which moment, by the design's words: a second opinion on the escalation clock. It is told what
 * happened to the alert (answers, holds, severity, escalations by hand), never what the first one made of it.
 * Source: design, Escalation, Holds, From acknowledged back to triggered, Maintenance
 */
import type { Alert, Severity } from '../../functions/alerts/alert.ts';
import type { EscalationPolicy, EscalationStep, Operations } from '../../functions/operations/operations.ts';
import { holdsOf, isHeld, type LifeHistory, type State } from './invariants/life-history.ts';
import { FUNCTION_MOST_MS, operationsIn } from './invariants/procedures.ts';
import type { Run } from './run.ts';

const MINUTE_MS = 60_000;
const RANK: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };

/** Those that are noticed later than they began: the clock has stood still since. */
const NOTICED_LATER = ['maintenance', 'silenced', 'inhibited'] as const;

/** A level's moment: whoever is on call there is to be paged, with whom the policy's step names. */
export type Moment = {
  at: number;
  severity: Severity;
  /** which step of the policy: by its number, or the first above a level */
  step: number | { above: number };
  cause: string;
  /** somebody asked for it: no hold keeps it back */
  byHand: boolean;
  /** it was taken, and need not have been: at the same instant an answer or a hold came */
  optional: boolean;
};

/** `from`: not before the moment that it follows, nor before an audit has brought it forward. */
type Next = { step: number; atMs: number; from?: number };

/** @returns every moment that the life has seen, in order */
export function escalationOf(run: Pick<Run, 'procedures' | 'endMs'>, life: LifeHistory): Moment[] {
  const moments: Moment[] = [];
  const clock = { elapsedMs: 0, runsSince: null as number | null };
  /** what comes next; several while two procedures are in use */
  let next: Next[] = [];
  let severity: Severity = life.states[0]!.alert.severity;

  const policiesIn = (fromMs: number, untilMs: number): EscalationPolicy[] =>
    operationsIn(run, fromMs, untilMs).map(({ escalation }) => escalation[severity]);
  const reading = (atMs: number) =>
    clock.runsSince === null ? clock.elapsedMs : clock.elapsedMs + Math.max(0, atMs - clock.runsSince);
  const momentOf = ({ atMs, from = 0 }: Next) =>
    clock.runsSince === null
      ? Number.POSITIVE_INFINITY
      : Math.max(from, clock.runsSince + Math.max(0, atMs - clock.elapsedMs));
  const restart = (atMs: number) => {
    clock.elapsedMs = 0;
    if (clock.runsSince !== null) clock.runsSince = atMs;
    next = distinct(policiesIn(atMs, atMs).map(firstOf));
  };
  const take = (one: Next, at: number, optional: boolean) => {
    moments.push({ at, severity, step: one.step, cause: 'clock', byHand: false, optional });
    const takenAt = life.states.find((state) => state.at >= at)?.at ?? at;
    next = distinct(policiesIn(at, takenAt).map((policy) => after(policy, one))).map((following) => ({
      ...following,
      from: at,
    }));
  };
  /** Takes every moment before `untilMs`. Of two that may be meant, the later: nobody is blamed for the other. */
  const goOnUntil = (untilMs: number) => {
    for (;;) {
      const one = next.reduce<Next | undefined>((a, b) => (a && a.atMs >= b.atMs ? a : b), undefined);
      if (!one || momentOf(one) >= untilMs) return;
      take(one, momentOf(one), false);
    }
  };

  for (const written of life.states) {
    const state = { ...written, at: decidedAt(written) };
    const { at, alert, before } = state;
    const stoppedAt = stopOf(state);
    goOnUntil(stoppedAt);
    // What fell due between the hold's beginning and its being noticed may have been taken meanwhile; of two procedures,
    // either may have taken what the audit had brought forward.
    for (const one of next.filter((candidate) => momentOf(candidate) <= at)) {
      const wasTaken = alert.next && !isSame(alert.next, one) && alert.next.atMs > one.atMs;
      const isOpenToDoubt = !runs(alert) || policiesIn(at, at).length > 1;
      if (wasTaken && isOpenToDoubt && alert.severity === severity) take(one, momentOf(one), true);
    }
    if (clock.runsSince !== null && stoppedAt < at) {
      clock.elapsedMs = reading(stoppedAt);
      clock.runsSince = null;
    }
    if (!before || RANK[alert.severity] > RANK[severity]) {
      severity = alert.severity;
      restart(at);
    }
    if (before && startsOver(before, alert)) restart(at);
    for (const { by, reason } of state.entries.filter(isJump)) {
      const above = before?.highestPagedLevel ?? 0;
      moments.push({
        at,
        severity,
        step: { above },
        cause: reason!,
        byHand: by !== 'clock',
        optional: false,
      });
      const jumps = policiesIn(at, at).map((policy) => ({
        policy,
        to: jumpAbove(policy, above, reading(at)),
      }));
      const to = jumps[0]?.to;
      if (to) clock.elapsedMs = to.atMs;
      if (to && clock.runsSince !== null) clock.runsSince = at;
      next = distinct(jumps.map((jump) => jump.to && after(jump.policy, jump.to)));
    }
    const isRunning = runs(alert);
    if (isRunning && clock.runsSince === null) clock.runsSince = at;
    if (!isRunning && clock.runsSince !== null) {
      clock.elapsedMs = reading(at);
      clock.runsSince = null;
    }
    if (alert.status === 'resolved') return moments;
    const settled = settle(next, state, policiesIn(at, at));
    // It goes on by the other procedures, and what was due by these it has taken.
    const isOther = settled.some((one) => !next.some((candidate) => isSame(candidate, one)));
    const taken = next.filter((one) => isOther && momentOf(one) <= at && one.atMs < settled[0]!.atMs);
    for (const one of taken) take(one, momentOf(one), taken.length > 1);
    next = settled;
  }
  goOnUntil(Math.min(run.endMs + 1, life.replacedAt ?? Number.POSITIVE_INFINITY));
  return moments;
}

/** The policy's step of a moment: past the last one it is the last. */
export function stepOf({ severity, step }: Moment, { escalation }: Operations): EscalationStep | undefined {
  const { steps } = escalation[severity];
  if (typeof step === 'number') return steps[Math.min(step, steps.length - 1)];
  return steps.find(({ level }) => level > step.above) ?? steps.at(-1);
}

/** A clock counts from the decision, which the table may have had seconds later. */
function decidedAt({ at, entries }: State): number {
  const latest = Math.max(...entries.map((entry) => entry.at));
  return latest <= at && latest >= at - FUNCTION_MOST_MS ? latest : at;
}

function runs(alert: Alert): boolean {
  return alert.status === 'triggered' && !isHeld(alert);
}

/** When the clock stopped for this write, if a hold began that is noticed only now. */
function stopOf({ at, alert, before }: State): number {
  const began = NOTICED_LATER.filter((hold) => !before?.holds[hold]).map(
    (hold) => alert.holds[hold]?.since ?? at,
  );
  return before ? Math.min(at, ...began) : at;
}

/** A snooze ends by starting over at level 1; so does any other hold, for an alert that opened within it. */
function startsOver(before: Alert, alert: Alert): boolean {
  if (alert.status !== 'triggered') return false;
  return holdsOf(before).some((hold) => {
    if (alert.holds[hold] || hold === 'recovering') return false;
    return hold === 'snoozed' || alert.openedAt >= before.holds[hold]!.since;
  });
}

/** By hand, forgotten, or because nobody of a level can be reached. A level that rises by the clock has no reason. */
function isJump({ event, reason }: { event: string; reason?: string | undefined }): boolean {
  return event === 'alert.escalated' && reason !== undefined;
}

/**
 * While two procedures were in use the alert shows by which of them it goes on. And what escalates too late by procedures
 * that came since is brought forward by the audit.
 */
function settle(next: Next[], { at, alert, write }: State, policies: readonly EscalationPolicy[]): Next[] {
  const shown = alert.next;
  const chosen = shown && next.find((one) => isSame(one, shown));
  if (chosen) return [chosen];
  const isOpenToDoubt = policies.length > 1 || write.function?.endsWith('escalation-audit');
  return shown && isOpenToDoubt && policies.some((policy) => isOf(policy, shown))
    ? [{ ...shown, from: at }]
    : next;
}

/** A step's own moment, or a repeat of the last. */
function isOf({ steps }: EscalationPolicy, { step, atMs }: Next): boolean {
  const afterMs = (steps[step]?.afterMinutes ?? Number.NaN) * MINUTE_MS;
  return atMs === afterMs || (step === steps.length - 1 && atMs > afterMs);
}

function firstOf({ steps }: EscalationPolicy): Next | undefined {
  return steps[0] && { step: 0, atMs: steps[0].afterMinutes * MINUTE_MS };
}

/** "level 4 again at 90, 120 … 1440, then 1680, 1920 … without end" */
function after({ steps, repeat }: EscalationPolicy, { step, atMs }: Next): Next | undefined {
  const following = steps[step + 1];
  if (following) return { step: step + 1, atMs: following.afterMinutes * MINUTE_MS };
  const every = repeat.find(({ untilMinutes = Number.POSITIVE_INFINITY }) => atMs < untilMinutes * MINUTE_MS);
  if (!every || steps.length === 0) return undefined;
  return { step: steps.length - 1, atMs: atMs + every.everyMinutes * MINUTE_MS };
}

/** "to the level after the highest paged; past the last, that one again, the next repeat counted from now" */
function jumpAbove({ steps }: EscalationPolicy, level: number, elapsedMs: number): Next | undefined {
  const step = steps.findIndex((one) => one.level > level);
  if (step >= 0) return { step, atMs: steps[step]!.afterMinutes * MINUTE_MS };
  return steps.length > 0 ? { step: steps.length - 1, atMs: elapsedMs } : undefined;
}

function isSame(a: Next, b: Next): boolean {
  return a.step === b.step && a.atMs === b.atMs;
}

function distinct(nexts: readonly (Next | undefined)[]): Next[] {
  const known = nexts.filter((one) => one !== undefined);
  return known.filter((one, i) => known.findIndex((other) => isSame(one, other)) === i);
}
