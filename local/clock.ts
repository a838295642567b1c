/** The world's clocks: one that runs, at any speed, and one that stands still until it is moved. */

/** What arrives at an instant precedes what is due at it. */
export type Order = 'arrival' | 'due';

export type Task = () => void | Promise<void>;
export type Cancel = () => void;

export type Clock = {
  /** epoch milliseconds, whole */
  nowMs(): number;
  /** Runs the task at that moment, or at once if it has passed; of one instant, arrivals first, then in turn. */
  at(atMs: number, order: Order, task: Task): Cancel;
  /** Bounds work rather than waiting: an accelerated world does not shorten it. */
  limit(ms: number, task: Task): Cancel;
  /** Counts work as under way until it settles; what it throws stops the world. */
  track(work: Promise<unknown>): void;
  /** Something went on: the virtual clock waits on. */
  touch(): void;
};

/** Node's timers take no more than this. */
const TIMEOUT_MOST_MS = 2 ** 31 - 1;

export type RealClock = Clock & { stop(): void };

/**
 * A clock that runs `speed` times as fast as the wall's.
 * @param startMs  what it shows now
 * @param onError  told what a task threw
 */
export function realClock(startMs: number, speed: number, onError: (error: unknown) => void): RealClock {
  const origin = performance.now();
  const cancels = new Set<Cancel>();
  const nowMs = () => Math.floor(startMs + (performance.now() - origin) * speed);

  const run = async (task: Task) => {
    try {
      await task();
    } catch (error) {
      onError(error);
    }
  };
  const start = (delayMs: () => number, task: Task): Cancel => {
    let timer: NodeJS.Timeout;
    const cancel = () => {
      clearTimeout(timer);
      cancels.delete(cancel);
    };
    const wait = () => {
      const left = delayMs();
      timer = setTimeout(
        () => {
          if (delayMs() > 0) return wait();
          cancels.delete(cancel);
          void run(task);
        },
        Math.min(Math.max(0, left), TIMEOUT_MOST_MS),
      );
    };
    cancels.add(cancel);
    wait();
    return cancel;
  };

  return {
    nowMs,
    at: (atMs, _order, task) => start(() => (atMs - nowMs()) / speed, task),
    limit(ms, task) {
      const end = performance.now() + ms;
      return start(() => end - performance.now(), task);
    },
    track: (work) => void run(() => work.then(() => undefined)),
    touch: () => undefined,
    stop() {
      for (const cancel of [...cancels]) cancel();
    },
  };
}

/** A function that has not moved for this many turns of the event loop sleeps, or waits for its time limit. */
const IDLE_TURNS = 3;

type Entry = { atMs: number; due: number; sequence: number; task: Task | undefined };

export type VirtualClock = Clock & {
  /** Runs everything up to and including that moment. */
  runUntil(untilMs: number): Promise<void>;
  /** Runs until the work settles, moving the clock as far as that takes. */
  runFor<T>(work: Promise<T>): Promise<T>;
};

/** A clock that jumps from one task to the next, each of them followed until nothing moves any more. */
export function virtualClock(startMs: number): VirtualClock {
  const heap: Entry[] = [];
  let nowMs = startMs;
  let sequence = 0;
  let underWay = 0;
  let moves = 0;
  let running = false;
  const failures: unknown[] = [];

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
    for (let idle = 0, before = moves; underWay > 0 && idle < IDLE_TURNS; idle += 1) {
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
    at(atMs, order, task) {
      sequence += 1;
      const entry: Entry = {
        atMs: Math.max(nowMs, Math.ceil(atMs)),
        due: order === 'due' ? 1 : 0,
        sequence,
        task,
      };
      push(heap, entry);
      return () => {
        entry.task = undefined;
      };
    },
    limit(ms, task) {
      return this.at(nowMs + ms, 'due', task);
    },
    track,
    touch() {
      moves += 1;
    },
    runUntil: (untilMs) =>
      alone(async () => {
        while (heap[0] && heap[0].atMs <= untilMs) {
          const entry = pop(heap);
          if (entry.task) await step(entry);
        }
        nowMs = Math.max(nowMs, untilMs);
      }),
    async runFor(work) {
      if (running) return work;
      return alone(async () => {
        let settled = false;
        const done = () => {
          settled = true;
        };
        track(work.then(done, done));
        await settle();
        while (!settled) {
          if (!heap[0]) throw new Error('nothing is left to wait for, and the work has not ended');
          const entry = pop(heap);
          if (entry.task) await step(entry);
        }
        return work;
      });
    },
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  if (a.due !== b.due) return a.due < b.due;
  return a.sequence < b.sequence;
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(entry, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): Entry {
  const first = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
}
