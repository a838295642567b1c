/** Runs of a schedule that would find nothing to do. Leaving them out is what lets weeks pass in seconds. */
import { CONTACT_STEADY_MS } from '../functions/doctor/contract.ts';
import { TICK_PERIOD_MS } from '../functions/tick/contract.ts';
import type { IsIdle } from './world.ts';

/** The audit of contacts looks again at what a delivery report said for longer than a mark holds. Source: design, Paging */
const MARKS_HOLD_MS = 2 * 3_600_000;

/** As lib/audit.ts has it. */
const AUDIT_PERIOD_MS = 5 * 60_000;

type Options = {
  nowMs(): number;
  /** until when the clock is being moved: what is due by then shows as if every run had been made */
  horizonMs(): number;
  /** the earliest `dueAt` of the table */
  earliestDueMs(): number | undefined | Promise<number | undefined>;
  /** differs when an audit of contacts can see something else */
  accountFingerprint(): string;
  /** when the row of the situation was last written, or may have been */
  situationWrittenMs(): number;
};

/**
 * A tick is idle when nothing is due before the next; an audit of contacts, when it would see what those before
 * it saw, for so long that nothing follows from it any more. Neither is left out last: a doctor who looks then finds them fresh.
 */
export function idleRuns(options: Options): IsIdle {
  const { nowMs, horizonMs } = options;
  let seen: string | undefined;
  let changedMs = 0;

  const isLast = (nextMs: number) => nextMs > horizonMs();
  return async (schedule, others) => {
    const nextMs = schedule.next(nowMs()) ?? Number.POSITIVE_INFINITY;
    if (isLast(nextMs)) return false;
    if (isTick(schedule)) {
      const looksAtTicks = others.some(
        (other) => !isContactAudit(other) && (other.next(nowMs() - 1) ?? Number.POSITIVE_INFINITY) <= nextMs,
      );
      if (looksAtTicks) return false;
      const earliestMs = (await options.earliestDueMs()) ?? Number.POSITIVE_INFINITY;
      return earliestMs > nowMs() + TICK_PERIOD_MS;
    }
    if (!isContactAudit(schedule)) return false;
    const writtenMs = options.situationWrittenMs();
    const sees = `${writtenMs} ${options.accountFingerprint()}`;
    if (sees !== seen) changedMs = nowMs();
    seen = sees;
    return nowMs() > Math.max(writtenMs + MARKS_HOLD_MS, changedMs + CONTACT_STEADY_MS + AUDIT_PERIOD_MS);
  };
}

/** The schedule of lib/tick.ts. Here each tick comes to its second, so the next one is early enough for what is due later. */
function isTick({ name }: { name: string }): boolean {
  return name.endsWith('-tick');
}

function isContactAudit({ input }: { input: string | undefined }): boolean {
  return input !== undefined && (JSON.parse(input) as { audit?: unknown }).audit === 'contacts';
}
