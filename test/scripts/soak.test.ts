import { describe, expect, it } from 'vitest';
import type { Life } from '../../cli/replay/replay-event.ts';
import type { TimelineEntry } from '../../functions/alerts/alert.ts';
import { type Accepted, type Account, longestUnpagedMs, settleAccounts } from '../../scripts/soak/account.ts';
import { judgeMemory, type Sample } from '../../scripts/soak/memory.ts';
import { openTraffic } from '../../scripts/soak/traffic.ts';

const T0 = Date.UTC(2026, 0, 5, 10);
const NAME = 'critical-1';

const accepted = (state: 'ALARM' | 'OK', atS: number): Accepted => ({
  name: NAME,
  state,
  at: T0 + atS * 1_000,
  sentAt: T0 + atS * 1_000,
  acceptedAt: T0 + atS * 1_000 + 20,
});
const entry = (
  atS: number,
  event: TimelineEntry['event'],
  more: Partial<TimelineEntry> = {},
): TimelineEntry => ({
  openedAt: T0,
  version: 1,
  n: 0,
  at: T0 + atS * 1_000,
  event,
  ...more,
});
const paged = (atS: number) => entry(atS, 'page.sent', { responder: 'ana', channel: 'sms' });
const message = (atS: number) => ({
  at: T0 + atS * 1_000,
  channel: 'sms' as const,
  to: '+1',
  body: 'CRITICAL',
  delivered: true,
});

function life(status: 'triggered' | 'resolved', triggers: number, timeline: TimelineEntry[]): Life {
  const source = { kind: 'cloudwatch', alarmName: NAME };
  const alert = { id: 'a1', status, triggers, severity: 'critical', source, openedAt: T0, triggeredAt: T0 };
  return { alert, timeline } as unknown as Life;
}

/** One alarm that fired, was paged, and fires still. */
function account(more: Partial<Account> = {}): Account {
  return {
    signals: [accepted('ALARM', 0)],
    webhooks: new Map(),
    lives: [life('triggered', 1, [entry(0, 'alert.opened'), paged(1)])],
    inbox: [message(1)],
    outages: [],
    contacts: new Map([['ana sms', '+1']]),
    endedAt: T0 + 600_000,
    ...more,
  };
}

describe('settleAccounts', () => {
  it('finds nothing wrong with an alarm that was paged a second later', () => {
    const { complaints, counts, latencies } = settleAccounts(account());
    expect(complaints).toEqual([]);
    expect(counts).toMatchObject({ alarms: 1, triggers: 1, livesToPage: 1, livesPaged: 1 });
    expect(latencies.freeSlotMs).toEqual([1_000]);
  });

  it('misses an alarm that was accepted and is in no alert', () => {
    const signals = [accepted('ALARM', 0), accepted('OK', 30), accepted('ALARM', 60)];
    expect(settleAccounts(account({ signals })).complaints).toEqual([
      'critical-1: 2 alarms were accepted, 1 are in its alerts',
    ]);
  });

  it('complains of an alert that is open although OK was the last word', () => {
    const signals = [accepted('ALARM', 0), accepted('OK', 30)];
    expect(settleAccounts(account({ signals })).complaints).toEqual([
      'critical-1: OK was the last word, and 1 alerts are open',
    ]);
  });

  it('complains of an alert that fired for ten minutes and paged nobody', () => {
    const lives = [life('triggered', 1, [entry(0, 'alert.opened')])];
    expect(settleAccounts(account({ lives, inbox: [] })).complaints).toEqual([
      'critical-1 (a1) fired for 600 s and paged nobody',
    ]);
  });

  it('complains of a message that a timeline tells of and nobody received', () => {
    expect(settleAccounts(account({ inbox: [] })).complaints).toEqual([
      'sms +1: 1 messages of a timeline never arrived',
    ]);
  });

  it('takes a message twice within a minute, and one that no timeline knows, only with a kill between', () => {
    const inbox = [message(1), message(25)];
    expect(settleAccounts(account({ inbox })).complaints).toEqual([
      'sms +1: no timeline explains 1 messages, with 0 kills',
      'sms +1: two messages within 24000 ms, at 2026-01-05T10:00:25.000Z, and no kill between them',
    ]);
    const outages = [{ killedAt: T0 + 1_500, upAt: T0 + 5_000 }];
    expect(settleAccounts(account({ inbox, outages })).complaints).toEqual([]);
  });

  it('takes as many webhook triggers as were accepted, up to as many as were sent', () => {
    const triggers = (accepted: number, attempts: number) =>
      settleAccounts(account({ signals: [], webhooks: new Map([[NAME, { accepted, attempts }]]) }))
        .complaints;
    expect(triggers(1, 2)).toEqual([]);
    expect(triggers(2, 2)).toEqual([`${NAME}: 2 triggers were accepted of 2 sent, 1 are in its alerts`]);
  });
});

describe('longestUnpagedMs', () => {
  it('counts neither the time of a hold nor that of an outage', () => {
    const timeline = [
      entry(0, 'alert.opened'),
      entry(50, 'alert.held', { reason: 'recovering' }),
      entry(90, 'alert.released', { reason: 'recovering' }),
      entry(160, 'alert.resolved'),
    ];
    const one = life('resolved', 1, timeline);
    expect(longestUnpagedMs(one, [], T0 + 600_000)).toBe(70_000);
    expect(longestUnpagedMs(one, [{ killedAt: T0 + 100_000, upAt: T0 + 130_000 }], T0 + 600_000)).toBe(
      50_000,
    );
  });
});

describe('judgeMemory', () => {
  const lives = (...megabytes: number[]): Sample[] =>
    megabytes.flatMap((residentMb, life) =>
      Array.from({ length: 20 }, (_, n) => ({ life, ageS: 30 + n * 5, residentMb })),
    );

  it('is 1 across lives of the same size, and 2 when the last are twice as large', () => {
    expect(judgeMemory(lives(300, 300, 300)).acrossLives).toBe(1);
    expect(judgeMemory(lives(300, 400, 600)).acrossLives).toBe(2);
  });

  it('sees growth within a life', () => {
    const growing = Array.from({ length: 20 }, (_, n) => ({
      life: 0,
      ageS: 30 + n * 5,
      residentMb: 100 + n * 10,
    }));
    expect(judgeMemory(growing).withinLife).toBeGreaterThan(1.1);
  });
});

describe('openTraffic', () => {
  it('changes each alarm by turns, and none whose last change is not accepted yet', () => {
    const traffic = openTraffic(1, T0);
    const first = traffic.change(T0 + 60_000, traffic.size);
    expect(first).toHaveLength(traffic.size);
    expect(new Set(first.map(({ state }) => state))).toEqual(new Set(['ALARM']));
    expect(traffic.change(T0 + 600_000, traffic.size)).toEqual([]);
    for (const change of first) traffic.accepted(change, T0 + 60_000);
    expect(traffic.change(T0 + 600_000, 1)).toMatchObject([{ state: 'OK' }]);
  });

  it('leaves alarms alone until the backlog of a kill is worked off', () => {
    const traffic = openTraffic(1, T0);
    for (const change of traffic.change(T0 + 60_000, traffic.size)) traffic.accepted(change, T0 + 60_000);
    traffic.hold(T0 + 50_000, T0 + 900_000);
    expect(traffic.change(T0 + 899_000, traffic.size)).toEqual([]);
    expect(traffic.change(T0 + 900_000, traffic.size).length).toBeGreaterThan(0);
  });
});
