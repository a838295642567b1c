/** The clock of a world that lives beside us. */
import type { Cancel, Clock, Task } from './clock.ts';

/** Node's timers take no more than this. */
const TIMEOUT_MOST_MS = 2 ** 31 - 1;

export type RealClock = Clock & { stop(): void };

/**
 * A clock that runs as fast as the wall's.
 * @param startMs  what it shows now
 * @param onError  told what a task threw
 */
export function realClock(startMs: number, onError: (error: unknown) => void): RealClock {
  const origin = performance.now();
  const cancels = new Set<Cancel>();
  const nowMs = () => Math.floor(startMs + performance.now() - origin);

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
    at: (atMs, _order, task) => start(() => atMs - nowMs(), task),
    limit(ms, task) {
      const end = performance.now() + ms;
      return start(() => end - performance.now(), task);
    },
    track: (work) => void run(() => work.then(() => undefined)),
    hold: (work) => work,
    touch: () => undefined,
    stop() {
      for (const cancel of [...cancels]) cancel();
    },
  };
}
