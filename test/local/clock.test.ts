import { describe, expect, it } from 'vitest';
import { pacedClock } from '../../local/paced-clock.ts';
import { realClock } from '../../local/real-clock.ts';
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
