import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Life } from '../../cli/replay/replay-event.ts';
import type { TimelineEntry } from '../../functions/alerts/alert.ts';
import { type Accepted, type Account, longestUnpagedMs, settleAccounts } from '../../scripts/soak/account.ts';
import { judgeMemory, type Sample } from '../../scripts/soak/memory.ts';
import { readSoakOptions } from '../../scripts/soak/read-soak-options.ts';
import { makeReport, renderReport } from '../../scripts/soak/report.ts';
import { Sender } from '../../scripts/soak/sender.ts';
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
  const version = 1;
  const alert = {
    id: 'a1',
    version,
    status,
    triggers,
    severity: 'critical',
    source,
    openedAt: T0,
    triggeredAt: T0,
  };
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
    expect(counts).toMatchObject({
      alarms: { accepted: 1, inAlerts: 1 },
      alerts: { all: 1, paging: 1, paged: 1, notPaged: 0, longestUnpagedMs: 1_000 },
      messages: { arrived: 1, told: 1, repeated: 0, missing: 0 },
    });
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

  it('complains of an alert that is older than what was copied from it', () => {
    const lives = [life('triggered', 1, [entry(0, 'alert.opened'), { ...paged(1), version: 7 }])];
    expect(settleAccounts(account({ lives })).complaints).toEqual([
      'critical-1 (a1) is at version 1, and its timeline at 7: the table has brought an older row back',
    ]);
  });

  it('complains of a message that a timeline tells of and nobody received', () => {
    expect(settleAccounts(account({ inbox: [] })).complaints).toEqual([
      'sms +1: 1 messages of a timeline never arrived, the first at 2026-01-05T10:00:01.000Z',
    ]);
  });

  it('takes a message twice within a minute, and one that no timeline knows, only with a kill between', () => {
    const inbox = [message(1), message(25)];
    expect(settleAccounts(account({ inbox })).complaints).toEqual([
      'sms +1: no timeline tells of the message at 2026-01-05T10:00:25.000Z, and no kill came after it',
      'sms +1: two messages within 24000 ms, at 2026-01-05T10:00:25.000Z, and no kill between them',
    ]);
    const lives = [life('triggered', 1, [entry(0, 'alert.opened'), paged(25)])];
    const outages = [{ killedAt: T0 + 1_500, upAt: T0 + 5_000 }];
    const { complaints, counts } = settleAccounts(account({ lives, inbox, outages }));
    expect(complaints).toEqual([]);
    expect(counts.messages).toEqual({ arrived: 2, told: 1, repeated: 1, missing: 0 });
  });

  it('counts one message for the two alerts that it tells of, and misses the one a minute later', () => {
    const lives = [paged(1), paged(1), paged(61)].map((one) =>
      life('triggered', 1, [entry(0, 'alert.opened'), one]),
    );
    const { counts } = settleAccounts(account({ lives }));
    expect(counts.messages).toEqual({ arrived: 1, told: 1, repeated: 0, missing: 1 });
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
  const lives = (samplesEach: number, ...megabytes: ((ageS: number) => number)[]): Sample[] =>
    megabytes.flatMap((mbAt, life) =>
      Array.from({ length: samplesEach }, (_, n) => {
        const ageS = n * 5;
        const ownMb = mbAt(ageS);
        return { life, ageS, ownMb, residentMb: ownMb + 50, cpuS: 0 };
      }),
    );
  const flat = (mb: number) => () => mb;

  it('is 1 across lives of the same size, and 2 when the last are twice as large', () => {
    expect(judgeMemory(lives(26, flat(300), flat(300), flat(300)))).toEqual({
      ages: { fromS: 30, toS: 125 },
      medianMb: [300, 300, 300],
      acrossLives: 1,
      withinLife: undefined,
      mappedMb: 50,
    });
    expect(judgeMemory(lives(26, flat(300), flat(400), flat(600))).acrossLives).toBe(2);
  });

  it('tells of growth within a life that is longer than a quarter of an hour', () => {
    const growing = (ageS: number) => 100 + ageS / 5;
    expect(judgeMemory(lives(240, growing)).withinLife).toBeGreaterThan(1.25);
    expect(judgeMemory(lives(240, flat(400))).withinLife).toBe(1);
    expect(judgeMemory(lives(120, growing)).withinLife).toBeUndefined();
  });
});

describe('readSoakOptions', () => {
  it('takes an hour at 50 a second with a kill every five minutes when nothing is asked for', () => {
    expect(readSoakOptions({})).toEqual({ minutes: 60, rate: 50, killEveryMs: 300_000 });
    expect(readSoakOptions({ killEvery: '0' }).killEveryMs).toBe(0);
  });

  it.each([
    [{ minutes: '241' }, "--minutes is '241': write a whole number from 1 to 240"],
    [{ minutes: '1e2' }, "--minutes is '1e2': write a whole number from 1 to 240"],
    [{ rate: '0' }, "--rate is '0': write a whole number from 1 to 100"],
    [{ killEvery: '10s' }, "--kill-every is '10s': write 1m or more, or 0 for never"],
    [{ killEvery: 'often' }, '--kill-every: "often" is no duration'],
  ])('refuses %j', (given, message) => {
    expect(() => readSoakOptions(given)).toThrow(message);
  });

  it('refuses a number that stands alone', () => {
    expect(() => readSoakOptions({}, ['3'])).toThrow("'3' was not expected: write --minutes 3");
  });
});

describe('renderReport', () => {
  const report = (more: Partial<Account>, acrossLives?: number, rate = 50) =>
    makeReport({
      asked: readSoakOptions({}),
      verdict: settleAccounts(account(more)),
      worldComplaints: [],
      memory: {
        ages: { fromS: 30, toS: 290 },
        medianMb: [300, 310, 390],
        acrossLives,
        withinLife: undefined,
        mappedMb: 50,
      },
      cores: 0.5,
      outages: [],
      ...{
        answers: 0,
        repeats: 0,
        backlog: { intake: 0, due: 0 },
        backlogMost: { intake: 0, due: 0 },
        rate,
        minutes: 60,
      },
    });

  it('complains when the machine carried less than four fifths of the rate', () => {
    expect(report({}, 1.1, 40).complaints).toEqual([]);
    expect(report({}, 1.1, 39.9).complaints).toEqual([
      '39.9 changes a second of the 50 asked for: this machine is too slow for them, or too busy',
    ]);
  });

  it('says what adds up, and that memory is flat only when it was compared', () => {
    const text = renderReport(report({}));
    expect(text).toMatch(/^alarms +1 accepted, 1 in alerts; and 0 OK$/m);
    expect(text).toMatch(
      /^messages +1 in the inbox = 1 told of in timelines \+ 0 repeated by a kill; 0 told/m,
    );
    expect(text).toMatch(/^Nothing was lost, and nothing repeated but by a kill\.$/m);
    expect(renderReport(report({}, 1.1))).toMatch(/Memory is flat\.$/);
  });

  it('complains of a lost message, and of memory that grew to 1.3 times', () => {
    expect(report({ inbox: [] }, 1.3).complaints).toEqual([
      'sms +1: 1 messages of a timeline never arrived, the first at 2026-01-05T10:00:01.000Z',
      'memory grew from life to life: 1.30 times',
    ]);
  });
});

describe('Sender', () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => void server.close()));
  const senderTo = async (status: () => number, isBehind = false) => {
    const server = createServer((_, answer) => void answer.writeHead(status()).end()).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const traffic = openTraffic(5, Date.now() - 60_000);
    return new Sender(
      () => `http://127.0.0.1:${port}`,
      traffic,
      'key',
      () => isBehind,
    );
  };

  it('sends what was answered with 503 again, until it is accepted', async () => {
    let asked = 0;
    const sender = await senderTo(() => (++asked === 1 ? 503 : 202));
    const run = sender.run(5);
    await expect.poll(() => sender.repeats).toBe(1);
    sender.end();
    await run;
    expect(sender.signals.length).toBeGreaterThan(0);
    expect(new Set(sender.signals.map(({ name }) => name)).size).toBe(sender.signals.length);
  });

  it('ends with what was said when a request is refused for good', async () => {
    const sender = await senderTo(() => 400);
    await expect(sender.run(5)).rejects.toThrow('/world/alarms answered 400');
  });

  it('changes no alarm while the world is behind', async () => {
    const sender = await senderTo(() => 202, true);
    const run = sender.run(5);
    await sleep(500);
    sender.end();
    await run;
    expect(sender.signals).toEqual([]);
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
