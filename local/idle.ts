/** Runs of a schedule that would find nothing to do. Leaving them out is what lets weeks pass in seconds. */
import { SECOND_TICK_PERIOD_MS, TICK_PERIOD_MS } from '../functions/tick/contract.ts';
import { LATE_MOST_MS } from '../functions/watchers/contract.ts';
import type { IsIdle } from './run-schedules.ts';
import type { WatchedAudits } from './watched-audits.ts';
import type { WatchedEscalations } from './watched-escalations.ts';

type Options = {
  nowMs(): number;
  /** until when the clock is being moved: what is due by then shows as if every run had been made */
  horizonMs(): number;
  /** the earliest `dueAt` of the table */
  earliestDueMs(): number | undefined | Promise<number | undefined>;
  /** differs when an audit of contacts can see something else */
  accountFingerprint(): string;
  /** what the last audits left in their rows */
  audits: Pick<WatchedAudits, 'situationWrittenMs' | 'isUnsettled'>;
  /** what the escalation audit would see */
  escalations: Pick<WatchedEscalations, 'isQuiet'>;
  hasDeadLetters(): boolean;
};

/**
 * A tick is idle when nothing is due before its next run; an audit of contacts, or of escalations, when it would see what
 * the last one saw, and that left nothing behind which time alone changes. None is left out last: a doctor who looks then
 * finds them fresh.
 */
export function idleRuns(options: Options): IsIdle {
  const { nowMs, horizonMs, audits } = options;
  let seen: string | undefined;
  const earliestDueMs = async () => (await options.earliestDueMs()) ?? Number.POSITIVE_INFINITY;

  const isLast = (nextMs: number) => nextMs > horizonMs();
  return async (schedule, others) => {
    const nextMs = schedule.next(nowMs()) ?? Number.POSITIVE_INFINITY;
    if (isLast(nextMs)) return false;
    if (isSecondTick(schedule)) return (await earliestDueMs()) > nowMs() + SECOND_TICK_PERIOD_MS;
    if (isEscalationAudit(schedule)) {
      const looksSame = options.escalations.isQuiet() && !options.hasDeadLetters();
      return looksSame && (await earliestDueMs()) >= nowMs() - LATE_MOST_MS;
    }
    if (isTick(schedule)) {
      const looksAtTicks = others.some(
        (other) =>
          !isContactAudit(other) &&
          !isSecondTick(other) &&
          !isEscalationAudit(other) &&
          (other.next(nowMs() - 1) ?? Number.POSITIVE_INFINITY) <= nextMs,
      );
      if (looksAtTicks) return false;
      return (await earliestDueMs()) > nowMs() + TICK_PERIOD_MS;
    }
    if (!isContactAudit(schedule)) return false;
    const sees = `${audits.situationWrittenMs()} ${options.accountFingerprint()}`;
    const isSame = sees === seen && !audits.isUnsettled();
    seen = sees;
    return isSame;
  };
}

/** The rule of lib/second-tick.ts. */
function isSecondTick({ name }: { name: string }): boolean {
  return name.endsWith('-second-tick');
}

/** The schedule of lib/escalation-audit.ts, and its function. */
export function isEscalationAudit({ name }: { name: string }): boolean {
  return name.endsWith('-escalation-audit');
}

/** The schedule of lib/tick.ts. Here each tick comes to its second, so the next one is early enough for what is due later. */
function isTick({ name }: { name: string }): boolean {
  return name.endsWith('-tick');
}

function isContactAudit({ input }: { input: string | undefined }): boolean {
  return input !== undefined && (JSON.parse(input) as { audit?: unknown }).audit === 'contacts';
}
