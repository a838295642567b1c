/** What an answer did, carried from the POST to the page that is shown after it: in the address, so that reloading repeats nothing. */
import * as z from 'zod/mini';
import type { AnswerOutcome } from '../alerts/describe-outcome.ts';
import { answerPath } from './answer-buttons.ts';

/** An address that is opened later, from a phone's history, does not speak of a moment ago. */
const SHOWN_MS = 10 * 60_000;

const ANSWERS = ['acknowledge', 'resolve', 'escalate', 'snooze'] as const;
const KINDS = ['done', 'answered-before', 'nothing-to-do'] as const;

const Query = z.object({
  done: z.enum(ANSWERS),
  as: z.optional(z.enum(KINDS)),
  at: z.coerce.number(),
  of: z.optional(z.string()),
});

/** `outcome` is absent when the answer was to all of a bundle: each alert says for itself. */
export type Done = {
  answer: AnswerOutcome['answer'];
  outcome?: AnswerOutcome | undefined;
  /** the one that was answered, where the link has several */
  alertId?: string | undefined;
  /** when: epoch milliseconds */
  at: number;
};

/** Where the page goes after the answer: `/a/<token>?done=acknowledge&as=done&at=…`. Nothing in it is secret but the token. */
export function doneAddress(token: string, { answer, outcome, alertId, at }: Done): string {
  const query = new URLSearchParams({
    done: answer,
    ...(outcome && { as: outcome.kind }),
    at: String(at),
    ...(alertId && { of: alertId }),
  });
  return `${answerPath(token)}?${query}${alertId ? `#${alertId}` : ''}`;
}

/** Reads it back; what is no answer of ours, or older than ten minutes, is nothing. */
export function readDone(
  query: Record<string, string | undefined> | undefined,
  nowMs: number,
): Done | undefined {
  const parsed = Query.safeParse(query ?? {});
  if (!parsed.success) return undefined;
  const { done: answer, as: kind, at, of: alertId } = parsed.data;
  if (at > nowMs || nowMs - at > SHOWN_MS) return undefined;
  return {
    answer,
    at,
    ...(kind && { outcome: { answer, kind } }),
    ...(alertId !== undefined && { alertId }),
  };
}
