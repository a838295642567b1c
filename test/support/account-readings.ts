/** What an account says of a team's contacts: all is well, unless a test says otherwise. */
import type { Operations } from '../../functions/operations/operations.ts';
import type { AccountReading, Subscription } from '../../functions/paging/reachability.ts';

export const DENIED = { unknown: 'sns:GetSMSSandboxAccountStatus: AuthorizationErrorException' };

export function calm({ responders }: Operations, changes: Partial<AccountReading> = {}): AccountReading {
  const people = Object.entries(responders);
  return {
    topics: Object.fromEntries(
      people.flatMap(([name, { email }]) => (email ? [[name, { value: [subscribed(email)] }]] : [])),
    ),
    watchers: { value: people.flatMap(([, { email }]) => (email ? [subscribed(email)] : [])) },
    optedOut: Object.fromEntries(
      people.flatMap(([name, { phone }]) => (phone ? [[name, { value: false }]] : [])),
    ),
    sandbox: { value: null },
    sms: { value: { monthlySpendLimitUsd: 100, logsFailures: true } },
    spentUsd: { value: 3 },
    ...changes,
  };
}

/** A confirmed subscription of an email; `authenticated`: by a signed call. */
export function subscribed(endpoint: string, authenticated = true) {
  return {
    protocol: 'email',
    endpoint,
    state: 'confirmed' as const,
    authenticated: { value: authenticated },
  } satisfies Subscription;
}
