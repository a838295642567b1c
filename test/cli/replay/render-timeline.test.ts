import { describe, expect, it } from 'vitest';
import { plain } from '../../../cli/paint.ts';
import { renderSummary } from '../../../cli/replay/render-summary.ts';
import { renderTimeline } from '../../../cli/replay/render-timeline.ts';
import type { Life } from '../../../cli/replay/replay-event.ts';
import {
  minutesIn,
  OPENED_AT,
  resolved,
  sampleAlert,
  sampleEntry,
  team,
} from '../../support/sample-alert.ts';

const alarm = {
  at: OPENED_AT,
  state: 'ALARM',
  summary: '3 of the last 5 rows breach',
  reason: 'Threshold Crossed: 3 of 5',
} as const;
const ok = { ...alarm, at: minutesIn(40), state: 'OK', summary: '2 of the last 5 rows breach' } as const;

function page(minutes: number, level: number, responder: string, channel: 'sms' | 'email') {
  return sampleEntry(minutes, 'page.sent', { level, responder, channel });
}

const answered: Life = {
  alert: sampleAlert({ ...resolved('alarm', 45) }),
  timeline: [
    sampleEntry(0, 'alert.opened', { reason: 'Threshold Crossed: 3 of 5', by: 'alarm' }),
    page(0, 1, 'ana', 'sms'),
    page(0, 1, 'ana', 'email'),
    sampleEntry(15, 'alert.escalated', { level: 2, by: 'clock' }),
    page(15, 2, 'ben', 'sms'),
    page(15, 2, 'ben', 'email'),
    page(15, 2, 'cleo', 'email'),
    sampleEntry(20, 'alert.acknowledged', { by: 'ana' }),
    sampleEntry(40, 'alert.held', { reason: 'recovering', until: minutesIn(45) }),
    sampleEntry(45, 'alert.resolved', { by: 'alarm', reason: 'the alarm is OK again' }),
    sampleEntry(45.5, 'notice.sent', { level: 1, responder: 'ana', channel: 'email' }),
  ],
};

const unanswered: Life = {
  alert: sampleAlert({ openedAt: OPENED_AT }),
  timeline: Array.from({ length: 24 }, (_, i) => page(i * 30, 2, 'ben', 'sms')),
};

describe('renderTimeline', () => {
  it('tells an answered alert, one line per fact, one for the pages of one moment', () => {
    expect(renderTimeline([alarm, ok], [answered], minutesIn(60), team, plain)).toEqual([
      'Alert 1 of 1: opened 24 Nov 2026 14:05Z, resolved after 45 min',
      '  Tue 24 Nov 2026',
      '    14:05     ALARM: 3 of the last 5 rows breach',
      '    14:05     Alert opened',
      '    14:05     Paged level 1: Ana (SMS, email)',
      '    14:20     Escalated to level 2',
      '    14:20     Paged level 2: Ben (SMS, email) and Cleo (email)',
      '    14:25     Ana acknowledged',
      '    14:45     OK: 2 of the last 5 rows breach',
      '    14:45     Paging is on hold until 14:50Z: the alarm says OK, and may yet fire again',
      '    14:50     Resolved: the alarm is OK again',
      '    14:50:30  Told that it is resolved: Ana (email)',
      '',
    ]);
  });

  it('folds 23 repeats every 30 minutes, and starts a new day', () => {
    const timeline = [...unanswered.timeline, page(24 * 60, 2, 'ben', 'sms')];
    expect(renderTimeline([alarm], [{ ...unanswered, timeline }], minutesIn(1500), team, plain)).toEqual([
      'Alert 1 of 1: opened 24 Nov 2026 14:05Z, still triggered at the end, 1 d 1 h later',
      '  Tue 24 Nov 2026',
      '    14:05  ALARM: 3 of the last 5 rows breach',
      '    14:05  Paged level 2: Ben (SMS)',
      '    14:35  … 23 more, the same every 30 min until 25 Nov 2026 01:35Z',
      '  Wed 25 Nov 2026',
      '    14:05  Paged level 2: Ben (SMS)',
      '',
    ]);
  });

  it('shows 2 repeats as they are', () => {
    const timeline = unanswered.timeline.slice(0, 3);
    const lines = renderTimeline([], [{ ...unanswered, timeline }], minutesIn(61), team, plain);
    expect(lines.filter((line) => line.includes('Paged level 2: Ben (SMS)'))).toHaveLength(3);
  });

  it('shows the alarm although no alert opened', () => {
    expect(renderTimeline([alarm], [], minutesIn(60), team, plain)).toEqual([
      '  Tue 24 Nov 2026',
      '    14:05  ALARM: 3 of the last 5 rows breach',
    ]);
  });
});

describe('renderSummary', () => {
  it('counts pages by level and channel, and each person once per moment', () => {
    expect(renderSummary([answered], team, plain)).toEqual([
      '1 alert, 5 pages, 0 reminders, 1 resolved notice',
      '',
      '  pages     SMS   email',
      '  level 1     1       1',
      '  level 2     1       2',
      '',
      '  who    woken   at night (22–06 UTC)',
      '  Ana        1                      0',
      '  Ben        1                      0',
      '  Cleo       1                      0',
    ]);
  });

  it('counts 22:05 to 01:35 as night: 8 of 24 calls', () => {
    expect(renderSummary([unanswered], team, plain).at(-1)).toMatch(/^ {2}Ben +24 +8$/);
  });

  it('says that nobody is paged', () => {
    expect(renderSummary([], team, plain)).toEqual(['No alert: nobody is paged.']);
  });
});
