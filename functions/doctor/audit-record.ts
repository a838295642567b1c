/** What the audits remember, in one row: how each contact stood, what people were told of, which contacts were tried out. */
import * as z from 'zod/mini';
import { tocsinSignal } from '../intake/own-signal.ts';
import type { Signal } from '../intake/signal.ts';
import type { PageChannel } from '../operations/operations.ts';
import type { Verdict } from '../paging/reachability.ts';
import type { Finding } from './contract.ts';

const Contact = z.object({
  responder: z.string(),
  channel: z.enum(['sms', 'email']),
  state: z.enum(['reachable', 'at-risk', 'unreachable', 'unknown']),
  reason: z.optional(z.string()),
  advice: z.optional(z.string()),
  /** since when it has been in this state */
  since: z.number(),
});

/** One alert of our own: on while something is wrong. */
const Report = z.object({
  /** the sender's key: `contact:ana:sms`, `doctor:sms-spend` */
  key: z.string(),
  state: z.enum(['alarm', 'ok']),
  /** of the signal: whatever repeats it is stale */
  since: z.number(),
  /** it looks well since then; people are told when it stays so */
  wellSince: z.optional(z.number()),
  title: z.string(),
  advice: z.optional(z.string()),
  /** the signal is in the intake queue */
  told: z.boolean(),
});
export type Report = z.infer<typeof Report>;

export const AuditRecord = z.object({
  version: z.number(),
  /** when contacts were last audited */
  checkedAt: z.optional(z.number()),
  contacts: z.array(Contact),
  reports: z.array(Report),
  /** when somebody last said that a test message arrived */
  verified: z.array(z.object({ responder: z.string(), channel: z.enum(['sms', 'email']), at: z.number() })),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

export const NEVER_AUDITED: AuditRecord = { version: 0, contacts: [], reports: [], verified: [] };

/** The record after an audit of all contacts. */
export function recordVerdicts(
  record: AuditRecord,
  verdicts: readonly Verdict[],
  nowMs: number,
): AuditRecord {
  const contacts = verdicts.map(({ responder, channel, ...verdict }) => {
    const before = record.contacts.find((one) => one.responder === responder && one.channel === channel);
    const since = before?.state === verdict.state ? before.since : nowMs;
    const words = 'reason' in verdict ? { reason: verdict.reason, advice: verdict.advice } : {};
    return { responder, channel, state: verdict.state, ...words, since };
  });
  return { ...record, checkedAt: nowMs, contacts };
}

/** The record after somebody said that a test message arrived. */
export function recordVerified(
  record: AuditRecord,
  { responder, channel }: { responder: string; channel: PageChannel },
  nowMs: number,
): AuditRecord {
  const others = record.verified.filter((one) => one.responder !== responder || one.channel !== channel);
  return { ...record, verified: [...others, { responder, channel, at: nowMs }] };
}

/**
 * The record with a report for each finding that has changed since people were last told. What could not be looked at
 * changes nothing; a finding that is gone (the person left operations.ts) ends its report.
 * @param findings  by the keys of their reports
 * @param isOurs    which keys these findings speak for
 * @param steadyMs  so long one has to be well before its report ends
 */
export function report(
  record: AuditRecord,
  findings: ReadonlyMap<string, Finding>,
  isOurs: (key: string) => boolean,
  steadyMs: number,
  nowMs: number,
): AuditRecord {
  const before = new Map(record.reports.map((one) => [one.key, one]));
  const vanished = [...before.keys()].filter((key) => isOurs(key) && !findings.has(key));
  const changed = [
    ...[...findings].map(([key, finding]) => reportOf(key, finding, before.get(key), steadyMs, nowMs)),
    ...vanished.map((key) => ended(before.get(key)!, nowMs)),
  ].filter((one) => one !== undefined);
  for (const one of changed) before.set(one.key, one);
  return { ...record, reports: [...before.values()] };
}

function reportOf(
  key: string,
  { state, title, found, advice, unanswered }: Finding,
  before: Report | undefined,
  steadyMs: number,
  nowMs: number,
): Report | undefined {
  if (unanswered) return undefined;
  if (state === 'ok') return before && well(before, steadyMs, nowMs);
  const text = `${title}: ${found}`;
  if (before?.state === 'alarm' && before.title === text) return { ...before, wellSince: undefined };
  return { key, state: 'alarm', since: nowMs, title: text, advice, told: false };
}

function well(before: Report, steadyMs: number, nowMs: number): Report | undefined {
  const wellSince = before.wellSince ?? nowMs;
  return nowMs - wellSince >= steadyMs ? ended(before, nowMs) : { ...before, wellSince };
}

function ended(before: Report, nowMs: number): Report | undefined {
  return before.state === 'ok' ? undefined : { ...before, state: 'ok', since: nowMs, told: false };
}

export function untold({ reports }: AuditRecord): Report[] {
  return reports.filter(({ told }) => !told);
}

/** The record after these were sent. What is over and told of is forgotten. */
export function markTold(record: AuditRecord, sent: readonly Report[]): AuditRecord {
  const isSent = (one: Report) => sent.some(({ key, since }) => key === one.key && since === one.since);
  const reports = record.reports
    .map((one) => (isSent(one) ? { ...one, told: true } : one))
    .filter(({ state, told }) => state === 'alarm' || !told);
  return { ...record, reports };
}

/** A report as the intake queue takes it: a warning from Tocsin itself. */
export function signalOf({ key, state, since, title, advice }: Report): Signal {
  return tocsinSignal({ key, state, at: since, title, description: advice });
}
