import { beforeEach, describe, expect, it } from 'vitest';
import { auditStore } from '../../functions/doctor/audit.store.ts';
import { type AuditPorts, auditContacts, tellDaily } from '../../functions/doctor/audit-contacts.ts';
import type { Finding } from '../../functions/doctor/contract.ts';
import { situationStore } from '../../functions/holds/situation.store.ts';
import type { OwnMessage } from '../../functions/intake/own-signal.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { type AccountReading, CAUSES } from '../../functions/paging/reachability.ts';
import { markReported } from '../../functions/paging/reachability-marks.ts';
import { calm, DENIED } from '../support/account-readings.ts';
import { realTables } from '../support/real-table.ts';
import { fourLevels } from '../support/teams.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const MINUTE_MS = 60_000;
const freshTable = realTables();

/** An account that a test changes, and the audit over it. */
async function rig() {
  const table = await freshTable();
  const sent: OwnMessage[] = [];
  const state = { account: {} as Partial<AccountReading>, minute: 0, queueFails: false, reviewed: 0 };
  const warnings: string[] = [];
  const ports: AuditPorts = {
    operations: fourLevels,
    account: { read: async (operations: Operations) => calm(operations, state.account) },
    situation: situationStore(table),
    audits: auditStore(table),
    signals: {
      async send(messages) {
        if (state.queueFails) throw new Error('SQS is away');
        sent.push(...messages);
      },
    },
    reviewIfProceduresChanged: async () => {
      state.reviewed += 1;
    },
    nowMs: () => NOON + state.minute * MINUTE_MS,
    warn: (message) => warnings.push(message),
  };
  return {
    ports,
    state,
    warnings,
    /** Audits at that minute. @returns the signals: `tocsin:contact:ana:sms alarm 0`, the last its minute */
    async auditAt(minute: number, account: Partial<AccountReading> = {}) {
      Object.assign(state, { minute, account });
      sent.length = 0;
      await auditContacts(ports);
      return told(sent);
    },
    async dailyAt(minute: number, findings: Finding[]) {
      state.minute = minute;
      sent.length = 0;
      await tellDaily(findings, ports);
      return told(sent);
    },
    sent,
  };
}

function told(sent: readonly OwnMessage[]): string[] {
  return sent.map((message) => {
    if (!('signal' in message)) throw new Error('not a signal');
    const { dedupKey, state, at } = message.signal;
    return `${dedupKey} ${state} ${(at - NOON) / MINUTE_MS}`;
  });
}

const OPTED_OUT = { optedOut: { ...calm(fourLevels).optedOut, ana: { value: true } } };

let the: Awaited<ReturnType<typeof rig>>;
beforeEach(async () => {
  the = await rig();
});

describe('auditContacts', () => {
  it('tells nobody of a healthy team, remembers 8 contacts, and has the procedures looked at', async () => {
    expect(await the.auditAt(0)).toEqual([]);
    const { contacts, checkedAt, reports } = await the.ports.audits.read();
    expect({ contacts: contacts.length, checkedAt, reports }).toEqual({
      contacts: 8,
      checkedAt: NOON,
      reports: [],
    });
    expect(the.state.reviewed).toBe(1);
  });

  it('marks an opted-out phone, and tells of it once, with its reason and what to do', async () => {
    expect(await the.auditAt(0, OPTED_OUT)).toEqual(['tocsin:contact:ana:sms alarm 0']);
    expect(the.sent[0]).toMatchObject({
      signal: {
        source: { kind: 'tocsin', key: 'contact:ana:sms' },
        severity: 'warning',
        detail: {
          title: `Ana by SMS: cannot be reached, ${CAUSES['opted-out'].reason}`,
          description: CAUSES['opted-out'].advice,
        },
      },
    });
    const { unreachable } = await the.ports.situation.read();
    expect(unreachable).toMatchObject([{ responder: 'ana', channel: 'sms', since: NOON }]);
    expect(await the.auditAt(5, OPTED_OUT)).toEqual([]);
    expect((await the.ports.situation.read()).version).toBe(1);
  });

  it('ends the mark when the phone is reachable again, and the alert when it has been so for 15 minutes', async () => {
    await the.auditAt(0, OPTED_OUT);
    expect(await the.auditAt(10)).toEqual([]);
    expect((await the.ports.situation.read()).unreachable).toEqual([]);
    expect(await the.auditAt(24)).toEqual([]);
    expect(await the.auditAt(25)).toEqual(['tocsin:contact:ana:sms ok 25']);
    expect((await the.ports.audits.read()).reports).toEqual([]);
    expect(await the.auditAt(30)).toEqual([]);
  });

  it('tells once of a phone that opts out and in with each of 40 audits', async () => {
    const signals: string[] = [];
    for (let turn = 0; turn < 40; turn++) {
      signals.push(...(await the.auditAt(turn * 5, turn % 2 === 0 ? OPTED_OUT : {})));
    }
    expect(signals).toEqual(['tocsin:contact:ana:sms alarm 0']);
  });

  it('tells again under the same key when the reason is another one', async () => {
    const sandboxed = { sandbox: { value: { verified: ['+12025550102', '+12025550103', '+12025550104'] } } };
    await the.auditAt(0, OPTED_OUT);
    expect(await the.auditAt(5, sandboxed)).toEqual(['tocsin:contact:ana:sms alarm 5']);
  });

  it('tells of a contact at risk without marking it', async () => {
    const topics = { ...calm(fourLevels).topics, ana: { value: [unauthenticated('ana@example.com')] } };
    expect(await the.auditAt(0, { topics })).toEqual(['tocsin:contact:ana:email alarm 0']);
    expect((await the.ports.situation.read()).unreachable).toEqual([]);
  });

  it('tells of watchers whom nothing reaches', async () => {
    expect(await the.auditAt(0, { watchers: { value: [] } })).toEqual(['tocsin:watchers alarm 0']);
    await the.auditAt(5);
    expect(await the.auditAt(20)).toEqual(['tocsin:watchers ok 20']);
  });

  it('concludes nothing from what AWS does not answer: an alert that is on stays on, none is opened', async () => {
    expect(await the.auditAt(0, { sandbox: DENIED, watchers: DENIED })).toEqual([]);
    await the.auditAt(5, OPTED_OUT);
    expect(await the.auditAt(10, { optedOut: {} })).toEqual([]);
    expect((await the.ports.situation.read()).unreachable).toHaveLength(1);
    const ana = (await the.ports.audits.read()).contacts[0];
    expect(ana).toMatchObject({ responder: 'ana', state: 'unknown', since: NOON + 10 * MINUTE_MS });
  });

  it('sends the same signals again, of the same moment, when the queue failed 5 minutes before', async () => {
    the.state.queueFails = true;
    await expect(the.auditAt(0, OPTED_OUT)).rejects.toThrow('SQS is away');
    expect((await the.ports.situation.read()).unreachable).toHaveLength(1);
    the.state.queueFails = false;
    expect(await the.auditAt(5, OPTED_OUT)).toEqual(['tocsin:contact:ana:sms alarm 0']);
    expect(await the.auditAt(10, OPTED_OUT)).toEqual([]);
  });

  it('sends the same signals again when it crashed before it could remember them as told', async () => {
    const { audits } = the.ports;
    let changes = 0;
    the.ports.audits = {
      ...audits,
      change: async (edit) => {
        changes += 1;
        if (changes === 2) throw new Error('crashed');
        return audits.change(edit);
      },
    };
    await expect(the.auditAt(0, OPTED_OUT)).rejects.toThrow('crashed');
    expect(told(the.sent)).toEqual(['tocsin:contact:ana:sms alarm 0']);
    expect(await the.auditAt(5, OPTED_OUT)).toEqual(['tocsin:contact:ana:sms alarm 0']);
  });

  it('ends the alert about a person who has left operations.ts', async () => {
    await the.auditAt(0, OPTED_OUT);
    const { ana: _ana, ...responders } = fourLevels.responders;
    the.ports.operations = { ...fourLevels, responders };
    expect(await the.auditAt(5)).toEqual(['tocsin:contact:ana:sms ok 5']);
    expect((await the.ports.situation.read()).unreachable).toEqual([]);
  });

  it('tells of a delivery report as well, and takes it back after the 60 minutes for which it is believed', async () => {
    const ana = { responder: 'ana', channel: 'sms' } as const;
    await the.ports.situation.change((situation) =>
      markReported(situation, ana, { reason: 'SMS not delivered', sentAt: NOON }, NOON),
    );
    expect(await the.auditAt(1)).toEqual(['tocsin:contact:ana:sms alarm 1']);
    expect((await the.ports.situation.read()).unreachable).toMatchObject([{ until: NOON + 60 * MINUTE_MS }]);
    expect(await the.auditAt(59)).toEqual([]);
    await the.auditAt(60);
    expect((await the.ports.situation.read()).unreachable).toEqual([]);
    expect(await the.auditAt(75)).toEqual(['tocsin:contact:ana:sms ok 75']);
  });

  it('goes on when the procedures cannot be looked at', async () => {
    the.ports.reviewIfProceduresChanged = async () => {
      throw new Error('no');
    };
    expect(await the.auditAt(0, OPTED_OUT)).toHaveLength(1);
    expect(the.warnings).toEqual(['open alerts are reviewed in five minutes']);
  });
});

describe('tellDaily', () => {
  const low = (found: string): Finding => ({
    id: 'sms-spend',
    state: 'warning',
    title: 'SMS spend limit',
    found,
    advice: 'Raise it.',
  });
  const fine: Finding = { id: 'sms-spend', state: 'ok', title: 'SMS spend limit', found: '3 %' };

  it('opens one alert for each finding that is not ok, and ends it when it is', async () => {
    expect(await the.dailyAt(0, [low('1 USD a month')])).toEqual(['tocsin:doctor:sms-spend alarm 0']);
    expect(await the.dailyAt(1440, [low('1 USD a month')])).toEqual([]);
    expect(await the.dailyAt(2880, [fine])).toEqual(['tocsin:doctor:sms-spend ok 2880']);
  });

  it('leaves the alerts of the 5-minute audit alone, and they leave its alerts alone', async () => {
    await the.auditAt(0, OPTED_OUT);
    expect(await the.dailyAt(1, [low('1 USD a month')])).toEqual(['tocsin:doctor:sms-spend alarm 1']);
    expect(await the.auditAt(5, OPTED_OUT)).toEqual([]);
    expect((await the.ports.audits.read()).reports.map(({ key }) => key)).toEqual([
      'contact:ana:sms',
      'doctor:sms-spend',
    ]);
  });
});

describe('auditStore', () => {
  it('loses neither of two changes at once', async () => {
    const { audits } = the.ports;
    const verify = (responder: string) =>
      audits.change((record) => ({
        ...record,
        verified: [...record.verified, { responder, channel: 'sms', at: NOON }],
      }));
    await Promise.all(['ana', 'ben', 'cleo'].map(verify));
    const { verified, version } = await audits.read();
    expect({ people: verified.map(({ responder }) => responder).sort(), version }).toEqual({
      people: ['ana', 'ben', 'cleo'],
      version: 3,
    });
  });
});

function unauthenticated(endpoint: string) {
  return { protocol: 'email', endpoint, state: 'confirmed' as const, authenticated: { value: false } };
}
