/** When faults were at work, as far as it was observed; and until when something must have happened in spite of them. */
import type { Hit, Run } from '../run.ts';
import { onceOf } from './once-of.ts';

/** Source: design, Numbers to hold: escalation, once faults stop */
export const AFTER_FAULTS_MS = 3 * 60_000;

/** Nothing takes time in a world without faults; SQS delays whole seconds, and whoever waits wakes for the rest. */
export const NO_FAULT_MS = 5_000;

/** A function that ends without a word gives its messages back after so long. Source: lib/queue.ts */
const VISIBILITY_MS = 60_000;

/** The SDK gives a call up after at most so long. Source: functions/shared, paging/sns.sender.ts */
const CALL_MOST_MS = 3_000;

const TICK_MS = 60_000;

/** Functions that page nobody and write no alert that stands: what they meet makes no page late. */
const BESIDE = /-(audit|escalation-audit|webhook)$/;

/**
 * From when until when a fault kept something from happening. An index that is stale by some seconds does not: what is due
 * soon is handed over by whoever made it so, and the tick looks two minutes ahead.
 */
export type Effect = { from: number; until: number };

/** In the order in which they began. */
export const effectsOf = onceOf((run: Run): readonly Effect[] =>
  [...run.hits.filter(isInTheWay).map(effectOfHit), ...newerCodeOf(run)].sort((a, b) => a.from - b.from),
);

/** What comes twice, or is lost by SNS once it has it, makes nothing late; nor does an index that is stale. */
function isInTheWay({ fault, call }: Hit): boolean {
  if (fault.kind === 'lose' || fault.kind === 'stale-index') return false;
  if (fault.kind === 'message' || fault.kind === 'schedule') return !fault.laterMs.includes(0);
  return !BESIDE.test(call?.function ?? '');
}

function effectOfHit({ at, fault, call }: Hit): Effect {
  return { from: at, until: at + lastsMs(fault, call) };
}

function lastsMs(fault: Hit['fault'], call: Hit['call']): number {
  switch (fault.kind) {
    case 'message':
      // Of several copies the first does it all.
      return Math.min(...fault.laterMs);
    case 'schedule':
      return fault.laterMs.length === 0 ? TICK_MS : Math.min(...fault.laterMs);
    case 'stale-index':
    case 'lose':
      return 0;
    case 'call':
      return callLastsMs(fault, call);
  }
}

function callLastsMs(fault: Extract<Hit['fault'], { kind: 'call' }>, call: Hit['call']): number {
  switch (fault.fault) {
    case 'crash-before':
    case 'crash-after':
    case 'out-of-time':
      return VISIBILITY_MS;
    case 'slow':
      return (fault.slowMs ?? 0) < CALL_MOST_MS ? CALL_MOST_MS : VISIBILITY_MS;
    case 'time-out':
    case 'time-out-performed':
      // Several of them, and the function runs into its time limit.
      return VISIBILITY_MS;
    default:
      // What should have brought a message back sooner has failed: it comes when it is visible again.
      return call?.service === 'sqs' ? VISIBILITY_MS : 0;
  }
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
