/** The audit of each five minutes: marks who cannot be reached before a page needs them, and tells people of it. */
import type { SituationStore } from '../holds/situation.store.ts';
import type { SignalQueue } from '../intake/signal.queue.ts';
import { markAudited } from '../paging/reachability-marks.ts';
import type { AuditStore } from './audit.store.ts';
import { type AuditRecord, markTold, recordVerdicts, report, signalOf, untold } from './audit-record.ts';
import type { Finding } from './contract.ts';
import { type ContactPorts, type ContactsSeen, contactFindings, lookAtContacts } from './look-at-contacts.ts';

export type TellPorts = { audits: AuditStore; signals: SignalQueue; nowMs: () => number };

export type AuditPorts = ContactPorts &
  TellPorts & {
    situation: SituationStore;
    /** has all open alerts reviewed if operations.ts has other windows than before */
    reviewIfProceduresChanged: () => Promise<unknown>;
    warn: (message: string, error: unknown) => void;
  };

const DOCTOR = 'doctor:';

/**
 * A contact has to be well for so long before people are told that it is: one that comes and goes with each audit would
 * page them every ten minutes.
 */
const CONTACT_STEADY_MS = 15 * 60_000;

/**
 * Looks at all contacts, writes down what it saw, marks and tells.
 * A crash anywhere is mended by the next audit: a signal is remembered as told only after it was.
 */
export async function auditContacts(ports: AuditPorts): Promise<ContactsSeen> {
  const { operations, nowMs } = ports;
  await ports
    .reviewIfProceduresChanged()
    .catch((error: unknown) => ports.warn('open alerts are reviewed in five minutes', error));
  const seen = await lookAtContacts(ports);
  await ports.situation.change((situation) => markAudited(situation, seen.audited, nowMs()));
  const findings = contactFindings(seen, operations).map((finding) => [finding.id, finding] as const);
  // Verdicts and reports in one write: the row grows with the people, and each of its KB costs.
  await tell(
    new Map(findings),
    (key) => !key.startsWith(DOCTOR),
    CONTACT_STEADY_MS,
    ports,
    (record) => recordVerdicts(record, seen.verdicts, nowMs()),
  );
  return seen;
}

/** Tells people of the findings of a day: each that is not ok is one warning alert until it is. */
export async function tellDaily(findings: readonly Finding[], ports: TellPorts): Promise<void> {
  const keyed = findings.map((finding) => [`${DOCTOR}${finding.id}`, finding] as const);
  await tell(new Map(keyed), (key) => key.startsWith(DOCTOR), 0, ports);
}

/** What is to be told is written down first: a repeated signal has the same moment, and is stale. */
async function tell(
  findings: ReadonlyMap<string, Finding>,
  isOurs: (key: string) => boolean,
  steadyMs: number,
  { audits, signals, nowMs }: TellPorts,
  edit: (record: AuditRecord) => AuditRecord = (record) => record,
): Promise<void> {
  const reports = untold(
    await audits.change((record) => report(edit(record), findings, isOurs, steadyMs, nowMs())),
  );
  if (reports.length === 0) return;
  await signals.send(reports.map((one) => ({ signal: signalOf(one) })));
  await audits.change((record) => markTold(record, reports));
}
