/** What idle.ts has to know of what the escalation audit sees: when alerts, lines and its own row were last written. */
import { keys } from '../functions/shared/table.ts';
import { ESCALATION_AUDIT_PERIOD_MS } from '../functions/watchers/contract.ts';
import type { Item } from './dynamodb/watched-table.ts';

/**
 * After the last write three audits have looked, all but the first of them later than what is only late after two minutes:
 * a further one sees the same, as long as nothing is overdue.
 */
const QUIET_AFTER_MS = 3 * ESCALATION_AUDIT_PERIOD_MS;

export type WatchedEscalations = ReturnType<typeof watchEscalations>;

export function watchEscalations(nowMs: () => number) {
  let changedMs = nowMs();
  let remembers = false;
  return {
    onWrite({ pk, told, cursor, failedPings }: Item): void {
      if (pk?.S === keys.escalationAudit.pk)
        remembers = (told?.L?.length ?? 1) > 0 || cursor !== undefined || failedPings?.N !== '0';
      if (/^(alert|contact)#/.test(pk?.S ?? '')) changedMs = nowMs();
    },
    /** Other code or other procedures look at the same rows, from then on. */
    onDeploy(untilMs: number): void {
      changedMs = Math.max(changedMs, untilMs);
    },
    /** nothing that an audit judges has changed for long, and it has nothing to go on with */
    isQuiet: (): boolean => !remembers && nowMs() - changedMs > QUIET_AFTER_MS,
  };
}
