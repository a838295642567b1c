/** The clock of a world on this laptop: as fast as the wall's, some times faster, or moved by commands. */
import type { WorldTime } from './console/world-control.ts';
import { pacedClock } from './paced-clock.ts';
import { type RealClock, realClock } from './real-clock.ts';
import { steppedClock } from './stepped-clock.ts';

export type LaptopClock = RealClock & {
  time: WorldTime;
  /** how time passes, as an end of a sentence */
  pace: string;
  /** Does what somebody outside asks for. */
  outside<T>(work: () => Promise<T>): Promise<T>;
  /** until when a stepped clock is being moved; otherwise now */
  horizonMs(): number;
};

export type ClockChoice = {
  /** it stands still between commands */
  stepped?: boolean | undefined;
  /** how many times as fast as the wall's */
  speed: number;
};

/**
 * @param startMs  what it shows now
 * @param onError  told what a task threw
 * @param onStill  told what a stepped clock shows whenever it stands again
 */
export function openLaptopClock(
  { stepped, speed }: ClockChoice,
  startMs: number,
  onError: (error: unknown) => void,
  onStill: (nowMs: number) => void,
): LaptopClock {
  if (stepped) {
    const clock = steppedClock(startMs, onError, onStill);
    return {
      ...clock,
      time: { clock: 'stepped', speed: 0, advance: clock.advance },
      pace: 'and time stands still until it is moved',
      outside: clock.command,
    };
  }
  const isReal = speed === 1;
  const clock = isReal ? realClock(startMs, onError) : pacedClock(startMs, speed, onError);
  return {
    ...clock,
    horizonMs: clock.nowMs,
    time: { clock: 'real', speed },
    pace: isReal ? 'in real time' : `${speed} times as fast as the clock on the wall`,
    outside: (work) => work(),
  };
}
