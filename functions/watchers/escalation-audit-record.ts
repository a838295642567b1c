/** What the escalation audit remembers from run to run; nothing, while all is well and one run sees every open alert. */
import * as z from 'zod/mini';
import { FeedCursor } from '../alerts/feed.store.ts';
import { tocsinSignal } from '../intake/own-signal.ts';
import type { Signal } from '../intake/signal.ts';
import type { Redriven } from './redrive-letters.ts';
import type { Finding, Walk } from './walk-alerts.ts';

export const EscalationAuditRecord = z.object({
  /** where the walk goes on; absent: at the beginning */
  cursor: z.optional(FeedCursor),
  /** this walk has found something */
  hasFound: z.optional(z.boolean()),
  /** what people were told of and is not over, by the sender's key of its alert */
  told: z.array(z.string()),
  /** pings of the external heartbeat address that failed in a row */
  failedPings: z.number(),
});
export type EscalationAuditRecord = z.infer<typeof EscalationAuditRecord>;

export const NOTHING_TO_REMEMBER: EscalationAuditRecord = { told: [], failedPings: 0 };

/** So many in an hour are no accident. Source: design, Failure */
const LETTERS_MOST = 10;

const FAILED_PINGS_MOST = 3;

/** In an alert's description. */
const FINDINGS_SHOWN = 10;

/** Something that people are told of while it is so; `isOn` is absent when this run does not know. */
export type Report = { key: string; isOn: boolean | undefined; title: string; description: string };

/** The record after a walk: how far it has come, and whether it has found anything so far. */
export function recordWalk(record: EscalationAuditRecord, { next, findings }: Walk): EscalationAuditRecord {
  const hasFound = record.hasFound === true || findings.length > 0;
  const { cursor: _, hasFound: __, ...rest } = record;
  return next ? { ...rest, cursor: next, ...(hasFound && { hasFound }) } : rest;
}

/** Over only after a whole walk that found nothing. */
export function reportEscalations(record: EscalationAuditRecord, walk: Walk): Report {
  const found = walk.findings.length;
  const isOver = walk.next === undefined && record.hasFound !== true;
  const left = walk.findings.filter(({ isPutRight }) => !isPutRight).length;
  const done = left === 0 ? 'and was handed over again' : `and ${left} of it could not be put right`;
  return {
    key: 'escalations',
    isOn: found > 0 ? true : isOver ? false : undefined,
    title: `Escalation: ${found === 1 ? '1 alert' : `${found} alerts`} did not go on, ${done}`,
    description: [
      ...walk.findings.slice(0, FINDINGS_SHOWN).map(describe),
      ...(found > FINDINGS_SHOWN ? [`and ${found - FINDINGS_SHOWN} more`] : []),
      'See docs/runbooks/escalation-late.md.',
    ].join('\n'),
  };
}

function describe({ what, why, lateMs, isPutRight }: Finding): string {
  const late = lateMs > 0 ? `, ${Math.round(lateMs / 1000)} s late` : '';
  return `${what}: ${why}${late}${isPutRight ? '' : ' (not put right)'}`;
}

export function reportLetters({ recent }: Redriven): Report {
  return {
    key: 'dead-letters',
    isOn: recent >= LETTERS_MOST,
    title: `${recent} messages could not be read within an hour`,
    description: 'An alarm may have gone unheard. See docs/runbooks/intake-dead-letters.md.',
  };
}

export function reportPings(failedPings: number): Report {
  return {
    key: 'heartbeat-address',
    isOn: failedPings >= FAILED_PINGS_MOST ? true : failedPings === 0 ? false : undefined,
    title: 'The external heartbeat address does not answer',
    description:
      'Whoever watches it may take Tocsin for dead. See docs/runbooks/escalation-audit-missing.md.',
  };
}

/** What people are to be told, and the record after they were. */
export function tell(
  record: EscalationAuditRecord,
  reports: readonly Report[],
  nowMs: number,
): { signals: Signal[]; after: EscalationAuditRecord } {
  const news = reports.filter(({ key, isOn }) => isOn !== undefined && isOn !== record.told.includes(key));
  const ended = news.filter(({ isOn }) => !isOn).map(({ key }) => key);
  const begun = news.filter(({ isOn }) => isOn).map(({ key }) => key);
  const signals = news.map(({ key, isOn, title, description }) =>
    tocsinSignal({ key: `watchers:${key}`, state: isOn ? 'alarm' : 'ok', at: nowMs, title, description }),
  );
  const told = [...record.told.filter((key) => !ended.includes(key)), ...begun];
  return { signals, after: { ...record, told } };
}
