import { describe, expect, it } from 'vitest';
import type { Run, SentSignal } from '../run.ts';
import { aRun, minute, NAME } from './build-run.ts';
import { theNewestSignalDecides } from './the-newest-signal-decides.ts';

const flapped = aRun((story) => {
  story.signal(0, 'alarm');
  story.signal(10, 'ok');
  story.signal(14, 'alarm');
  story.signal(20, 'ok');
});

const found = (run: Run) => theNewestSignalDecides(run).map(({ what }) => what);

/** As if what the alert heard at that minute had been something else. */
function saying(minutes: number, state: SentSignal['state']): Run {
  return {
    ...flapped,
    signals: flapped.signals.map((signal) =>
      signal.saidAt === minute(minutes) ? { ...signal, name: NAME, state } : signal,
    ),
  };
}

describe('theNewestSignalDecides', () => {
  it('holds for an alarm that flaps and recovers', () => {
    expect(found(flapped)).toEqual([]);
  });

  it('finds an alert that recovers although ALARM is the newest that it knows', () => {
    expect(found(saying(10, 'alarm'))[0]).toContain('it began to recover');
  });

  it('finds an alert that stays open although OK is', () => {
    expect(found(saying(14, 'ok'))[0]).toContain('it is open and does not recover');
  });

  it('finds an alert that is open although its alarm was deleted', () => {
    expect(found(saying(14, 'deleted'))[0]).toContain('it is open');
  });

  it('finds an alert that believes INSUFFICIENT_DATA', () => {
    expect(found(saying(20, 'insufficient-data'))[0]).toContain('it believed that');
  });

  it('finds an alert that resolves a minute before its quiet time is over', () => {
    const writes = flapped.writes.map((write) =>
      write.at === minute(25) ? { ...write, at: minute(24) } : write,
    );
    expect(found({ ...flapped, writes })[0]).toContain('its quiet time ended at 2026-03-02T03:25:00Z');
  });

  it('finds an ALARM within the quiet time that opens another alert', () => {
    const other = aRun((story) => {
      story.signal(0, 'alarm');
      story.signal(10, 'ok');
      story.signal(30, 'alarm');
    });
    const early = other.writes
      .filter(({ at }) => at !== minute(15))
      .map((write) => (write.at === minute(30) ? { ...write, at: minute(14) } : write));
    expect(found({ ...other, writes: early })[0]).toContain('opened another instead of continuing it');
  });
});
