/** The clock of a world that somebody moves: it stands still between two commands, and jumps when it is told to. */
import type { RealClock } from './real-clock.ts';
import { virtualClock } from './virtual-clock.ts';

export type SteppedClock = RealClock & {
  /** Does something from outside, to its end, and with it everything that happens at once because of it. */
  command<T>(work: () => Promise<T>): Promise<T>;
  /** Lets everything happen up to and including that moment. */
  advanceTo(untilMs: number): Promise<void>;
  horizonMs(): number;
};

/**
 * Commands and moves come one after the other, in the order in which they were asked for.
 * @param startMs  what it shows now
 * @param onError  told what a task threw
 */
export function steppedClock(startMs: number, onError: (error: unknown) => void): SteppedClock {
  const clock = virtualClock(startMs);
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(move: () => Promise<T>): Promise<T> => {
    const moved = last.then(move);
    last = moved.catch(() => undefined);
    return moved;
  };
  const advanceTo = (untilMs: number) => clock.runUntil(untilMs).catch(onError);

  return {
    ...clock,
    command: (work) =>
      inTurn(async () => {
        const answer = await clock.runFor(work());
        await advanceTo(clock.nowMs());
        return answer;
      }),
    advanceTo: (untilMs) => inTurn(() => advanceTo(untilMs)),
  };
}
