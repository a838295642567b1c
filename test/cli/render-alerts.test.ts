import { describe, expect, it } from 'vitest';
import { paintFor, plain } from '../../cli/paint.ts';
import { idChars, renderAlert, renderList } from '../../cli/render-alerts.ts';
import type { Alert } from '../../functions/alerts/alert.ts';
import {
  acknowledged,
  minutesIn,
  resolved,
  sampleAlert,
  sampleEntry,
  team,
} from '../support/sample-alert.ts';

const open = sampleAlert();
const other = sampleAlert({
  ...resolved('ben', -30),
  id: 'Vg3b2kzzzzzzzzzz',
  openedAt: minutesIn(-60),
  service: undefined,
  paged: [],
});

const list = (alerts: Alert[], total?: string) => ({
  alerts,
  total,
  operations: team,
  nowMs: minutesIn(5),
});

describe('renderList', () => {
  it('lists the newest first, in columns, with as much of the ids as tells them apart', () => {
    expect(renderList(list([other, open]), plain, 100)).toEqual([
      'id        severity   state       age         what                        paged',
      'Vg3b2kq   critical   triggered   5 min       checkout: orders-5xx-rate   level 1: Ana',
      'Vg3b2kz   critical   resolved    1 h 5 min   orders-5xx-rate             nobody yet',
    ]);
  });

  it('says what holds an alert in place of `triggered`', () => {
    const holds = { snoozed: { since: minutesIn(1), until: minutesIn(61), by: 'ana' } };
    expect(renderList(list([{ ...open, holds }]), plain, 100)[1]).toMatch(/critical {3}snoozed {3}5 min/);
  });

  it('names of those paged the people of the level it has reached', () => {
    const paged = [
      { responder: 'ana', level: 1 },
      { responder: 'ben', level: 2 },
      { responder: 'cleo', level: 2 },
    ];
    const [, line] = renderList(list([{ ...open, paged, highestPagedLevel: 2 }]), plain, 100);
    expect(line).toMatch(/level 2: Ben and Cleo$/);
  });

  it('cuts what is broken and who was paged to 70 columns', () => {
    const lines = renderList(list([other, open]), plain, 70);
    expect(lines.slice(1)).toEqual([
      'Vg3b2kq   critical   triggered   5 min       checkout:…    level 1: A…',
      'Vg3b2kz   critical   resolved    1 h 5 min   orders-5xx…   nobody yet',
    ]);
  });

  it('gives the latest 2 of 9,812 with their whole ids, and counts them by service', () => {
    const lines = renderList({ ...list([open, other], '9,812'), next: 2 }, plain, 100);
    expect(lines[1]).toMatch(/^Vg3b2kqZ0aHn5sXt {3}critical/);
    expect(lines.slice(-2)).toEqual([
      'Showing the latest 2 of 9,812; of these: checkout 1, no service 1',
      'Those before them: --skip 2',
    ]);
  });

  it('says which these are after the latest 200, and of the last ones that there are no more', () => {
    const further = { ...list([open, other], '9,812'), skipped: 200, next: 202 };
    expect(renderList(further, plain, 100).slice(-2)).toEqual([
      'Showing 2 of 9,812, after the latest 200; of these: checkout 1, no service 1',
      'Those before them: --skip 202',
    ]);
    expect(renderList({ ...further, next: undefined }, plain, 100).at(-1)).toMatch(/^Showing 2 of 9,812/);
  });

  it('colours the state on a terminal, and nothing with NO_COLOR', () => {
    const [, line] = renderList(list([open]), paintFor({ isTTY: true }, {}), 100);
    expect(line).toContain(' \x1b[31mtriggered\x1b[39m ');
    const silent = paintFor({ isTTY: true }, { NO_COLOR: '1' });
    expect(renderList(list([open]), silent, 100).join('')).not.toContain('\x1b');
    expect(renderList(list([open]), paintFor({}, {}), 100).join('')).not.toContain('\x1b');
  });
});

describe('renderAlert', () => {
  it('says what, how it stands and who is next, then the facts and the timeline', () => {
    const timeline = [
      sampleEntry(0, 'alert.opened', { by: 'alarm' }),
      sampleEntry(0, 'page.sent', { level: 1, responder: 'ana', channel: 'sms' }),
    ];
    const lines = renderAlert(open, timeline, team, minutesIn(5), plain);
    expect(lines.slice(0, 3)).toEqual([
      'CRITICAL checkout: orders-5xx-rate, opened 5 min ago',
      'Triggered.',
      'Level 2 (Ben and Cleo) is paged at 14:20Z unless somebody acknowledges.',
    ]);
    expect(lines).toContain('  threshold   > 80 for 3 of 5 periods of 300 s');
    expect(lines).toContain('  runbook     https://wiki.example.com/runbooks/checkout');
    expect(lines).toContain(
      '  labels      alarmName=orders-5xx-rate, account=123456789012, region=eu-west-1',
    );
    expect(lines.slice(-2)).toEqual(['  14:05Z   Alert opened', '  14:05Z   Paged Ana by SMS (level 1)']);
  });

  it('names who acknowledged', () => {
    const lines = renderAlert({ ...open, ...acknowledged('ben', 2) }, [], team, minutesIn(5), plain);
    expect(lines[1]).toBe('Acknowledged by Ben at 14:07Z.');
  });
});

describe('idChars', () => {
  it('is 6, or as many as it takes to tell ids apart', () => {
    expect(idChars([open])).toBe(6);
    expect(idChars([open, { ...open }])).toBe(6);
    expect(idChars([open, other])).toBe(7);
  });
});
