import { describe, expect, it } from 'vitest';
import type { OwnMessage } from '../../functions/intake/own-signal.ts';
import { alertId } from '../../functions/shared/table.ts';
import { auditEscalations, type EscalationAuditPorts } from '../../functions/watchers/audit-escalations.ts';
import {
  type EscalationAuditRecord,
  NOTHING_TO_REMEMBER,
} from '../../functions/watchers/escalation-audit-record.ts';
import { heartbeatAddress } from '../../functions/watchers/heartbeat-address.sender.ts';
import type { Letter, LetterBox } from '../../functions/watchers/redrive-letters.ts';
import { minutesIn, sampleAlert, team } from '../support/sample-alert.ts';

const NOW = minutesIn(20);
const OVERDUE = sampleAlert({ id: alertId('late'), dueAt: minutesIn(15) });

function box(letters: Letter[] = []) {
  const moved = { home: [] as string[], back: [] as string[] };
  const port: LetterBox = {
    take: async () => letters,
    sendHome: async ({ body }) => void moved.home.push(body),
    putBack: async (some) => void moved.back.push(...some.map(({ body }) => body)),
  };
  return { port, moved };
}

/** One open alert that is five minutes late, unless it says otherwise. */
function setUp(
  parts: Partial<EscalationAuditPorts> & { record?: EscalationAuditRecord; isLate?: boolean } = {},
) {
  const { record: atFirst = NOTHING_TO_REMEMBER, isLate = true, ...ports } = parts;
  const seen = {
    beats: [] as number[],
    told: [] as OwnMessage[],
    written: [] as EscalationAuditRecord[],
    pings: 0,
  };
  let record = atFirst;
  const full: EscalationAuditPorts = {
    open: {
      walk: async () => ({ ids: isLate ? [OVERDUE.id] : [] }),
      read: async () => [{ id: OVERDUE.id, alert: OVERDUE }],
    },
    alerts: {} as never,
    slots: {} as never,
    turns: {} as never,
    due: { enqueue: async () => undefined },
    records: {
      read: async () => record,
      write: async (one) => {
        record = one;
        seen.written.push(one);
      },
    },
    letters: { intake: box().port, due: box().port },
    codeVersion: 'now',
    signals: { send: async (messages) => void seen.told.push(...messages) },
    situation: { read: async () => ({ version: 0 }) as never },
    operations: team,
    beat: (lagMs) => void seen.beats.push(lagMs),
    outside: {
      ping: async () => {
        seen.pings += 1;
        return undefined;
      },
    },
    found: () => undefined,
    warn: () => undefined,
    nowMs: () => NOW,
    ...ports,
  };
  const told = () =>
    seen.told.map((one) => ('signal' in one ? `${one.signal.state} ${one.signal.detail.title}` : ''));
  return { seen, told, run: () => auditEscalations(full) };
}

describe('auditEscalations', () => {
  it('beats, pings, and writes nothing when there is nothing to say', async () => {
    const { run, seen } = setUp({ isLate: false });
    await run();
    expect(seen).toEqual({ beats: [0], told: [], written: [], pings: 1 });
  });

  it('beats with the lag when what it found was handed over, tells once, and says when it is over', async () => {
    const first = setUp();
    await first.run();
    await first.run();
    expect(first.seen.beats).toEqual([300_000, 300_000]);
    expect(first.told()).toEqual(['alarm Escalation: 1 alert did not go on, and was handed over again']);
    const later = setUp({ isLate: false, record: first.seen.written.at(-1)! });
    await later.run();
    expect(later.told()).toEqual([expect.stringMatching(/^ok /)]);
    expect(later.seen.written).toEqual([NOTHING_TO_REMEMBER]);
  });

  it('does not beat nor ping when what it found could not be put right, and tells', async () => {
    const { run, seen, told } = setUp({ due: { enqueue: () => Promise.reject(new Error('refused')) } });
    expect(await run()).toMatchObject({ hasBeaten: false });
    expect(seen).toMatchObject({ beats: [], pings: 0 });
    expect(told()).toEqual(['alarm Escalation: 1 alert did not go on, and 1 of it could not be put right']);
  });

  it.each<[string, Partial<EscalationAuditPorts>]>([
    [
      'the feed cannot be read',
      { open: { walk: () => Promise.reject(new Error('no')), read: async () => [] } },
    ],
    ['intake refuses what it has to say', { signals: { send: () => Promise.reject(new Error('no')) } }],
    [
      'dead letters cannot be taken',
      {
        letters: { intake: { ...box().port, take: () => Promise.reject(new Error('no')) }, due: box().port },
      },
    ],
  ])('does not beat and fails when %s', async (_, ports) => {
    const { run, seen } = setUp(ports);
    await expect(run()).rejects.toThrow('no');
    expect(seen.beats).toEqual([]);
  });

  it('hands alerts over although intake refuses', async () => {
    const handed: number[] = [];
    const { run } = setUp({
      signals: { send: () => Promise.reject(new Error('no')) },
      due: { enqueue: async (rows) => void handed.push(rows.length) },
    });
    await expect(run()).rejects.toThrow('no');
    expect(handed).toEqual([1]);
  });

  it('remembers where a long walk stands, and that it has found something', async () => {
    const next = { shard: 3 };
    let runs = 0;
    const { run, seen } = setUp({
      open: {
        // So many at once that one run is full.
        walk: async () => ({ ids: Array.from({ length: 2_500 }, () => OVERDUE.id), next }),
        read: async () => (runs++ === 0 ? [{ id: OVERDUE.id, alert: OVERDUE }] : []),
      },
    });
    await run();
    await run();
    expect(seen.written).toEqual([{ cursor: next, hasFound: true, told: ['escalations'], failedPings: 0 }]);
  });

  it('tells when the address outside has failed three times, and when it answers again', async () => {
    let answer: string | undefined = 'no answer';
    const { run, told, seen } = setUp({ isLate: false, outside: { ping: async () => answer } });
    for (let n = 0; n < 4; n++) await run();
    expect(told()).toEqual(['alarm The external heartbeat address does not answer']);
    expect(seen.beats).toHaveLength(4);
    answer = undefined;
    await run();
    expect(told()[1]).toMatch(/^ok /);
  });

  it('sends home what can be read, once for each code, and puts the rest back', async () => {
    const due = { pk: 'alert#a', sk: 'current', dueAt: 1 };
    const readable = JSON.stringify({ Type: 'SubscriptionConfirmation', TopicArn: 'arn:aws:sns:x' });
    const letter = (body: string, failedOn?: string): Letter => ({
      body,
      sentAt: NOW,
      receipt: body,
      failedOn,
    });
    const intake = box([letter(readable), letter(readable, 'before'), letter(readable, 'now'), letter('{}')]);
    const dueBox = box([letter(JSON.stringify(due)), letter('{"pk":"nonsense"}'), letter('not JSON')]);
    const { run } = setUp({ isLate: false, letters: { intake: intake.port, due: dueBox.port } });
    expect(await run()).toMatchObject({ letters: { sentHome: 3, kept: 4, recent: 7 } });
    expect(intake.moved).toEqual({ home: [readable, readable], back: [readable, '{}'] });
    expect(dueBox.moved).toEqual({ home: [JSON.stringify(due)], back: ['{"pk":"nonsense"}', 'not JSON'] });
  });
});

describe('heartbeatAddress', () => {
  const url = 'https://heartbeat.example.com/a-secret';
  const ping = (fetch: () => Promise<{ ok: boolean; status: number }>) => heartbeatAddress(url, fetch).ping();

  it('is nothing to do when there is none', async () => {
    expect(
      await heartbeatAddress(undefined, () => Promise.reject(new Error('called'))).ping(),
    ).toBeUndefined();
  });

  it.each([
    ['answers 200', async () => ({ ok: true, status: 200 }), undefined],
    ['answers 404', async () => ({ ok: false, status: 404 }), 'it answered 404'],
    [
      'is not found',
      async () => Promise.reject(new TypeError(`fetch failed: ${url}`, { cause: { code: 'ENOTFOUND' } })),
      'it could not be called: TypeError ENOTFOUND',
    ],
  ])('that %s', async (_, fetch, expected) => {
    expect(await ping(fetch)).toBe(expected);
  });
});
