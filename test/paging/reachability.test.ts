import { describe, expect, it } from 'vitest';
import {
  type AccountReading,
  CAUSES,
  judgeContacts,
  type Subscription,
  unansweredOf,
  unsubscribedWatchers,
} from '../../functions/paging/reachability.ts';
import { calm, DENIED, subscribed } from '../support/account-readings.ts';
import { fourLevels } from '../support/teams.ts';

/** How Ana stands, by SMS and by email. */
const anaIn = (changes: Partial<AccountReading>) => {
  const verdicts = judgeContacts(fourLevels, calm(fourLevels, changes));
  const of = (channel: string) => verdicts.find((one) => one.responder === 'ana' && one.channel === channel)!;
  return { sms: of('sms'), email: of('email') };
};

const anasTopic = (...subscriptions: Subscription[]): Partial<AccountReading> => ({
  topics: { ...calm(fourLevels).topics, ana: { value: subscriptions } },
});

describe('judgeContacts', () => {
  it('has one verdict for each of 4 phones and 4 emails, all reachable in a healthy account', () => {
    const verdicts = judgeContacts(fourLevels, calm(fourLevels));
    expect(verdicts.map(({ responder, channel, state }) => `${responder} ${channel} ${state}`)).toEqual([
      'ana sms reachable',
      'ana email reachable',
      'ben sms reachable',
      'ben email reachable',
      'cleo sms reachable',
      'cleo email reachable',
      'dan sms reachable',
      'dan email reachable',
    ]);
  });

  it.each<[string, Subscription[], string, string | undefined]>([
    ['no subscription', [], 'unreachable', 'not-subscribed'],
    [
      'one that is pending',
      [{ ...subscribed('ana@example.com'), state: 'pending' }],
      'unreachable',
      'pending',
    ],
    ['one of another address', [subscribed('ana@old.example.com')], 'unreachable', 'not-subscribed'],
    ['one that a click confirmed', [subscribed('ana@example.com', false)], 'at-risk', 'unauthenticated'],
    ['one that was confirmed and signed', [subscribed('ana@example.com')], 'reachable', undefined],
    ['one written in capitals', [subscribed('Ana@Example.com')], 'reachable', undefined],
    [
      'one by SMS, and none by email',
      [{ ...subscribed('ana@example.com'), protocol: 'sms' }],
      'unreachable',
      'not-subscribed',
    ],
    [
      'one pending beside one confirmed',
      [{ ...subscribed('ana@example.com'), state: 'pending' }, subscribed('ana@example.com')],
      'reachable',
      undefined,
    ],
  ])('judges an email whose topic has %s', (_, subscriptions, state, cause) => {
    const { email } = anaIn(anasTopic(...subscriptions));
    expect({ state: email.state, cause: 'cause' in email ? email.cause : undefined }).toEqual({
      state,
      cause,
    });
  });

  it.each<[string, Partial<AccountReading>, string | undefined]>([
    ['has opted out', { optedOut: { ...calm(fourLevels).optedOut, ana: { value: true } } }, 'opted-out'],
    ['is not verified in the sandbox', { sandbox: { value: { verified: ['+12025550102'] } } }, 'sandboxed'],
    ['is verified in the sandbox', { sandbox: { value: { verified: ['+12025550101'] } } }, undefined],
    ['meets a limit of 1 USD of which 0.99 is spent', { spentUsd: { value: 0.99 }, ...limit(1) }, undefined],
    ['meets a limit of 1 USD of which 1 is spent', { spentUsd: { value: 1 }, ...limit(1) }, 'spent'],
  ])('judges a phone that %s', (_, changes, cause) => {
    const { sms, email } = anaIn(changes);
    expect(sms.state).toBe(cause ? 'unreachable' : 'reachable');
    expect('cause' in sms ? sms.cause : undefined).toBe(cause);
    expect(email.state).toBe('reachable');
  });

  it('takes one definite no for a no, whatever else was not answered', () => {
    const { sms } = anaIn({ sandbox: DENIED, spentUsd: DENIED, optedOut: { ana: { value: true } } });
    expect(sms).toMatchObject({ state: 'unreachable', cause: 'opted-out' });
  });

  it('does not know of a phone while one of three questions has no answer, and says which reason stays possible', () => {
    const { sms } = anaIn({ sandbox: DENIED });
    expect(sms).toMatchObject({ state: 'unknown', unexcluded: [CAUSES.sandboxed.reason] });
    expect('reason' in sms && sms.reason).toContain(DENIED.unknown);
  });

  it('does not know of an email whose topic cannot be asked about', () => {
    const { email } = anaIn({ topics: { ana: DENIED } });
    expect(email).toMatchObject({
      state: 'unknown',
      reason: `AWS did not answer ${DENIED.unknown}`,
      unexcluded: [CAUSES['not-subscribed'].reason, CAUSES.pending.reason],
    });
  });

  it('does not take a confirmed email for unreachable when only its attributes are denied', () => {
    const { email } = anaIn(
      anasTopic({ ...subscribed('ana@example.com'), state: 'confirmed', authenticated: DENIED }),
    );
    expect(email).toMatchObject({
      state: 'unknown',
      unexcluded: [],
      reason: `AWS did not answer ${DENIED.unknown}`,
    });
  });

  it('leaves out the channel that somebody does not have', () => {
    const { ana, ben, ...others } = fourLevels.responders;
    const operations = {
      ...fourLevels,
      responders: {
        ana: { name: 'Ana', phone: ana!.phone },
        ben: { name: 'Ben', email: ben!.email },
        ...others,
      },
    };
    const verdicts = judgeContacts(operations, calm(operations));
    expect(verdicts.map(({ responder, channel }) => `${responder} ${channel}`).slice(0, 3)).toEqual([
      'ana sms',
      'ben email',
      'cleo sms',
    ]);
  });

  it('names no number and no address in any reason or advice', () => {
    const texts = Object.values(CAUSES).flatMap(({ reason, advice }) => [reason, advice]);
    expect(texts.join(' ')).not.toMatch(/\+\d|@/);
  });
});

describe('unansweredOf', () => {
  it('names each question once, however many people it was about', () => {
    const reading = calm(fourLevels, { sandbox: DENIED, topics: { ana: DENIED, ben: DENIED } });
    expect(unansweredOf(reading)).toEqual([DENIED.unknown]);
    expect(unansweredOf(calm(fourLevels))).toEqual([]);
  });

  it('names what was not said of a confirmed subscription, and asks nothing of one that is pending', () => {
    const attributes = { unknown: 'for its attributes' };
    const email = subscribed('ana@example.com');
    const unsaid = { ...email, state: 'confirmed', authenticated: attributes } as const;
    expect(unansweredOf(calm(fourLevels, anasTopic(unsaid)))).toEqual([attributes.unknown]);
    expect(unansweredOf(calm(fourLevels, { watchers: { value: [unsaid] } }))).toEqual([attributes.unknown]);
    const pending = { ...unsaid, state: 'pending' } as const;
    expect(unansweredOf(calm(fourLevels, anasTopic(pending)))).toEqual([]);
  });

  it('names the watchers’ topic', () => {
    expect(unansweredOf(calm(fourLevels, { watchers: DENIED }))).toEqual([DENIED.unknown]);
  });
});

describe('unsubscribedWatchers', () => {
  const ana = subscribed('Ana@Example.com');
  const dan = subscribed('dan@example.com');

  it.each<[string, Subscription[], string[]]>([
    ['both first and last level confirmed', [ana, dan], []],
    ['nobody', [], ['ana', 'dan']],
    ['somebody else', [subscribed('ben@example.com')], ['ana', 'dan']],
    ['one who has not confirmed', [{ ...ana, state: 'pending' }, dan], ['ana']],
    ['one by another protocol', [ana, { ...dan, protocol: 'sms' }], ['dan']],
  ])('with %s', (_, subscriptions, missing) => {
    expect(unsubscribedWatchers(fourLevels, subscriptions)).toEqual(missing);
  });

  it('misses nobody who has no email', () => {
    const { dan, ...others } = fourLevels.responders;
    const responders = { ...others, dan: { name: 'Dan', phone: dan!.phone } };
    expect(unsubscribedWatchers({ ...fourLevels, responders }, [ana])).toEqual([]);
  });
});

function limit(monthlySpendLimitUsd: number): Pick<AccountReading, 'sms'> {
  return { sms: { value: { monthlySpendLimitUsd, logsFailures: true } } };
}
