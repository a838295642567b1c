/** The finding about the tick: whether it runs, and whether what is due is taken in time. */
import { describeDuration } from '../alerts/describe-time.ts';
import type { Finding } from './contract.ts';

/** Two ticks are up to 119 s apart. Source: aws-facts, EventBridge Scheduler */
const SILENT_MOST_MS = 180_000;
/** As the alarm `overdue` has it. */
const OVERDUE_MOST_MS = 120_000;

const LATE = 'Pages are late, or do not go out. See docs/runbooks/overdue.md.';
const SILENT =
  'Nothing that falls due is taken: no escalation, no repeat. See docs/runbooks/tick-missing.md.';

const NOT_YET =
  'It runs within two minutes of a deploy or a start: ask again then. Does it stay so, see docs/runbooks/tick-missing.md.';

/**
 * @param lastAt     when the tick last ran; undefined: never
 * @param oldestDue  the `dueAt` of the oldest row that is due; undefined: there is none
 */
export function checkTick(
  { lastAt, oldestDue }: { lastAt: number | undefined; oldestDue: number | undefined },
  nowMs: number,
): Finding {
  const finding = { id: 'tick', title: 'The tick' };
  const overdueMs = nowMs - (oldestDue ?? nowMs);
  if (lastAt === undefined) {
    const isLate = overdueMs > OVERDUE_MOST_MS;
    return {
      ...finding,
      state: isLate ? 'failure' : 'warning',
      found: isLate
        ? `has never run, and what was due is ${describeDuration(overdueMs)} late`
        : 'has not run yet',
      advice: isLate ? SILENT : NOT_YET,
    };
  }
  const silentMs = nowMs - lastAt;
  if (silentMs > SILENT_MOST_MS) {
    return {
      ...finding,
      state: 'failure',
      found: `last ran ${describeDuration(silentMs)} ago`,
      advice: SILENT,
    };
  }
  if (overdueMs > OVERDUE_MOST_MS) {
    return {
      ...finding,
      state: 'failure',
      found: `runs, but what was due is ${describeDuration(overdueMs)} late`,
      advice: LATE,
    };
  }
  return { ...finding, state: 'ok', found: 'runs each minute, and nothing is late' };
}
