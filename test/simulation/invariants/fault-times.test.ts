import { describe, expect, it } from 'vitest';
import type { Hit, Run } from '../run.ts';
import type { PlannedFault } from '../story.ts';
import { aRun, hitAt, MINUTE_MS, minute } from './build-run.ts';
import { deadlineOf, isCalm } from './fault-times.ts';

const calm = aRun((story) => void story.signal(0, 'alarm'), { endMinute: 1 });

const runWith = (...hits: Hit[]): Run => ({ ...calm, hits });
/** Minutes after minute 30 by which what was owed then had to happen. */
const minutesLeft = (run: Run) => (deadlineOf(run, minute(30)) - minute(30)) / MINUTE_MS;

function of(kind: 'message' | 'schedule', laterMs: number[]): Hit {
  const planned = { at: 0, laterMs, count: 1, forMs: MINUTE_MS };
  const fault: PlannedFault =
    kind === 'message' ? { kind, queue: 'due', ...planned } : { kind, schedule: 'tocsin-tick', ...planned };
  return { at: minute(30), fault };
}

describe('deadlineOf', () => {
  it('is 5 s where no fault was near', () => {
    expect(minutesLeft(calm) * 60).toBeCloseTo(5);
    expect(minutesLeft(runWith(hitAt(26, 'fail-before'))) * 60).toBeCloseTo(5);
    expect(minutesLeft(runWith(hitAt(31, 'fail-before'))) * 60).toBeCloseTo(5);
  });

  it('is 3 min from the end of a fault: of a failed call at once, of a crash when its messages are visible again', () => {
    expect(minutesLeft(runWith(hitAt(30, 'fail-before')))).toBe(3);
    expect(minutesLeft(runWith(hitAt(28, 'fail-before')))).toBe(1);
    expect(minutesLeft(runWith(hitAt(30, 'crash-after')))).toBe(4);
    expect(minutesLeft(runWith(hitAt(30, 'fail-before', { service: 'sqs', action: 'SendMessage' })))).toBe(4);
  });

  it('goes on while faults follow each other', () => {
    const faults = [30, 32, 34].map((at) => hitAt(at, 'fail-before'));
    expect(minutesLeft(runWith(...faults))).toBe(7);
    expect(minutesLeft(runWith(hitAt(30, 'fail-before'), hitAt(34, 'fail-before')))).toBe(3);
  });

  it('waits for a message that is late, and not for one that comes twice', () => {
    expect(minutesLeft(runWith(of('message', [120_000])))).toBe(5);
    expect(minutesLeft(runWith(of('message', [0, 120_000]))) * 60).toBeCloseTo(5);
    expect(minutesLeft(runWith(of('schedule', [])))).toBe(4);
    expect(minutesLeft(runWith(of('schedule', [0, 0]))) * 60).toBeCloseTo(5);
  });

  it('is not moved by what an audit met', () => {
    expect(minutesLeft(runWith(hitAt(30, 'crash-before', { function: 'tocsin-audit' }))) * 60).toBeCloseTo(5);
  });
});

describe('isCalm', () => {
  it('is false within three minutes of a fault', () => {
    const run = runWith(hitAt(30, 'fail-before'));
    expect([29, 30, 33, 33.1].map((at) => isCalm(run, minute(at), minute(at)))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
