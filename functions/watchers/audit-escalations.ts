/** One run of the escalation audit: it looks, puts right, tells people, and beats only when all that it found goes on. */
import { readOperations } from '../holds/read-operations.ts';
import type { SituationStore } from '../holds/situation.store.ts';
import type { SignalQueue } from '../intake/signal.queue.ts';
import type { Operations } from '../operations/operations.ts';
import type { EscalationAuditStore } from './escalation-audit.store.ts';
import {
  type EscalationAuditRecord,
  type Report,
  recordWalk,
  reportEscalations,
  reportLetters,
  reportPings,
  tell,
} from './escalation-audit-record.ts';
import type { HeartbeatAddress } from './heartbeat-address.sender.ts';
import { type LetterBox, type Redriven, redriveLetters } from './redrive-letters.ts';
import { type Finding, type Walk, type WalkPorts, walkAlerts } from './walk-alerts.ts';

export type EscalationAuditPorts = WalkPorts & {
  records: EscalationAuditStore;
  letters: { intake: LetterBox; due: LetterBox };
  codeVersion: string;
  signals: SignalQueue;
  situation: Pick<SituationStore, 'read'>;
  operations: Operations;
  /** the metric whose absence is an alarm; `lagMs`: by how much the latest open alert was late */
  beat: (lagMs: number) => void;
  outside: HeartbeatAddress;
  found: (finding: Finding) => void;
  warn: (message: string, error: unknown) => void;
};

export type EscalationAudit = { walk?: Walk; letters?: Redriven; hasBeaten: boolean };

/**
 * Each part runs whatever became of the others: an intake queue that refuses does not keep an alert from going on.
 * @throws what went wrong in a part, after all of them were tried: then it has not beaten
 */
export async function auditEscalations(ports: EscalationAuditPorts): Promise<EscalationAudit> {
  const [before, operations] = await Promise.all([ports.records.read(), readOperations(ports)]);
  const errors: unknown[] = [];
  const attempt = async <T>(part: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await part();
    } catch (error) {
      errors.push(error);
      return undefined;
    }
  };

  const walk = await attempt(() => walkAlerts(before.cursor, ports, operations));
  for (const finding of walk?.findings ?? []) ports.found(finding);
  const letters = await attempt(() => redriveLetters(ports.letters, ports.codeVersion, ports.nowMs()));
  const reports = [
    ...(walk ? [reportEscalations(before, walk)] : []),
    ...(letters ? [reportLetters(letters)] : []),
  ];
  let after = walk ? recordWalk(before, walk) : before;
  after = (await attempt(() => tellPeople(after, reports, ports))) ?? after;

  const hasBeaten = errors.length === 0 && walk !== undefined && walk.findings.every((one) => one.isPutRight);
  if (hasBeaten) {
    ports.beat(walk.lagMs);
    const failure = await ports.outside.ping();
    if (failure !== undefined) ports.warn('the external heartbeat address was not reached', failure);
    after = { ...after, failedPings: failure === undefined ? 0 : after.failedPings + 1 };
    after = (await attempt(() => tellPeople(after, [reportPings(after.failedPings)], ports))) ?? after;
  }
  if (JSON.stringify(after) !== JSON.stringify(before)) await attempt(() => ports.records.write(after));
  if (errors.length > 0) throw errors[0];
  return { ...(walk && { walk }), ...(letters && { letters }), hasBeaten };
}

async function tellPeople(
  record: EscalationAuditRecord,
  reports: readonly Report[],
  { signals, nowMs }: EscalationAuditPorts,
): Promise<EscalationAuditRecord> {
  const news = tell(record, reports, nowMs());
  if (news.signals.length > 0) await signals.send(news.signals.map((signal) => ({ signal })));
  return news.after;
}
