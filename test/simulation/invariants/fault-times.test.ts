import { describe, expect, it } from 'vitest';
import type { Hit, Run } from '../run.ts';
import { aRun, hitAt, MINUTE_MS, minute } from './build-run.ts';
import { deadlineOf, heardBy, isCalm } from './fault-times.ts';

const calm = aRun((story) => void story.signal(0, 'alarm'), { endMinute: 1 });

const runWith = (...hits: Hit[]): Run => ({ ...calm, hits });
/** Minutes after minute 30 by which what was owed then had to happen. */
const minutesLeft = (run: Run) => (deadlineOf(run, minute(30)) - minute(30)) / MINUTE_MS;

const planned = { at: 0, count: 1, forMs: MINUTE_MS };

/** Of the due queue, so much later. */
function messageAt(at: number, laterMs: number[], queue: 'due' | 'intake' = 'due'): Hit {
  return { at: minute(at), fault: { kind: 'message', queue, laterMs, ...planned } };
}

function scheduleAt(at: number, laterMs: number[], schedule = 'tocsin-tick'): Hit {
  return { at: minute(at), fault: { kind: 'schedule', schedule, laterMs, ...planned } };
}

describe('deadlineOf', () => {
  it('is 5 s where no fault was near', () => {
    expect(minutesLeft(calm) * 60).toBeCloseTo(5);
    expect(minutesLeft(runWith(hitAt(26, 'fail-before'))) * 60).toBeCloseTo(5);
    expect(minutesLeft(runWith(hitAt(31, 'fail-before'))) * 60).toBeCloseTo(5);
  });

  it('is 3 min from a fault, whatever it was', () => {
    const sqs = { service: 'sqs', action: 'SendMessage' };
    expect(minutesLeft(runWith(hitAt(30, 'fail-before')))).toBe(3);
    expect(minutesLeft(runWith(hitAt(28, 'fail-before')))).toBe(1);
    expect(minutesLeft(runWith(hitAt(30, 'crash-after')))).toBe(3);
    expect(minutesLeft(runWith(hitAt(30, 'fail-before', sqs)))).toBe(3);
    expect(minutesLeft(runWith(hitAt(30, 'time-out')))).toBe(3);
    expect(minutesLeft(runWith(scheduleAt(30, [])))).toBe(3);
    expect(minutesLeft(runWith(messageAt(30, [240_000])))).toBe(3);
  });

  it('goes on while faults follow each other', () => {
    const faults = [30, 32, 34].map((at) => hitAt(at, 'fail-before'));
    expect(minutesLeft(runWith(...faults))).toBe(7);
    expect(minutesLeft(runWith(hitAt(30, 'fail-before'), hitAt(34, 'fail-before')))).toBe(3);
  });

  it('is not moved by what comes twice, by a signal that is late, or by a schedule that hands nothing over', () => {
    const twice = [messageAt(30, [0, 120_000]), scheduleAt(30, [0, 0])];
    const beside = [messageAt(30, [120_000], 'intake'), scheduleAt(30, [], 'audit-all')];
    for (const hit of [...twice, ...beside]) expect(minutesLeft(runWith(hit)) * 60).toBeCloseTo(5);
  });

  it('is not moved by what an audit met', () => {
    expect(minutesLeft(runWith(hitAt(30, 'crash-before', { function: 'tocsin-audit' }))) * 60).toBeCloseTo(5);
  });
});

describe('heardBy', () => {
  it('waits for a message of the intake queue that is late, not for what came before or comes twice', () => {
    const minutes = (hit: Hit) => (heardBy(runWith(hit), minute(30)) - minute(30)) / MINUTE_MS;
    expect(minutes(messageAt(30, [120_000], 'intake'))).toBeCloseTo(2 + 5 / 60);
    expect(minutes(messageAt(30, [0, 120_000], 'intake')) * 60).toBeCloseTo(5);
    expect(minutes(messageAt(29, [120_000], 'intake')) * 60).toBeCloseTo(5);
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
