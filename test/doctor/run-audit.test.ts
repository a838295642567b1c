import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditStore } from '../../functions/doctor/audit.store.ts';
import type { AuditPorts } from '../../functions/doctor/audit-contacts.ts';
import { concurrencyReader } from '../../functions/doctor/concurrency.reader.ts';
import type { Finding } from '../../functions/doctor/contract.ts';
import type { DoctorPorts } from '../../functions/doctor/doctor.ts';
import { queueDepthReader } from '../../functions/doctor/queue-depth.reader.ts';
import { runAudit } from '../../functions/doctor/run-audit.ts';
import { situationStore } from '../../functions/holds/situation.store.ts';
import type { AccountReading } from '../../functions/paging/reachability.ts';
import { dueIndex } from '../../functions/tick/due-index.store.ts';
import { heartbeat } from '../../functions/tick/heartbeat.store.ts';
import { calm, subscribed } from '../support/account-readings.ts';
import { realTables, type TestTable } from '../support/real-table.ts';
import { fourLevels } from '../support/teams.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const freshTable = realTables();
const sqs = mockClient(SQSClient);
const lambda = mockClient(LambdaClient);

const urls = {
  intake: { queue: 'https://sqs/intake', deadLetters: 'https://sqs/intake-dead' },
  due: { queue: 'https://sqs/due', deadLetters: 'https://sqs/due-dead' },
};

let table: TestTable;
let account: Partial<AccountReading>;
let signals: string[];
let subscribedAnew: string[];
let ports: AuditPorts & DoctorPorts;

beforeEach(async () => {
  table = await freshTable();
  account = {};
  signals = [];
  subscribedAnew = [];
  sqs.reset();
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '0' } });
  lambda.reset();
  lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 1_000 } });
  ports = {
    operations: fourLevels,
    topics: { responderTopicArnPrefix: 'arn:responder-', watchersTopicArn: 'arn:watchers' },
    account: { read: async (operations) => calm(operations, account) },
    situation: situationStore(table),
    audits: auditStore(table),
    signals: {
      async send(messages) {
        for (const message of messages) if ('signal' in message) signals.push(message.signal.dedupKey);
      },
    },
    subscriptions: {
      async subscribe(topicArn, email) {
        if (topicArn.endsWith('cleo')) throw Object.assign(new Error('no'), { name: 'NotFoundException' });
        subscribedAnew.push(`${topicArn} ${email}`);
      },
    },
    queues: queueDepthReader(new SQSClient({ region: 'local-1' }), urls),
    concurrency: concurrencyReader(new LambdaClient({ region: 'local-1' })),
    heartbeat: heartbeat(table),
    dueIndex: dueIndex(table),
    reviewIfProceduresChanged: async () => false,
    nowMs: () => NOON,
    warn: () => {},
  };
  await heartbeat(table).beat(NOON - 30_000);
});

const run = async (event: unknown) => (await runAudit(event, ports)).findings;
const wrong = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state !== 'ok').map(({ id, state }) => `${id} ${state}`);
const finding = (findings: readonly Finding[], id: string) => findings.find((one) => one.id === id)!;
const topicsWith = (changes: AccountReading['topics']) => ({
  topics: { ...calm(fourLevels).topics, ...changes },
});

describe('runAudit', () => {
  it('finds nothing wrong with a healthy installation, in 24 findings of which no two have the same id', async () => {
    const findings = await run({ audit: 'doctor' });
    expect(wrong(findings)).toEqual([]);
    expect(findings.map(({ id }) => id)).toEqual([
      ...['ana', 'ben', 'cleo', 'dan'].flatMap((who) => [`contact:${who}:sms`, `contact:${who}:email`]),
      'watchers',
      'level:1',
      'level:2',
      'level:3',
      'level:4',
      'answers',
      'sms-sandbox',
      'sms-spend',
      'sms-delivery-logs',
      'tick',
      'intake-queue',
      'intake-dead-letters',
      'due-queue',
      'due-dead-letters',
      'concurrency',
      'holds',
    ]);
  });

  it('finds a lost person, their level, a dead letter, a silent tick and the limit of a new account at once', async () => {
    account = {
      ...topicsWith({ ana: { value: [] } }),
      optedOut: { ...calm(fourLevels).optedOut, ana: { value: true } },
    };
    sqs.on(GetQueueAttributesCommand, { QueueUrl: urls.intake.deadLetters }).resolves({
      Attributes: { ApproximateNumberOfMessages: '2' },
    });
    lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 10 } });
    await heartbeat(table).beat(NOON - 3_600_000);
    const findings = await run({ audit: 'doctor' });
    expect(wrong(findings)).toEqual([
      'contact:ana:sms failure',
      'contact:ana:email failure',
      'level:1 failure',
      'tick failure',
      'intake-dead-letters failure',
      'concurrency warning',
    ]);
    expect(findings.filter(({ state, advice }) => state !== 'ok' && !advice)).toEqual([]);
  });

  it('tells the doctor of a maintenance of everything that somebody started, and wakes nobody for it', async () => {
    const window = { id: 'a1b2c3', hold: 'maintenance' as const, match: {}, reason: 'move', by: 'cli:ana' };
    await ports.situation.change((situation) => ({
      ...situation,
      windows: [{ ...window, from: NOON - 60_000, until: NOON + 60_000 }],
    }));
    expect(wrong(await run({ audit: 'doctor' }))).toEqual(['holds warning']);
    expect(wrong(await run({ audit: 'all' }))).toEqual([]);
  });

  it('says what could not be asked, and goes on', async () => {
    lambda
      .on(GetAccountSettingsCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    const concurrency = finding(await run({ audit: 'doctor' }), 'concurrency');
    expect(concurrency).toMatchObject({
      state: 'warning',
      unanswered: true,
      found: 'not known, AWS did not answer lambda:GetAccountSettings: AccessDeniedException',
    });
  });

  it('changes nothing as the doctor: no row, no signal, no subscription', async () => {
    account = topicsWith({ ana: { value: [] } });
    const before = await table.items();
    await run({ audit: 'doctor' });
    expect(await table.items()).toEqual(before);
    expect({ signals, subscribedAnew }).toEqual({ signals: [], subscribedAnew: [] });
  });

  it('audits contacts each 5 minutes: only what concerns them is found and told', async () => {
    account = topicsWith({ ana: { value: [] } });
    const findings = await run({ audit: 'contacts' });
    expect(findings).toHaveLength(9);
    expect(signals).toEqual(['tocsin:contact:ana:email']);
  });

  it('tells once a day of all that is wrong, each under its own key', async () => {
    account = {
      ...topicsWith({ ana: { value: [] } }),
      sms: { value: { monthlySpendLimitUsd: 1, logsFailures: false } },
      spentUsd: { value: 0 },
    };
    await run({ audit: 'all' });
    expect(signals).toEqual([
      'tocsin:contact:ana:email',
      'tocsin:doctor:sms-spend',
      'tocsin:doctor:sms-delivery-logs',
    ]);
    signals = [];
    await run({ audit: 'all' });
    expect(signals).toEqual([]);
    account = {};
    await run({ audit: 'all' });
    // A contact has to stay well for a while.
    expect(signals).toEqual(['tocsin:doctor:sms-spend', 'tocsin:doctor:sms-delivery-logs']);
  });

  it.each([undefined, {}, { audit: 'everything' }, 'doctor'])('refuses %j', async (event) => {
    await expect(run(event)).rejects.toMatchObject({ kind: 'rejected' });
  });
});

describe('fix', () => {
  const pending = (email: string) => ({ value: [{ ...subscribed(email), state: 'pending' as const }] });

  it('subscribes a missing and a pending email again, and says that the person must confirm', async () => {
    account = topicsWith({ ana: { value: [] }, ben: pending('ben@example.com') });
    const findings = await run({ audit: 'doctor', fix: true });
    expect(subscribedAnew).toEqual([
      'arn:responder-ana ana@example.com',
      'arn:responder-ben ben@example.com',
    ]);
    expect(finding(findings, 'contact:ana:email').fixed).toContain('new confirmation to Ana');
    expect(finding(findings, 'contact:ben:email').fixed).toContain('within 48 hours');
    expect(finding(findings, 'contact:ben:email').advice).toBeUndefined();
    expect(findings.filter(({ fixed }) => fixed)).toHaveLength(2);
  });

  it("subscribes the first and the last level's people to the watchers' topic again, when their emails are gone", async () => {
    account = { watchers: { value: [subscribed('dan@example.com')] } };
    const watchers = finding(await run({ audit: 'doctor', fix: true }), 'watchers');
    expect(subscribedAnew).toEqual(['arn:watchers ana@example.com']);
    expect(watchers).toMatchObject({ state: 'warning', fixed: expect.stringContaining('Ana') });
  });

  it('says what AWS refused, and does not call it fixed', async () => {
    account = topicsWith({ cleo: { value: [] } });
    const cleo = finding(await run({ audit: 'doctor', fix: true }), 'contact:cleo:email');
    expect(cleo.found).toContain('could not be subscribed again, sns:Subscribe: NotFoundException');
    expect(cleo.fixed).toBeUndefined();
  });

  it('leaves alone whom a click confirmed, whoever is confirmed, and whom AWS does not answer about', async () => {
    account = topicsWith({
      ana: { value: [subscribed('ana@example.com', false)] },
      ben: { unknown: 'throttled' },
    });
    await run({ audit: 'doctor', fix: true });
    expect(subscribedAnew).toEqual([]);
  });
});

describe('heartbeat', () => {
  it('is the latest of two beats, and unknown before the first', async () => {
    const heart = heartbeat(await freshTable());
    expect(await heart.lastAt()).toBeUndefined();
    await heart.beat(NOON);
    await heart.beat(NOON + 60_000);
    expect(await heart.lastAt()).toBe(NOON + 60_000);
  });
});
