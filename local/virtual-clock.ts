/** The clock of a world in which waiting costs nothing: it jumps from one task to the next. */
import type { Clock } from './clock.ts';
import { type Entry, pop, push } from './task-heap.ts';

/** A function that has not moved for this many turns of the event loop sleeps, or waits for its time limit. */
const IDLE_TURNS = 3;

export type VirtualClock = Clock & {
  /** Runs everything up to and including that moment. */
  runUntil(untilMs: number): Promise<void>;
  /** Runs until the work settles, moving the clock as far as that takes. */
  runFor<T>(work: Promise<T>): Promise<T>;
  /** until when it is being moved; now, when it stands or its end is not known */
  horizonMs(): number;
  /** Ends what moves it, after the task that runs. */
  stop(): void;
};

/** A clock that jumps from one task to the next, each of them followed until nothing moves any more. */
export function virtualClock(startMs: number): VirtualClock {
  const heap: Entry[] = [];
  let nowMs = startMs;
  let sequence = 0;
  let underWay = 0;
  let held = 0;
  let moves = 0;
  let running = false;
  let stopped = false;
  let horizonMs = startMs;
  const failures: unknown[] = [];

  const at: Clock['at'] = (atMs, order, task) => {
    sequence += 1;
    const entry: Entry = {
      atMs: Math.max(nowMs, Math.ceil(atMs)),
      order,
      sequence,
      task,
    };
    push(heap, entry);
    return () => {
      entry.task = undefined;
    };
  };

  const track = (work: Promise<unknown>) => {
    underWay += 1;
    work
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        underWay -= 1;
        moves += 1;
      });
  };

  const settle = async () => {
    for (let idle = 0, before = moves; held > 0 || (underWay > 0 && idle < IDLE_TURNS); idle += 1) {
      await new Promise((turn) => setImmediate(turn));
      if (moves !== before) idle = -1;
      before = moves;
    }
    if (failures.length > 0) throw failures.shift();
  };

  const step = async (entry: Entry) => {
    nowMs = entry.atMs;
    const work = entry.task?.();
    if (work) track(work);
    await settle();
  };

  const alone = async <T>(run: () => Promise<T>): Promise<T> => {
    if (running) throw new Error('the virtual clock is already being moved: await the first call');
    running = true;
    try {
      await settle();
      return await run();
    } finally {
      running = false;
    }
  };

  return {
    nowMs: () => nowMs,
    at,
    limit: (ms, task) => at(nowMs + ms, 'due', task),
    track,
    async hold(work) {
      held += 1;
      try {
        return await work;
      } finally {
        held -= 1;
        moves += 1;
      }
    },
    touch() {
      moves += 1;
    },
    runUntil: (untilMs) =>
      alone(async () => {
        horizonMs = untilMs;
        while (!stopped && heap[0] && heap[0].atMs <= untilMs) {
          const entry = pop(heap);
          if (entry.task) await step(entry);
        }
        if (!stopped) nowMs = Math.max(nowMs, untilMs);
      }),
    horizonMs: () => Math.max(horizonMs, nowMs),
    stop() {
      stopped = true;
    },
    async runFor(work) {
      if (running) return work;
      return alone(async () => {
        let settled = false;
        const done = () => {
          settled = true;
        };
        track(work.then(done, done));
        await settle();
        while (!settled && !stopped) {
          if (!heap[0]) throw new Error('nothing is left to wait for, and the work has not ended');
          const entry = pop(heap);
          if (entry.task) await step(entry);
        }
        return work;
      });
    },
  };
}
