/** What idle.ts has to know of what the escalation audit sees: when alerts, lines and its own row were last written. */
import { keys } from '../functions/shared/table.ts';
import { ESCALATION_AUDIT_PERIOD_MS, LATE_MOST_MS } from '../functions/watchers/contract.ts';
import type { Item } from './dynamodb/watched-table.ts';

/**
 * By then an audit has looked that came two minutes after the last write or later, when all that a write can leave behind
 * shows: a further one sees the same, as long as nothing is overdue.
 */
const QUIET_AFTER_MS = ESCALATION_AUDIT_PERIOD_MS + LATE_MOST_MS;

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
    /** What an audit would see is another thing from then on: other code, other procedures; or an audit has failed. */
    lookAgain(fromMs: number): void {
      changedMs = Math.max(changedMs, fromMs);
    },
    /** nothing that an audit judges has changed for long, and it has nothing to go on with */
    isQuiet: (): boolean => !remembers && nowMs() - changedMs > QUIET_AFTER_MS,
  };
}
