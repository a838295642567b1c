/** What the stack, the answer pages and the operator's command line agree on. */

import type { PagingEnv } from '../paging/contract.ts';

/** Environment of `answer.handler.ts` (HTTP API, `GET` and `POST /a/{token}`). */
export type AnswerEnv = { TABLE_NAME: string; DUE_QUEUE_URL: string };

/** Environment of `operate.handler.ts` (invoked by the command line, IAM-authorised). */
export type OperateEnv = PagingEnv & {
  TABLE_NAME: string;
  DUE_QUEUE_URL: string;
  INTAKE_QUEUE_URL: string;
};

export const ANSWER_ROUTE = '/a/{token}';
/** What is left of a link that was cut before its token. */
export const CUT_ANSWER_ROUTE = '/a';
