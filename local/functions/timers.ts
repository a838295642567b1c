/** Node's timers on the world's clock, for one instance of a function. */
import type { Cancel, Clock } from '../clock.ts';

type Callback = (...values: unknown[]) => void;

/** Node's own clamp. */
const LEAST_MS = 1;

class Timer {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  [Symbol.toPrimitive](): number {
    return this.id;
  }
}

export function openTimers(clock: Clock) {
  const waiting = new Map<number, Cancel>();
  let ids = 0;

  const start = (callback: Callback, ms: number | undefined, values: unknown[], repeat: boolean): Timer => {
    ids += 1;
    const timer = new Timer(ids);
    const delayMs = Math.max(LEAST_MS, Number(ms) || 0);
    const wait = () => {
      waiting.set(
        timer.id,
        clock.at(clock.nowMs() + delayMs, 'due', () => {
          clock.touch();
          if (repeat) wait();
          else waiting.delete(timer.id);
          callback(...values);
        }),
      );
    };
    clock.touch();
    wait();
    return timer;
  };
  const clear = (timer: Timer | number | undefined) => {
    const id = Number(timer);
    waiting.get(id)?.();
    waiting.delete(id);
  };

  const globals = {
    setTimeout: (callback: Callback, ms?: number, ...values: unknown[]) => start(callback, ms, values, false),
    clearTimeout: clear,
    setInterval: (callback: Callback, ms?: number, ...values: unknown[]) => start(callback, ms, values, true),
    clearInterval: clear,
    setImmediate: (callback: Callback, ...values: unknown[]) =>
      setImmediate(() => {
        clock.touch();
        callback(...values);
      }),
    clearImmediate,
  };
  const promises = {
    setTimeout: (ms?: number, value?: unknown) =>
      new Promise((resolve) => start(() => resolve(value), ms, [], false)),
    setImmediate: (value?: unknown) => new Promise((resolve) => globals.setImmediate(() => resolve(value))),
  };

  return {
    globals,
    promises,
    /** the instance is gone: nothing of it runs any more */
    close() {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
    },
  };
}
