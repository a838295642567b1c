import { describe, expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { aRun, hitAt, minute, NAME, withAlerts } from './build-run.ts';
import { noSignalIsLost } from './no-signal-is-lost.ts';

const recovered = aRun((story) => {
  story.signal(0, 'alarm');
  story.signal(10, 'ok');
  story.signal(30, 'alarm');
  story.signal(40, 'ok');
});

const found = (run: Run) => noSignalIsLost(run).map(({ what }) => what);

describe('noSignalIsLost', () => {
  it('holds where each signal is in its alert', () => {
    expect(found(recovered)).toEqual([]);
  });

  it('finds an ALARM of which no alert knows', () => {
    const lost = { at: minute(60), name: NAME, state: 'alarm' as const, saidAt: minute(60) };
    const all = found({ ...recovered, signals: [...recovered.signals, lost] }).join('\n');
    expect(all).toContain('cpu said alarm at 2026-03-02T04:00:00Z');
    expect(all).toContain('and knew never');
    expect(all).toContain(
      'at the end its alert is cpu (alert-1, opened 2026-03-02T03:30:00Z), resolved, not open',
    );
  });

  it('finds one that was taken late, unless a fault was near', () => {
    const early = recovered.signals.map((signal) =>
      signal.saidAt === minute(30) ? { ...signal, at: minute(27) } : signal,
    );
    expect(found({ ...recovered, signals: early })[0]).toContain(
      'its alert had to know by 2026-03-02T03:27:05Z',
    );
    const excused = { ...recovered, signals: early, hits: [hitAt(27, 'fail-before')] };
    expect(found(excused)).toEqual([]);
  });

  it('finds a trigger that is counted twice, and one that nobody said', () => {
    const [first, ...others] = recovered.signals;
    expect(found({ ...recovered, signals: others })[0]).toContain('which nobody said');
    const twice = withAlerts(recovered, (alert, { at }) => ({
      ...alert,
      triggers: alert.triggers + (at >= minute(10) && alert.openedAt === minute(0) ? 1 : 0),
      lastSignalAt: alert.openedAt === minute(0) && at <= minute(15) ? first!.saidAt : alert.lastSignalAt,
    }));
    expect(found(twice).join('\n')).toContain('for the second time');
  });

  it('finds an alert that is open although its alarm is OK', () => {
    const open = aRun((story) => void story.signal(0, 'alarm'));
    const ok = { at: minute(20), name: NAME, state: 'ok' as const, saidAt: minute(20) };
    expect(found({ ...open, signals: [...open.signals, ok] }).join('\n')).toContain('not resolved');
  });

  it('wants what nobody can read kept with its reason, and nothing else', () => {
    const body = '{nonsense';
    const malformed = { at: minute(5), name: 'nobody', state: 'malformed' as const, saidAt: minute(5), body };
    const run = { ...recovered, signals: [...recovered.signals, malformed] };
    expect(found(run)[0]).toContain('is not kept as a dead letter');
    const letter = { queue: 'intake', body, reason: 'no JSON' };
    expect(found({ ...run, deadLetters: [letter] })).toEqual([]);
    expect(found({ ...recovered, deadLetters: [letter] })[0]).toContain('was put aside');
  });

  it('finds a message that nobody has taken', () => {
    expect(found({ ...recovered, queued: [{ queue: 'intake', body: 'x' }] })[0]).toContain(
      'is left in the intake',
    );
    const due = (at: number) => ({ queue: 'due', body: JSON.stringify({ pk: 'p', sk: 's', dueAt: at }) });
    expect(found({ ...recovered, queued: [due(recovered.endMs + 1)] })).toEqual([]);
    expect(found({ ...recovered, queued: [due(minute(60))] })).toHaveLength(1);
  });
});
