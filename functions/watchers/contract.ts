/** What the stack, the local world and the escalation audit agree on. */

/** Environment of `escalation-audit.handler.ts`. */
export type EscalationAuditEnv = {
  TABLE_NAME: string;
  INTAKE_QUEUE_URL: string;
  INTAKE_DEAD_LETTER_QUEUE_URL: string;
  DUE_QUEUE_URL: string;
  DUE_DEAD_LETTER_QUEUE_URL: string;
  /** of the code and the procedures that read signals now */
  CODE_VERSION: string;
};

export const ESCALATION_AUDIT_PERIOD_MS = 5 * 60_000;

/** As the alarm on what is overdue has it. Source: design, Failure */
export const LATE_MOST_MS = 120_000;

/**
 * EMF metric of the escalation audit: milliseconds by which the latest open alert is late. Written only when all that was
 * found could be put right, so that its coming is the audit's heartbeat.
 */
export const ESCALATION_LAG_METRIC = 'EscalationLag';
