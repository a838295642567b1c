import { describe, expect, it } from 'vitest';
import { pacedClock } from '../../local/paced-clock.ts';
import { realClock } from '../../local/real-clock.ts';
import { steppedClock } from '../../local/stepped-clock.ts';
import { virtualClock } from '../../local/virtual-clock.ts';

const START_MS = Date.UTC(2026, 0, 5, 3);

describe('virtualClock', () => {
  it('runs what arrives at an instant before what is due at it, and a schedule after both', async () => {
    const clock = virtualClock(START_MS);
    const seen: string[] = [];
    clock.at(START_MS + 900_000, 'schedule', () => void seen.push('tick'));
    clock.at(START_MS + 900_000, 'due', () => void seen.push('level 2 is due'));
    clock.at(START_MS + 900_000, 'arrival', () => void seen.push('acknowledged'));
    await clock.runUntil(START_MS + 900_000);
    expect(seen).toEqual(['acknowledged', 'level 2 is due', 'tick']);
  });

  it('runs 1,000 tasks planned in any order by their time, and those of one time in turn', async () => {
    const clock = virtualClock(START_MS);
    const seen: [number, number][] = [];
    for (let n = 0; n < 1_000; n += 1) {
      const atMs = START_MS + ((n * 7_919) % 100);
      clock.at(atMs, 'due', () => void seen.push([clock.nowMs(), n]));
    }
    await clock.runUntil(START_MS + 100);
    expect(seen).toHaveLength(1_000);
    expect(seen).toEqual([...seen].sort(([at, n], [otherAt, other]) => at - otherAt || n - other));
  });

  it('follows the consequences of one task to their end before the next, though both are of one instant', async () => {
    const clock = virtualClock(START_MS);
    const seen: string[] = [];
    clock.at(START_MS, 'arrival', async () => {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      seen.push('first ended');
    });
    clock.at(START_MS, 'arrival', () => void seen.push('second'));
    await clock.runUntil(START_MS);
    expect(seen).toEqual(['first ended', 'second']);
  });

  it('wakes a sleeper at its moment and goes on in between', async () => {
    const clock = virtualClock(START_MS);
    const seen: string[] = [];
    const tell = (what: string) => seen.push(`${clock.nowMs() - START_MS} ${what}`);
    clock.at(START_MS, 'arrival', async () => {
      tell('sleeps');
      await new Promise<void>((wake) => clock.at(START_MS + 1_500, 'due', wake));
      tell('woke');
    });
    clock.at(START_MS + 1_000, 'due', () => void tell('something else'));
    await clock.runUntil(START_MS + 60_000);
    expect(seen).toEqual(['0 sleeps', '1000 something else', '1500 woke']);
    expect(clock.nowMs()).toBe(START_MS + 60_000);
  });

  it('leaves out what was cancelled, and stops with what a task threw', async () => {
    const clock = virtualClock(START_MS);
    const seen: string[] = [];
    const cancel = clock.at(START_MS + 1, 'due', () => void seen.push('cancelled'));
    cancel();
    clock.at(START_MS + 2, 'due', async () => {
      throw new Error('broken at 2');
    });
    await expect(clock.runUntil(START_MS + 10)).rejects.toThrow('broken at 2');
    expect(seen).toEqual([]);
  });

  it('moves as far as a piece of work needs, and says so when nothing can end it', async () => {
    const clock = virtualClock(START_MS);
    const work = new Promise<string>((done) => clock.at(START_MS + 5_000, 'due', () => done('ended')));
    expect(await clock.runFor(work)).toBe('ended');
    expect(clock.nowMs()).toBe(START_MS + 5_000);
    await expect(clock.runFor(new Promise(() => undefined))).rejects.toThrow('nothing is left to wait for');
  });
});

describe('realClock', () => {
  it('shows 50 ms more when a task that was 50 ms away runs', async () => {
    const clock = realClock(START_MS, (error) => expect.fail(String(error)));
    const firedMs = await new Promise<number>((fired) => {
      clock.at(START_MS + 50, 'due', () => fired(clock.nowMs()));
    });
    expect(firedMs).toBeGreaterThanOrEqual(START_MS + 50);
    clock.stop();
  });
});

describe('pacedClock', () => {
  it('runs a task that is 30 s away at its moment, long before 30 s are over', async () => {
    const clock = pacedClock(START_MS, 600, (error) => expect.fail(String(error)));
    const before = performance.now();
    const firedMs = await new Promise<number>((fired) => {
      clock.at(START_MS + 30_000, 'due', () => fired(clock.nowMs()));
    });
    expect(firedMs).toBe(START_MS + 30_000);
    expect(performance.now() - before).toBeLessThan(15_000);
    clock.stop();
  });

  it('stands still for as long as work is held, however long that takes', async () => {
    const clock = pacedClock(START_MS, 3_600, (error) => expect.fail(String(error)));
    const times = await new Promise<[number, number]>((ended) => {
      clock.at(START_MS + 60_000, 'due', async () => {
        const before = clock.nowMs();
        await clock.hold(new Promise((done) => setTimeout(done, 100)));
        ended([before, clock.nowMs()]);
      });
    });
    expect(times).toEqual([START_MS + 60_000, START_MS + 60_000]);
    clock.stop();
  });
});

describe('steppedClock', () => {
  const failing = (error: unknown) => expect.fail(String(error));
  const later = (ms: number) => (nowMs: number) => nowMs + ms;

  it('stands still between two moves, and shows everything up to the end of each', async () => {
    const clock = steppedClock(START_MS, failing);
    const seen: number[] = [];
    for (const ms of [0, 60_000, 60_001]) clock.at(START_MS + ms, 'due', () => void seen.push(ms));
    await clock.advance(later(60_000));
    expect(seen).toEqual([0, 60_000]);
    await new Promise((rested) => setTimeout(rested, 20));
    expect(clock.nowMs()).toBe(START_MS + 60_000);
    await clock.advance(later(1));
    expect(seen).toEqual([0, 60_000, 60_001]);
  });

  it('answers a command when all has happened that happens at once because of it, and nothing later', async () => {
    const clock = steppedClock(START_MS, failing);
    const seen: string[] = [];
    const answer = await clock.command(async () => {
      clock.at(START_MS, 'arrival', () => void seen.push('taken from the queue'));
      clock.at(START_MS + 1, 'due', () => void seen.push('later'));
      return 'accepted';
    });
    expect([answer, seen, clock.nowMs()]).toEqual(['accepted', ['taken from the queue'], START_MS]);
  });

  it('moves as far as a command needs to end', async () => {
    const clock = steppedClock(START_MS, failing);
    await clock.command(() => new Promise<void>((wake) => clock.at(START_MS + 100, 'due', wake)));
    expect(clock.nowMs()).toBe(START_MS + 100);
  });

  it('takes commands and moves in turn, each move from where the one before ended', async () => {
    const clock = steppedClock(START_MS, failing);
    const times = await Promise.all([
      clock.advance(later(60_000)).then(clock.nowMs),
      clock.command(async () => clock.nowMs()),
      clock.advance(later(60_000)).then(clock.nowMs),
    ]);
    expect(times).toEqual([60_000, 60_000, 120_000].map((ms) => START_MS + ms));
  });

  it('tells what it shows before whoever moved it is answered', async () => {
    const shown: number[] = [];
    const clock = steppedClock(START_MS, failing, (nowMs) => shown.push(nowMs - START_MS));
    await clock.advance(later(60_000));
    expect(shown).toEqual([60_000]);
    await clock.command(async () => 1);
    expect(shown).toEqual([60_000, 60_000]);
  });

  it('fails for who moved it when a task fails, and goes on after that', async () => {
    const told: string[] = [];
    const clock = steppedClock(START_MS, (error) => told.push(String(error)));
    clock.at(START_MS + 1, 'due', () => Promise.reject(new Error('broken at 1')));
    await expect(clock.advance(later(10))).rejects.toThrow('broken at 1');
    expect(told).toEqual(['Error: broken at 1']);
    await clock.advance(later(10));
    expect(clock.nowMs()).toBe(START_MS + 11);
  });

  it('stops in the middle of a move, after the task that runs', async () => {
    const clock = steppedClock(START_MS, failing);
    const seen: number[] = [];
    clock.at(START_MS + 1, 'due', () => {
      seen.push(1);
      clock.stop();
    });
    clock.at(START_MS + 2, 'due', () => void seen.push(2));
    await clock.advance(later(10));
    expect([seen, clock.nowMs()]).toEqual([[1], START_MS + 1]);
  });
});
