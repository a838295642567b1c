import { describe, expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { aRun, minute, withAlerts } from './build-run.ts';
import { itemTimelineAndListsAgree } from './item-timeline-and-lists-agree.ts';

const twice = aRun((story) => {
  story.signal(0, 'alarm');
  story.signal(10, 'ok');
  story.signal(30, 'alarm');
  story.answer(33, 'acknowledge', 'ana');
});

const found = (run: Run) => itemTimelineAndListsAgree(run).map(({ what }) => what);

function changeLife(
  run: Run,
  index: number,
  changed: (life: Run['lives'][number]) => Run['lives'][number],
): Run {
  return { ...run, lives: run.lives.map((life, i) => (i === index ? changed(life) : life)) };
}

describe('itemTimelineAndListsAgree', () => {
  it('holds for an alert that ended and opened again', () => {
    expect(found(twice)).toEqual([]);
  });

  it('finds an entry of the timeline that is gone', () => {
    const run = changeLife(twice, 0, (life) => ({ ...life, timeline: life.timeline.slice(1) }));
    expect(found(run)[0]).toContain(
      'wrote down alert.opened of 2026-03-02T03:00:00Z (version 1.0); it is gone',
    );
  });

  it('finds an item whose status its timeline does not tell', () => {
    const run = changeLife(twice, 1, (life) => ({
      ...life,
      alert: { ...life.alert, status: 'acknowledged' },
    }));
    expect(found(run)).toContainEqual(expect.stringMatching(/ends as .*, its item is acknowledged/));
  });

  it('finds a hold of which the timeline does not tell', () => {
    const recovering = { since: minute(40), until: minute(45) };
    const run = changeLife(twice, 1, (life) => ({
      ...life,
      alert: { ...life.alert, holds: { recovering } },
    }));
    expect(found(run)[0]).toContain('is held by nothing, by its item by recovering');
  });

  it('finds a version that is left out, and one that is written twice', () => {
    const changed = (by: number) =>
      withAlerts(twice, (alert, { at }) => ({
        ...alert,
        version: alert.version + (at >= minute(33) ? by : 0),
      }));
    expect(found(changed(1))).toContainEqual(expect.stringContaining('a write that another was lost to'));
    expect(found(changed(-1))).toContainEqual(expect.stringContaining('a write that another was lost to'));
  });

  it('finds a transition that the design does not have', () => {
    const run = withAlerts(twice, (alert, { at }) =>
      at > minute(15) && at < minute(30) ? { ...alert, status: 'triggered' } : alert,
    );
    const writes = [
      ...twice.writes,
      {
        ...twice.writes[0]!,
        at: minute(16),
        before: { ...twice.writes[0]!.after!, status: 'resolved' },
        after: { ...twice.writes[0]!.after!, status: 'triggered' },
      },
    ];
    expect(found({ ...run, writes }).join('\n')).toContain('went from resolved to triggered');
  });

  it('finds a life that ended without a copy, and a copy that differs', () => {
    const items = twice.items.filter(({ sk }) => sk === 'current');
    expect(found({ ...twice, items }).join('\n')).toContain('no copy of the life stands in the table');
    const different = twice.items.map((row) => (row.sk === 'current' ? row : { ...row, triggers: 7 }));
    expect(found({ ...twice, items: different })[0]).toContain('differs from its item in triggers');
  });

  it('finds lists that leave something out, or have something twice', () => {
    const { open, ended } = twice.lists;
    expect(found({ ...twice, lists: { open: [], ended } })[0]).toContain('leaves out alert-1');
    expect(found({ ...twice, lists: { open: [...open, ...open], ended } })[0]).toContain('has twice alert-1');
    expect(found({ ...twice, lists: { open, ended: [] } })[0]).toContain('list of ended lives leaves out');
  });
});
