/** Whether messages would arrive: what the account says of the ways to people, judged for each responder and channel. */
import { type Asked, given } from '../doctor/asked.ts';
import type { Operations, PageChannel, Responder } from '../operations/operations.ts';
import { watchersOf } from '../operations/watchers.ts';

/** One of a topic's. An SMS subscription needs no confirmation. */
export type Subscription = { protocol: string; endpoint: string } & (
  | { state: 'pending' }
  /** `authenticated`: confirmed by a signed call, so that ending it takes one as well */
  | { state: 'confirmed'; authenticated: Asked<boolean> }
);

/** All that the account was asked about contacts. */
export type AccountReading = {
  /** subscriptions to the topic of each responder who has an email */
  topics: Record<string, Asked<Subscription[]>>;
  watchers: Asked<Subscription[]>;
  /** of each responder who has a phone */
  optedOut: Record<string, Asked<boolean>>;
  /** the numbers that SMS go to while the account is in the sandbox; null when it is not */
  sandbox: Asked<{ verified: string[] } | null>;
  sms: Asked<{ monthlySpendLimitUsd: number; logsFailures: boolean }>;
  /** this month, for SMS */
  spentUsd: Asked<number>;
};

type Judgement = { reason: string; advice: string };

/** Why a contact is not simply reachable. The reasons stand on timelines: no number, no address, nothing that changes daily. */
export const CAUSES = {
  'not-subscribed': {
    reason: 'its subscription was not confirmed within 48 hours, or has ended',
    advice:
      "Run `tocsin doctor --fix`: AWS sends a new confirmation. Copy its link and run `tocsin contacts confirm 'LINK'`.",
  },
  pending: {
    reason: 'its subscription is not confirmed yet',
    advice:
      'Copy the link in "AWS Notification - Subscription Confirmation" and run `tocsin contacts confirm \'LINK\'`. Is there no such email, `tocsin doctor --fix` has AWS send it again.',
  },
  unauthenticated: {
    reason: 'anybody with one of its emails, a mail scanner too, can end its subscription',
    advice:
      "At a quiet moment delete the subscription in the SNS console, run `tocsin doctor --fix`, and confirm with `tocsin contacts confirm 'LINK'` instead of a click.",
  },
  'opted-out': {
    reason: 'the number has opted out of SMS',
    advice:
      'In the SNS console, Text messaging, opt the number in again: AWS allows it once in 30 days. Sooner, where the country has it, the person texts START to the number that the SMS came from.',
  },
  sandboxed: {
    reason: 'the account is in the SMS sandbox, and the number is not verified',
    advice:
      'Ask AWS to move the account out of the sandbox, or verify the number in the SNS console, Text messaging, Sandbox destination phone numbers.',
  },
  spent: {
    reason: "the account's monthly limit for SMS is spent",
    advice:
      'Raise MonthlySpendLimit (`aws sns set-sms-attributes`); beyond the quota ask AWS for more. Otherwise SMS go again next month.',
  },
} as const satisfies Record<string, Judgement>;
export type Cause = keyof typeof CAUSES;

export type Verdict = { responder: string; channel: PageChannel } & (
  | { state: 'reachable' }
  | ({ state: 'at-risk' | 'unreachable'; cause?: Cause } & Judgement)
  /** `unexcluded`: reasons for which it may be unreachable, as far as AWS could not be asked */
  | ({ state: 'unknown'; unexcluded: string[] } & Judgement)
);

type Way = Verdict extends infer V ? (V extends Verdict ? Omit<V, 'responder' | 'channel'> : never) : never;

/**
 * Judges every responder's channels.
 * @returns in the order of operations.ts, SMS before email; a channel that a person does not have is left out
 * Source: design, Paging; aws-facts, SNS
 */
export function judgeContacts(operations: Operations, reading: AccountReading): Verdict[] {
  return Object.entries(operations.responders).flatMap(([responder, person]): Verdict[] => [
    ...(person.phone
      ? [{ responder, channel: 'sms' as const, ...judgeSms(responder, person, reading) }]
      : []),
    ...(person.email
      ? [{ responder, channel: 'email' as const, ...judgeEmail(responder, person, reading) }]
      : []),
  ]);
}

function judgeEmail(responder: string, { email }: Responder, { topics }: AccountReading): Way {
  const topic = topics[responder] ?? { unknown: 'for its subscriptions' };
  if ('unknown' in topic) return unanswered([topic.unknown], ['not-subscribed', 'pending']);
  const own = topic.value.filter((one) => one.protocol === 'email' && isSameAddress(one.endpoint, email));
  const confirmed = own.find(({ state }) => state === 'confirmed');
  if (confirmed?.state !== 'confirmed') return unreachable(own.length > 0 ? 'pending' : 'not-subscribed');
  const { authenticated } = confirmed;
  if ('unknown' in authenticated) return unanswered([authenticated.unknown], []);
  return authenticated.value
    ? { state: 'reachable' }
    : { state: 'at-risk', cause: 'unauthenticated', ...CAUSES.unauthenticated };
}

function judgeSms(responder: string, { phone = '' }: Responder, reading: AccountReading): Way {
  const { sandbox, sms, spentUsd } = reading;
  const questions: { cause: Cause; holds: Asked<boolean> }[] = [
    { cause: 'opted-out', holds: reading.optedOut[responder] ?? { unknown: 'whether it has opted out' } },
    { cause: 'sandboxed', holds: given(sandbox, (box) => box?.verified.includes(phone) === false) },
    {
      cause: 'spent',
      holds: 'unknown' in sms ? sms : given(spentUsd, (spent) => spent >= sms.value.monthlySpendLimitUsd),
    },
  ];
  const found = questions.find(({ holds }) => 'value' in holds && holds.value);
  if (found) return unreachable(found.cause);
  const open = questions.filter(({ holds }) => 'unknown' in holds);
  if (open.length === 0) return { state: 'reachable' };
  const why = open.map(({ holds }) => ('unknown' in holds ? holds.unknown : ''));
  return unanswered(
    why,
    open.map(({ cause }) => cause),
  );
}

function unreachable(cause: Cause): Way {
  return { state: 'unreachable', cause, ...CAUSES[cause] };
}

function unanswered(why: string[], causes: Cause[]): Way {
  return {
    state: 'unknown',
    unexcluded: causes.map((cause) => CAUSES[cause].reason),
    reason: `AWS did not answer ${[...new Set(why)].join(', ')}`,
    advice: 'Ask again in a minute. Does it stay so, the role of the function `audit` lacks that permission.',
  };
}

/** Mail systems do not tell upper from lower case, and people write both. */
function isSameAddress(endpoint: string, email = ''): boolean {
  return endpoint.toLowerCase() === email.toLowerCase();
}

/** The watchers whose email does not get what is published to their topic. @returns keys of `operations.responders` */
export function unsubscribedWatchers(
  operations: Operations,
  subscriptions: readonly Subscription[],
): string[] {
  const confirmed = subscriptions.filter(
    ({ protocol, state }) => protocol === 'email' && state === 'confirmed',
  );
  return [...watchersOf(operations)].filter((responder) => {
    const email = operations.responders[responder]?.email;
    return email && !confirmed.some(({ endpoint }) => isSameAddress(endpoint, email));
  });
}

/** All that AWS did not answer, each once. */
export function unansweredOf(reading: AccountReading): string[] {
  const subscribed = [...Object.values(reading.topics), reading.watchers];
  const attributes = subscribed.flatMap((topic) =>
    'value' in topic
      ? topic.value.flatMap((one) => (one.state === 'confirmed' ? [one.authenticated] : []))
      : [],
  );
  const all: Asked<unknown>[] = [
    ...subscribed,
    ...attributes,
    ...Object.values(reading.optedOut),
    reading.sandbox,
    reading.sms,
    reading.spentUsd,
  ];
  return [...new Set(all.flatMap((one) => ('unknown' in one ? [one.unknown] : [])))];
}
