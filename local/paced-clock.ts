/** The clock of an accelerated world: it hurries while everybody waits, and stands still while anything works. */
import type { RealClock } from './real-clock.ts';
import { virtualClock } from './virtual-clock.ts';

/** It moves so often. */
const PACE_MS = 10;

/**
 * A day's waiting passes `speed` times as fast; work does not, so that no lease or time limit runs out because of it.
 * @param startMs  what it shows now
 * @param onError  told what a task threw
 */
export function pacedClock(startMs: number, speed: number, onError: (error: unknown) => void): RealClock {
  const clock = virtualClock(startMs);
  let running = true;

  const pace = async () => {
    while (running) {
      const restedFrom = performance.now();
      await new Promise((rested) => setTimeout(rested, PACE_MS));
      const restedMs = performance.now() - restedFrom;
      await clock.runUntil(clock.nowMs() + Math.round(restedMs * speed)).catch(onError);
    }
  };
  void pace();

  return {
    ...clock,
    stop() {
      running = false;
      clock.stop();
    },
  };
}
