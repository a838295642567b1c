/** What AWS answered, or that it could not be asked: throttled, denied, not known there. Nothing is concluded from that. */
import type { Finding } from './contract.ts';

export type Asked<T> = { value: T } | { unknown: string };

/**
 * Asks, and takes a refusal for what it is: no answer.
 * @param question  the API's name, `sns:GetSMSAttributes`; all that people are told of it, beside the error's name
 */
export async function ask<T>(question: string, answer: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await answer() };
  } catch (error) {
    return { unknown: `${question}: ${error instanceof Error ? error.name : 'failed'}` };
  }
}

/** What follows from the answer, if there is one. */
export function given<T, U>(asked: Asked<T>, then: (value: T) => U): Asked<U> {
  return 'value' in asked ? { value: then(asked.value) } : asked;
}

/** The finding about what AWS did not say. */
export function notAnswered(finding: { id: string; title: string }, unknown: string): Finding {
  return {
    ...finding,
    state: 'warning',
    found: `not known, AWS did not answer ${unknown}`,
    advice: 'Ask again in a minute. Does it stay so, the role of the function `audit` lacks that permission.',
    unanswered: true,
  };
}
