/** Findings about contacts: each person's channels, the watchers, and the levels that would page nobody. */
import { listNames, nameOf } from '../alerts/describe-alert.ts';
import { onCall } from '../oncall/on-call.ts';
import type { Operations } from '../operations/operations.ts';
import {
  type AccountReading,
  type Subscription,
  unansweredOf,
  unsubscribedWatchers,
  type Verdict,
} from '../paging/reachability.ts';
import { notAnswered } from './asked.ts';
import type { Finding } from './contract.ts';

const CHANNEL_NAMES = { sms: 'SMS', email: 'email' } as const;

/** One for each responder and channel. */
export function checkContacts(verdicts: readonly Verdict[], operations: Operations): Finding[] {
  return verdicts.map((verdict) => checkContact(verdict, nameOf(verdict.responder, operations)));
}

function checkContact(verdict: Verdict, name: string): Finding {
  const { responder, channel } = verdict;
  const finding = { id: `contact:${responder}:${channel}`, title: `${name} by ${CHANNEL_NAMES[channel]}` };
  if (verdict.state === 'reachable') return { ...finding, state: 'ok', found: 'can be reached' };
  const { reason, advice } = verdict;
  switch (verdict.state) {
    case 'at-risk':
      return { ...finding, state: 'warning', found: `can be reached, but ${reason}`, advice };
    case 'unreachable':
      return { ...finding, state: 'failure', found: `cannot be reached, ${reason}`, advice };
    case 'unknown':
      return { ...finding, state: 'warning', found: `not known, ${reason}`, advice, unanswered: true };
  }
}

/** The last resort: whether a message to the watchers' topic reaches anybody. */
export function checkWatchers(
  { watchers }: AccountReading,
  verdicts: readonly Verdict[],
  operations: Operations,
): Finding {
  const finding = { id: 'watchers', title: "The watchers' topic" };
  if ('unknown' in watchers) return notAnswered(finding, watchers.unknown);
  const reached = watchers.value.filter((one) => isReached(one, verdicts, operations));
  const missing = unsubscribedWatchers(operations, watchers.value);
  if (reached.length > 0 && missing.length > 0) {
    const names = listNames(missing.map((responder) => nameOf(responder, operations)));
    return {
      ...finding,
      state: 'warning',
      found: `does not reach the email of ${names}: its subscription to this topic is not confirmed, or has ended`,
      advice:
        "This topic has an email to confirm of its own. Run `tocsin doctor --fix`, and confirm what AWS sends with `tocsin contacts confirm 'LINK'`.",
    };
  }
  if (reached.length > 0) {
    const found = `${reached.length} of ${watchers.value.length} subscriptions reach somebody`;
    const phones = watchers.value.filter((one) => one.state === 'confirmed' && !reached.includes(one));
    if (phones.length === 0) return { ...finding, state: 'ok', found };
    const people = Object.keys(operations.responders).filter((responder) =>
      phones.some(({ endpoint }) => endpoint === operations.responders[responder]?.phone),
    );
    const names = listNames(people.map((responder) => nameOf(responder, operations)));
    return {
      ...finding,
      state: 'warning',
      found: `${found}, the SMS to ${names} do not`,
      advice: 'The others are told. See the findings about the SMS of these people.',
    };
  }
  return {
    ...finding,
    state: 'failure',
    found: 'reaches nobody, none of its subscriptions is confirmed',
    advice:
      "When no person can be paged, and when Tocsin itself is ill, this topic is all there is. Run `tocsin doctor --fix`, and confirm the email that AWS sends with `tocsin contacts confirm 'LINK'`.",
  };
}

function isReached(one: Subscription, verdicts: readonly Verdict[], { responders }: Operations): boolean {
  if (one.state !== 'confirmed') return false;
  if (one.protocol !== 'sms') return true;
  const lost = verdicts.filter(({ channel, state }) => channel === 'sms' && state === 'unreachable');
  return !lost.some(({ responder }) => responders[responder]?.phone === one.endpoint);
}

/** One for each level: whether its pages reach somebody. */
export function checkLevels(verdicts: readonly Verdict[], operations: Operations, nowMs: number): Finding[] {
  return operations.levels.map((_, index): Finding => {
    const level = index + 1;
    const people = onCall(operations, level, nowMs);
    const reached = people.filter((responder) =>
      verdicts.some((one) => one.responder === responder && one.state !== 'unreachable'),
    );
    const finding = { id: `level:${level}`, title: `Level ${level}` };
    if (reached.length > 0) {
      const found = `${reached.length} of ${people.length} people can be reached`;
      const lost = people.filter((responder) => !reached.includes(responder));
      if (lost.length === 0) return { ...finding, state: 'ok', found };
      return {
        ...finding,
        state: 'warning',
        found: `${found}, ${listNames(lost.map((responder) => nameOf(responder, operations)))} cannot`,
        advice: 'Its pages go to the others. See the findings about its people.',
      };
    }
    return {
      ...finding,
      state: 'failure',
      found: people.length === 0 ? 'nobody is on call' : `none of ${people.length} people can be reached`,
      advice:
        people.length === 0
          ? 'Its pages go to the next level that has somebody. Name people for it in operations.ts.'
          : 'Its pages go to other levels. See the findings about its people.',
    };
  });
}

/** Whether the account answered all that it was asked about contacts. */
export function checkAnswers(reading: AccountReading): Finding {
  const missing = unansweredOf(reading);
  const finding = { id: 'answers', title: 'What AWS says of contacts' };
  if (missing.length === 0) return { ...finding, state: 'ok', found: 'all questions were answered' };
  return {
    ...finding,
    state: 'warning',
    found: `not answered: ${missing.join(', ')}`,
    advice:
      'Until it is, nobody is told when a contact can no longer be reached for that reason. Denied: the role of the function `audit` lacks the permission. Throttled: ask again in a minute.',
  };
}
