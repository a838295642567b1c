/** What the stack, the audit and the command line agree on. */

/** Environment of `audit.handler.ts`. */
export type AuditEnv = {
  TABLE_NAME: string;
  RESPONDER_TOPIC_ARN_PREFIX: string;
  WATCHERS_TOPIC_ARN: string;
  INTAKE_QUEUE_URL: string;
  INTAKE_DEAD_LETTER_QUEUE_URL: string;
  DUE_QUEUE_URL: string;
  DUE_DEAD_LETTER_QUEUE_URL: string;
};

/** What the audit is invoked with: by its schedules, or by `tocsin doctor`. */
export type AuditEvent =
  /** each five minutes: contacts, and whether operations.ts has changed */
  | { audit: 'contacts' }
  /** each day: everything; what is wrong becomes a warning alert */
  | { audit: 'all' }
  /** `tocsin doctor`: everything, as an answer; `fix` mends what can be mended. Changes nothing otherwise. */
  | { audit: 'doctor'; fix?: boolean };

/** One thing that was looked at. */
export type Finding = {
  /** stable: `contact:ana:sms`, `level:2`, `tick`, `intake-queue` … */
  id: string;
  state: 'ok' | 'warning' | 'failure';
  /** what was looked at, and what was seen */
  title: string;
  found: string;
  /** what to do; for everything that is not ok */
  advice?: string | undefined;
  /** what `fix` did about it */
  fixed?: string | undefined;
  /** AWS did not answer: it says nothing either way, and `found` names the question */
  unanswered?: boolean | undefined;
};

export type AuditAnswer = { kind: 'ok'; findings: Finding[]; checkedAt: number };
