import { describe, expect, it } from 'vitest';
import { checkConcurrency } from '../../functions/doctor/check-concurrency.ts';
import { checkAnswers, checkLevels, checkWatchers } from '../../functions/doctor/check-contacts.ts';
import { checkHolds } from '../../functions/doctor/check-holds.ts';
import { checkQueues, type QueueDepths } from '../../functions/doctor/check-queues.ts';
import { checkSms } from '../../functions/doctor/check-sms.ts';
import { checkTick } from '../../functions/doctor/check-tick.ts';
import type { Finding } from '../../functions/doctor/contract.ts';
import type { Window } from '../../functions/operations/operations.ts';
import { type AccountReading, CAUSES, judgeContacts } from '../../functions/paging/reachability.ts';
import { calm, DENIED, subscribed } from '../support/account-readings.ts';
import { fourLevels } from '../support/teams.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const SECOND_MS = 1_000;

const brief = ({ id, state, found }: Finding) => `${id} ${state}: ${found}`;

/** Each finding that is not ok says what to do. */
const advised = (findings: readonly Finding[]) =>
  findings.filter(({ state, advice }) => state !== 'ok' && !advice);

describe('checkTick', () => {
  it.each([
    ['has never run, as in the first minute', undefined, undefined, 'warning: has not run yet'],
    ['has never run, and a row is 120 s late', undefined, 120, 'warning: has not run yet'],
    [
      'has never run, and a row is 121 s late',
      undefined,
      121,
      'failure: has never run, and what was due is 2 min late',
    ],
    ['ran 59 s ago', 59, undefined, 'ok: runs each minute, and nothing is late'],
    ['ran 180 s ago', 180, undefined, 'ok: runs each minute, and nothing is late'],
    ['ran 181 s ago', 181, undefined, 'failure: last ran 3 min ago'],
    ['runs, and a row is 120 s late', 10, 120, 'ok: runs each minute, and nothing is late'],
    ['runs, and a row is 121 s late', 10, 121, 'failure: runs, but what was due is 2 min late'],
  ])('when it %s', (_, silentS, lateS, expected) => {
    const ago = (seconds: number | undefined) =>
      seconds === undefined ? undefined : NOON - seconds * SECOND_MS;
    const finding = checkTick({ lastAt: ago(silentS), oldestDue: ago(lateS) }, NOON);
    expect(brief(finding)).toBe(`tick ${expected}`);
    expect(advised([finding])).toEqual([]);
  });
});

describe('checkQueues', () => {
  const depths = (intake: number, intakeDead: number, due: number, dueDead: number): QueueDepths => ({
    intake: { queue: { value: intake }, deadLetters: { value: intakeDead } },
    due: { queue: { value: due }, deadLetters: { value: dueDead } },
  });

  it('has nothing to say of up to 1,000 waiting messages and no dead letter', () => {
    expect(checkQueues(depths(0, 0, 1_000, 0)).map(brief)).toEqual([
      'intake-queue ok: nothing waits',
      'intake-dead-letters ok: none',
      'due-queue ok: 1000 messages wait',
      'due-dead-letters ok: none',
    ]);
  });

  it('fails at 1,001 waiting messages and at one signal given up; one due row given up is a warning', () => {
    const findings = checkQueues(depths(1_001, 1, 1_001, 1));
    expect(findings.map(({ state }) => state)).toEqual(['failure', 'failure', 'failure', 'warning']);
    expect(advised(findings)).toEqual([]);
  });

  it('does not take an unanswered question for an empty queue', () => {
    const findings = checkQueues({ ...depths(0, 0, 0, 0), intake: { queue: DENIED, deadLetters: DENIED } });
    expect(findings.map(({ state, unanswered }) => [state, unanswered])).toEqual([
      ['warning', true],
      ['warning', true],
      ['ok', undefined],
      ['ok', undefined],
    ]);
  });
});

describe('checkConcurrency', () => {
  it('warns of the 10 that a new account has, and not of 11', () => {
    const states = [10, 11, 1_000].map((value) => checkConcurrency({ value }).state);
    expect(states).toEqual(['warning', 'ok', 'ok']);
  });
});

describe('checkSms', () => {
  const findings = (changes: Partial<AccountReading>) => checkSms(calm(fourLevels, changes)).map(brief);
  const attributes = (monthlySpendLimitUsd: number, logsFailures = true) => ({
    sms: { value: { monthlySpendLimitUsd, logsFailures } },
  });

  it('has nothing to say of an account out of the sandbox, at 3 of 100 USD, that logs failures', () => {
    expect(findings({})).toEqual([
      'sms-sandbox ok: the account is out of it',
      'sms-spend ok: 3 % of 100 USD a month is spent',
      'sms-delivery-logs ok: SNS writes them',
    ]);
  });

  it.each([
    [1, 0, 'warning: 1 USD a month, which is some 100 SMS or fewer: beyond it SNS drops them'],
    [100, 79.9, 'ok: 79 % of 100 USD a month is spent'],
    [100, 80, 'warning: 80 % of 100 USD a month is spent'],
    [100, 100, 'failure: 100 % of 100 USD a month is spent: SNS drops every SMS'],
    [0, 0, 'failure: 100 % of 0 USD a month is spent: SNS drops every SMS'],
  ])('a limit of %d USD of which %d is spent', (limit, spent, expected) => {
    expect(findings({ ...attributes(limit), spentUsd: { value: spent } })[1]).toBe(`sms-spend ${expected}`);
  });

  it('advises to raise a limit up to the quota, and to ask AWS beyond it', () => {
    const advice = checkSms(calm(fourLevels, { ...attributes(100), spentUsd: { value: 100 } }))[1]?.advice;
    expect(advice).not.toContain('1 USD');
    expect(advice).toMatch(/MonthlySpendLimit=N`, N up to the account's quota; beyond it ask AWS/);
  });

  it('warns of the sandbox, and of failures that nobody logs', () => {
    const [sandbox, , logs] = findings({
      sandbox: { value: { verified: ['+1'] } },
      ...attributes(100, false),
    });
    expect(sandbox).toMatch(/^sms-sandbox warning: .* verified numbers only, 1 so far/);
    expect(logs).toMatch(/^sms-delivery-logs warning/);
  });

  it('says nothing of SMS to a team without a phone', () => {
    expect(checkSms(calm(fourLevels, { optedOut: {} }))).toEqual([]);
  });
});

describe('checkWatchers', () => {
  const watched = (changes: Partial<AccountReading>) => {
    const reading = calm(fourLevels, changes);
    return checkWatchers(reading, judgeContacts(fourLevels, reading), fourLevels);
  };
  const sms = (phone: string) => ({ ...subscribed(phone), protocol: 'sms' });
  const pending = { protocol: 'email', endpoint: 'ana@example.com', state: 'pending' as const };
  const other = { ...pending, endpoint: 'somebody@example.com' };

  it('is content when those of the first and the last level are confirmed, whoever else is not', () => {
    const value = [subscribed('ana@example.com'), subscribed('dan@example.com'), other];
    expect(brief(watched({ watchers: { value } }))).toBe('watchers ok: 2 of 3 subscriptions reach somebody');
  });

  it('warns of an email that is not confirmed beside one that is', () => {
    const found = watched({ watchers: { value: [pending, subscribed('dan@example.com')] } });
    expect(brief(found)).toBe(
      'watchers warning: does not reach the email of Ana: its subscription to this topic is not confirmed, or has ended',
    );
    expect(advised([found])).toEqual([]);
  });

  it('warns of a phone that cannot be reached beside an email that is confirmed', () => {
    const value = [subscribed('ana@example.com'), subscribed('dan@example.com'), sms('+12025550101')];
    const optedOut = { ...calm(fourLevels).optedOut, ana: { value: true } };
    const found = watched({ watchers: { value }, optedOut });
    expect(brief(found)).toBe('watchers warning: 2 of 3 subscriptions reach somebody, the SMS to Ana do not');
    expect(advised([found])).toEqual([]);
  });

  it.each([
    ['no subscription', []],
    ['a pending one', [pending]],
    ['a phone that has opted out', [sms('+12025550101')]],
  ])('fails with %s', (_, watchers) => {
    const optedOut = { ...calm(fourLevels).optedOut, ana: { value: true } };
    expect(watched({ watchers: { value: watchers }, optedOut })).toMatchObject({ state: 'failure' });
  });
});

describe('CAUSES', () => {
  it('advise a link in quotes: a shell takes its & for the end of a command', () => {
    const advices = Object.values(CAUSES).map(({ advice }) => advice);
    const confirming = advices.filter((advice) => advice.includes('contacts confirm'));
    expect(confirming).toHaveLength(3);
    expect(confirming.filter((advice) => !advice.includes("confirm 'LINK'`"))).toEqual([]);
  });
});

describe('checkLevels', () => {
  const levels = (changes: Partial<AccountReading>, operations = fourLevels) =>
    checkLevels(judgeContacts(operations, calm(operations, changes)), operations, NOON).map(brief);

  it('counts a person whom one of two channels reaches', () => {
    const optedOut = { ...calm(fourLevels).optedOut, ana: { value: true } };
    expect(levels({ optedOut })[0]).toBe('level:1 ok: 1 of 1 people can be reached');
  });

  it('fails for the level of a person whom neither channel reaches, and for no other', () => {
    const { optedOut, topics } = calm(fourLevels);
    const lost = {
      optedOut: { ...optedOut, ana: { value: true } },
      topics: { ...topics, ana: { value: [] } },
    };
    expect(levels(lost)).toEqual([
      'level:1 failure: none of 1 people can be reached',
      'level:2 ok: 1 of 1 people can be reached',
      'level:3 ok: 1 of 1 people can be reached',
      'level:4 ok: 1 of 1 people can be reached',
    ]);
  });

  it('warns of a level where 1 of 2 people can be reached', () => {
    const { optedOut, topics } = calm(fourLevels);
    const lost = {
      optedOut: { ...optedOut, ana: { value: true } },
      topics: { ...topics, ana: { value: [] } },
    };
    const operations = { ...fourLevels, levels: [['ana', 'ben'], ['cleo']] };
    expect(levels(lost, operations)).toEqual([
      'level:1 warning: 1 of 2 people can be reached, Ana cannot',
      'level:2 ok: 1 of 1 people can be reached',
    ]);
  });

  it('fails for a level with nobody on it', () => {
    expect(levels({}, { ...fourLevels, levels: [['ana'], []] })[1]).toBe(
      'level:2 failure: nobody is on call',
    );
  });

  it('does not take people for lost about whom AWS does not answer', () => {
    expect(levels({ topics: {}, optedOut: {} })[0]).toBe('level:1 ok: 1 of 1 people can be reached');
  });
});

describe('checkHolds', () => {
  const HOUR_MS = 3_600_000;
  const window = (more: object): Window => ({
    kind: 'once',
    id: 'a1b2c3',
    hold: 'maintenance',
    match: { service: 'checkout' },
    reason: 'new database',
    from: NOON - HOUR_MS,
    until: NOON + HOUR_MS,
    ...more,
  });
  const holds = (...windows: Window[]) => checkHolds({ ...fourLevels, windows }, NOON);

  it.each<[string, Window[], string]>([
    ['none, or one to come', [window({ from: NOON + 1 })], 'ok: no maintenance or silence is on'],
    [
      'some alerts',
      [window({}), window({ id: 'd4e5f6', hold: 'silenced', match: { labels: { region: 'eu-*' } } })],
      'ok: maintenance a1b2c3 holds service checkout until 13:00Z, silence d4e5f6 holds region=eu-* until 13:00Z',
    ],
    [
      'every alert',
      [window({}), window({ id: 'all', match: {} })],
      'warning: maintenance a1b2c3 holds service checkout until 13:00Z, maintenance all holds every alert until 13:00Z',
    ],
    [
      'every service',
      [window({ match: { service: '*' } })],
      'warning: maintenance a1b2c3 holds service * until 13:00Z',
    ],
  ])('of %s', (_, windows, expected) => {
    const finding = holds(...windows);
    expect(brief(finding)).toBe(`holds ${expected}`);
    expect(advised([finding])).toEqual([]);
  });
});

describe('checkAnswers', () => {
  it('names the questions that were not answered', () => {
    expect(brief(checkAnswers(calm(fourLevels, { sandbox: DENIED })))).toBe(
      `answers warning: not answered: ${DENIED.unknown}`,
    );
  });
});
