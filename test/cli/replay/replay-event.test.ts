import { describe, expect, it } from 'vitest';
import { arrangeEvents, toJsonLine } from '../../../cli/replay/replay-event.ts';
import { OPENED_AT, resolved, sampleAlert, sampleEntry } from '../../support/sample-alert.ts';

const alarm = { at: OPENED_AT, state: 'ALARM', summary: '', reason: 'Threshold Crossed' } as const;
const alert = sampleAlert();

function jsonOf(entry: Parameters<typeof sampleEntry>[1], facts: Parameters<typeof sampleEntry>[2] = {}) {
  const [event] = arrangeEvents([], [{ alert, timeline: [sampleEntry(15, entry, facts)] }]);
  const line = toJsonLine(event!);
  return line === undefined ? undefined : JSON.parse(line);
}

describe('arrangeEvents', () => {
  it('puts the alarm before what it opens, and entries in the order of their writing', () => {
    const timeline = [
      sampleEntry(0, 'alert.opened'),
      sampleEntry(0, 'page.sent', { n: 1 }),
      sampleEntry(15, 'page.sent'),
    ];
    const ok = { ...alarm, at: OPENED_AT + 60_000, state: 'OK' } as const;
    const events = arrangeEvents([alarm, ok], [{ alert, timeline }]);
    expect(
      events.map((event) => (event.kind === 'alarm' ? event.transition.state : event.entry.event)),
    ).toEqual(['ALARM', 'alert.opened', 'page.sent', 'OK', 'page.sent']);
  });

  it('puts the earlier of two lives first', () => {
    const later = sampleAlert({ openedAt: OPENED_AT + 1 });
    const earlier = sampleAlert({ ...resolved('ben', 0) });
    const events = arrangeEvents(
      [],
      [
        { alert: later, timeline: [sampleEntry(0, 'alert.opened')] },
        { alert: earlier, timeline: [sampleEntry(0, 'alert.resolved')] },
      ],
    );
    expect(events.map((event) => event.kind === 'entry' && event.entry.event)).toEqual([
      'alert.resolved',
      'alert.opened',
    ]);
  });
});

describe('toJsonLine', () => {
  it.each([
    ['alert.opened', 'opened'],
    ['alert.held', 'hold'],
    ['page.held', 'hold'],
    ['alert.escalated', 'escalated'],
    ['alert.acknowledged', 'acknowledged'],
    ['alert.resolved', 'resolved'],
    ['page.sent', 'page'],
    ['reminder.sent', 'reminder'],
    ['notice.sent', 'notice'],
  ] as const)('calls %s %s', (entry, event) => {
    expect(jsonOf(entry)).toMatchObject({ at: '2026-11-24T14:20:00.000Z', event });
  });

  it.each([
    'alert.repeated',
    'alert.released',
    'alert.severity-raised',
    'page.failed',
    'page.undeliverable',
    'page.dropped',
    'page.retried',
  ] as const)('leaves %s to people', (entry) => {
    expect(jsonOf(entry)).toBeUndefined();
  });

  it('gives a page its level as a number, its responder and its channel', () => {
    expect(jsonOf('page.sent', { level: 2, responder: 'ben', channel: 'sms', page: '3' })).toEqual({
      at: '2026-11-24T14:20:00.000Z',
      event: 'page',
      level: 2,
      responder: 'ben',
      channel: 'sms',
      alert: alert.id,
    });
  });

  it('gives a hold its reason and its end', () => {
    expect(jsonOf('alert.held', { reason: 'recovering', until: OPENED_AT })).toMatchObject({
      event: 'hold',
      reason: 'recovering',
      until: '2026-11-24T14:05:00.000Z',
    });
  });

  it('calls the alarm alarm and ok', () => {
    const lines = arrangeEvents([alarm, { ...alarm, state: 'OK' }], []).map(toJsonLine);
    expect(lines).toEqual([
      '{"at":"2026-11-24T14:05:00.000Z","event":"alarm","reason":"Threshold Crossed"}',
      '{"at":"2026-11-24T14:05:00.000Z","event":"ok","reason":"Threshold Crossed"}',
    ]);
  });
});
