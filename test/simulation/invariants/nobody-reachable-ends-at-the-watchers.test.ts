import { describe, expect, it } from 'vitest';
import { defineOperations } from '../../../functions/operations/define-operations.ts';
import type { Run } from '../run.ts';
import { aRun, minute } from './build-run.ts';
import { nobodyReachableEndsAtTheWatchers } from './nobody-reachable-ends-at-the-watchers.ts';

const procedures = defineOperations({ responders: { ana: { name: 'Ana', email: 'ana@example.com' } } });
const away = {
  ...procedures,
  responders: { ana: { ...procedures.responders.ana!, unreachable: { email: 'it is not confirmed' } } },
};

/** Ana's email, the only contact of the team, is marked as unreachable from before the alert. */
const alone = marked(aRun((story) => void story.signal(0, 'alarm'), { operations: away }));

function marked(run: Run): Run {
  const mark = { pk: 'situation', sk: 'current', unreachable: [{ responder: 'ana', channel: 'email' }] };
  const write = { at: minute(-60), n: 0, function: 'tocsin-audit', pk: mark.pk, sk: mark.sk };
  return { ...run, writes: [{ ...write, before: undefined, after: mark }, ...run.writes] };
}

const found = (run: Run) => nobodyReachableEndsAtTheWatchers(run).map(({ what }) => what);

describe('nobodyReachableEndsAtTheWatchers', () => {
  it('holds where the watchers are told at each moment', () => {
    expect(alone.publishes.length).toBeGreaterThan(4);
    expect(found(alone)).toEqual([]);
  });

  it('finds the one moment at which they were not', () => {
    const publishes = alone.publishes.filter(({ at }) => at !== minute(30));
    const [only, ...others] = found({ ...alone, publishes });
    expect(others).toEqual([]);
    expect(only).toContain('to watchers by topic at 2026-03-02T03:30:00Z');
  });

  it('finds a page that is undeliverable and that nobody else had instead', () => {
    const run = aRun(
      (story) => {
        story.signal(0, 'alarm', { severity: 'warning' });
        story.runTo(1);
        story.undelivered(2, '1');
      },
      { endMinute: 20 },
    );
    expect(run.publishes.filter(({ at }) => at === minute(2))).toHaveLength(1);
    expect(found(run)).toEqual([]);
    const silent = { ...run, publishes: run.publishes.filter(({ at }) => at < minute(2)) };
    expect(found(silent)[0]).toContain('nobody else was told of the alert');
  });
});
