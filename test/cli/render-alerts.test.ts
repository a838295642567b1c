import { describe, expect, it } from 'vitest';
import { paintFor, plain } from '../../cli/paint.ts';
import { idChars, renderAlert, renderList } from '../../cli/render-alerts.ts';
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

describe('renderList', () => {
  it('lists the newest first, in columns, with as much of the ids as tells them apart', () => {
    expect(renderList([other, open], team, minutesIn(5), plain)).toEqual([
      'id        severity   state       opened          what                        paged',
      'Vg3b2kq   critical   triggered   5 min ago       checkout: orders-5xx-rate   level 1: Ana',
      'Vg3b2kz   critical   resolved    1 h 5 min ago   orders-5xx-rate             nobody yet',
    ]);
  });

  it('colours the state on a terminal, and nothing with NO_COLOR', () => {
    const [, line] = renderList([open], team, minutesIn(5), paintFor({ isTTY: true }, {}));
    expect(line).toContain(' \x1b[31mtriggered\x1b[39m ');
    const silent = paintFor({ isTTY: true }, { NO_COLOR: '1' });
    expect(renderList([open], team, minutesIn(5), silent).join('')).not.toContain('\x1b');
    expect(renderList([open], team, minutesIn(5), paintFor({}, {})).join('')).not.toContain('\x1b');
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
