/** When faults were at work, as far as it was observed; and until when something must have happened in spite of them. */
import type { Hit, Run } from '../run.ts';
import { onceOf } from './once-of.ts';

/** Source: design, Numbers to hold: escalation, once faults stop */
export const AFTER_FAULTS_MS = 3 * 60_000;

/** Nothing takes time in a world without faults; SQS delays whole seconds, and whoever waits wakes for the rest. */
export const NO_FAULT_MS = 5_000;

/** Who speaks to a webhook has its answer so long after its signal is in the queue. Source: lib/function.ts */
const SENT_WITHIN_MS = 10_000;

/** Functions that page nobody and write no alert that stands: what they meet makes no page late. */
const BESIDE = /-(audit|escalation-audit|webhook)$/;

/** What brings again all that is due, whatever became of its message. */
const TICKS = /tick$/;

/**
 * From when until when a fault kept something from happening. Most are over at once: a crash, a call that failed or was not
 * answered, a tick that was left out, a message of the due queue that is late. What mends them (the SDK's next try, the
 * queue's minute, the next tick, the end of a lease) is within {@link AFTER_FAULTS_MS}. An index that is stale by some
 * seconds is in nothing's way: what is due soon is handed over by whoever made it so, and the tick looks two minutes ahead.
 */
export type Effect = { from: number; until: number };

/** In the order in which they began. */
export const effectsOf = onceOf((run: Run): readonly Effect[] =>
  [...run.hits.filter(isInTheWay).map(({ at }) => ({ from: at, until: at })), ...newerCodeOf(run)].sort(
    (a, b) => a.from - b.from,
  ),
);

/** What comes twice, or is lost by SNS once it has it, makes nothing late; nor does a signal that nobody knows of yet. */
function isInTheWay({ fault, call }: Hit): boolean {
  switch (fault.kind) {
    case 'call':
      return !BESIDE.test(call?.function ?? '');
    case 'schedule':
      return TICKS.test(fault.schedule) && !fault.laterMs.includes(0);
    case 'message':
      return fault.queue === 'due' && !fault.laterMs.includes(0);
    case 'lose':
    case 'stale-index':
      return false;
  }
}

/** By when a signal that was sent at `atMs` must be known: a message of the intake queue that is late is brought by nothing else. */
export function heardBy(run: Run, atMs: number): number {
  const untilMs = deadlineOf(run, atMs);
  const comeAt = run.hits.flatMap(({ at, fault }) =>
    fault.kind === 'message' && fault.queue === 'intake' && at >= atMs - SENT_WITHIN_MS && at <= untilMs
      ? [at + Math.min(...fault.laterMs)]
      : [],
  );
  return deadlineOf(run, Math.max(atMs, ...comeAt));
}

/** Until it is replaced, older code leaves what newer code has written to it: the queue brings it again. */
export function newerCodeOf({ story, startMs }: Run): Effect[] {
  return story.events
    .filter((event) => event.kind === 'deploy')
    .filter(({ team }) => team === 'newer')
    .map(({ at, overlapMs }) => ({ from: startMs + at, until: startMs + at + overlapMs }));
}

/**
 * The moment by which what was to happen at `atMs` must have happened: after `withinMs`, but that every fault near it
 * gives {@link AFTER_FAULTS_MS} from its end.
 */
export function deadlineOf(run: Run, atMs: number, withinMs = NO_FAULT_MS): number {
  let deadline = atMs + withinMs;
  const effects = effectsOf(run);
  const latest = latestEndOf(run);
  // The first effect that may still be felt: effects before it have all ended long ago.
  for (let i = firstFelt(latest, atMs - AFTER_FAULTS_MS); i < effects.length; i++) {
    const { from, until } = effects[i]!;
    if (from > deadline) break;
    if (until + AFTER_FAULTS_MS >= atMs) deadline = Math.max(deadline, until + AFTER_FAULTS_MS);
  }
  return deadline;
}

/** True when no fault can have touched what happened between the two moments. */
export function isCalm(run: Run, fromMs: number, untilMs: number): boolean {
  const effects = effectsOf(run);
  for (let i = firstFelt(latestEndOf(run), fromMs - AFTER_FAULTS_MS); i < effects.length; i++) {
    const { from, until } = effects[i]!;
    if (from > untilMs) return true;
    if (until + AFTER_FAULTS_MS >= fromMs) return false;
  }
  return true;
}

/** Of each effect, the latest end of it and of all before it. */
const latestEndOf = onceOf((run: Run): readonly number[] => {
  let latest = Number.NEGATIVE_INFINITY;
  return effectsOf(run).map(({ until }) => {
    latest = Math.max(latest, until);
    return latest;
  });
});

/** Index of the first effect up to which one has ended at `sinceMs` or later. */
function firstFelt(latest: readonly number[], sinceMs: number): number {
  let low = 0;
  let high = latest.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (latest[middle]! >= sinceMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
