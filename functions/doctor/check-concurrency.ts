/** The finding about how many functions may run at once: a new account's limit is far too low for a storm. */
import { type Asked, notAnswered } from './asked.ts';
import type { Finding } from './contract.ts';

/** What new accounts have. Source: aws-facts, Lambda */
const NEW_ACCOUNT_LIMIT = 10;

export function checkConcurrency(limit: Asked<number>): Finding {
  const finding = { id: 'concurrency', title: "Lambda's concurrency limit" };
  if ('unknown' in limit) return notAnswered(finding, limit.unknown);
  const found = `${limit.value} functions may run at once`;
  if (limit.value > NEW_ACCOUNT_LIMIT) return { ...finding, state: 'ok', found };
  return {
    ...finding,
    state: 'warning',
    found,
    advice:
      'Everything in this account and Region shares them, and whatever else is busy delays pages. Ask AWS for 1,000: Service Quotas, AWS Lambda, "Concurrent executions".',
  };
}
