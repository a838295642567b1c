import { describe, expect, it } from 'vitest';
import { defineOperations } from '../../../functions/operations/define-operations.ts';
import type { Story } from '../../support/story.ts';
import { fourLevels } from '../../support/teams.ts';
import { aRun, minute } from './build-run.ts';
import { checkRun } from './index.ts';

const silence = (from: number, until: number) => ({
  ...fourLevels,
  windows: [
    {
      kind: 'once' as const,
      id: 'works',
      hold: 'maintenance' as const,
      match: {},
      reason: 'works',
      from: minute(from),
      until: minute(until),
    },
  ],
});

const STORIES: Record<string, (story: Story) => void> = {
  'nobody answers for eight hours': (story) => void story.signal(0, 'alarm'),
  'acknowledged at 4, resolved by hand at 20': (story) => {
    story.signal(0, 'alarm');
    story.answer(4, 'acknowledge', 'ana');
    story.answer(20, 'resolve', 'ana');
  },
  'acknowledged at the very moment of level 2': (story) => {
    story.signal(0, 'alarm');
    story.answer(15, 'acknowledge', 'ana');
  },
  'acknowledged at 4 and forgotten': (story) => {
    story.signal(0, 'alarm');
    story.answer(4, 'acknowledge', 'ana');
  },
  'acknowledged at the command line and forgotten': (story) => {
    story.signal(0, 'alarm');
    story.answer(16, 'acknowledge', 'cli:eve');
  },
  'flaps, and reaches level 2': (story) => {
    story.signal(0, 'alarm');
    for (const at of [6, 12, 18]) {
      story.signal(at, 'ok');
      story.signal(at + 3, 'alarm');
    }
  },
  'recovers, and opens again': (story) => {
    story.signal(0, 'alarm');
    story.signal(10, 'ok');
    story.signal(30, 'alarm');
    story.answer(33, 'acknowledge', 'ana');
    story.signal(40, 'ok');
  },
  'snoozed at 5 for half an hour': (story) => {
    story.signal(0, 'alarm');
    story.answer(5, 'snooze', 'ana', { until: minute(35) });
  },
  'escalated by hand at 5, and by the clock from there': (story) => {
    story.signal(0, 'alarm');
    story.answer(5, 'escalate', 'ana');
  },
  'a warning that becomes critical': (story) => {
    story.signal(0, 'alarm', { severity: 'warning' });
    story.signal(40, 'alarm');
  },
  'a warning that nobody answers': (story) => void story.signal(0, 'alarm', { severity: 'warning' }),
  'info, of which nobody is paged': (story) => void story.signal(0, 'alarm', { severity: 'info' }),
  'a window that begins at 10 and ends at 40': (story) => {
    story.signal(0, 'alarm');
    story.review(2, silence(10, 40));
  },
  'opened within a window': (story) => {
    story.signal(0, 'ok');
    story.signal(5, 'alarm', { suppressed: 'by a mute rule' });
    story.signal(25, 'alarm');
  },
  'of level 2 a phone is gone': (story) => {
    story.signal(0, 'alarm');
    story.runTo(16);
    story.undelivered(17, '3');
  },
};

describe('checkRun', () => {
  it.each(Object.entries(STORIES))('finds nothing where all went well: %s', (_name, happens) => {
    expect(checkRun(aRun(happens))).toEqual([]);
  });

  it('finds nothing where nobody can be reached and the watchers are told', () => {
    const operations = defineOperations({ responders: { ana: { name: 'Ana', email: 'ana@example.com' } } });
    const away = {
      ...operations,
      responders: { ana: { ...operations.responders.ana!, unreachable: { email: 'it is not confirmed' } } },
    };
    const run = aRun((story) => void story.signal(0, 'alarm'), { operations: away });
    const situation = {
      pk: 'situation',
      sk: 'current',
      unreachable: [{ responder: 'ana', channel: 'email' }],
    };
    const marked = { at: minute(-60), n: 0, function: 'tocsin-audit', pk: 'situation', sk: 'current' };
    expect(run.publishes.map(({ responder }) => responder)).toContain('watchers');
    expect(
      checkRun({ ...run, writes: [{ ...marked, before: undefined, after: situation }, ...run.writes] }),
    ).toEqual([]);
  });
});
