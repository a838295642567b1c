/** The clock of a world that somebody moves: it stands still between two commands, and jumps when it is told to. */
import type { RealClock } from './real-clock.ts';
import { virtualClock } from './virtual-clock.ts';

export type SteppedClock = RealClock & {
  /** Does something from outside, to its end, and with it everything that happens at once because of it. */
  command<T>(work: () => Promise<T>): Promise<T>;
  /** Lets everything happen up to and including the moment that follows from the time by then. */
  advance(until: (nowMs: number) => number): Promise<void>;
  /** until when it is being moved */
  horizonMs(): number;
};

/**
 * Commands and moves come one after the other, in the order in which they were asked for.
 * @param startMs  what it shows now
 * @param onError  told what a task threw, before it is thrown at who asked
 * @param onStill  told when it stands again, before whoever asked is answered
 */
export function steppedClock(
  startMs: number,
  onError: (error: unknown) => void,
  onStill: (nowMs: number) => void = () => undefined,
): SteppedClock {
  const clock = virtualClock(startMs);
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(move: () => Promise<T>): Promise<T> => {
    const moved = last.then(move).finally(() => onStill(clock.nowMs()));
    last = moved.catch(() => undefined);
    return moved;
  };
  const runUntil = (untilMs: number) =>
    clock.runUntil(untilMs).catch((error: unknown) => {
      onError(error);
      throw error;
    });

  return {
    ...clock,
    command: (work) =>
      inTurn(async () => {
        const answer = await clock.runFor(work());
        await runUntil(clock.nowMs());
        return answer;
      }),
    advance: (until) => inTurn(async () => runUntil(until(clock.nowMs()))),
  };
}
