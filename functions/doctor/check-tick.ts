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

/**
 * @param lastAt     when the tick last ran; undefined: never
 * @param oldestDue  the `dueAt` of the oldest row that is due; undefined: there is none
 */
export function checkTick(
  { lastAt, oldestDue }: { lastAt: number | undefined; oldestDue: number | undefined },
  nowMs: number,
): Finding {
  const finding = { id: 'tick', title: 'The tick' };
  if (lastAt === undefined) {
    return {
      ...finding,
      state: 'failure',
      found: 'has never run',
      advice: 'It runs within two minutes of a deploy. See docs/runbooks/tick-missing.md.',
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
  const overdueMs = nowMs - (oldestDue ?? nowMs);
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
