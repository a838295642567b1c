/** All that must hold of a run, whatever went wrong in it. */
import type { Invariant, Run, Violation } from '../run.ts';
import { duplicatesAreExplained } from './duplicates-are-explained.ts';
import { noSignalIsLost } from './no-signal-is-lost.ts';
import { nobodyReachableEndsAtTheWatchers } from './nobody-reachable-ends-at-the-watchers.ts';
import { oneAMinute } from './one-a-minute.ts';
import { openAlertsAreDue } from './open-alerts-are-due.ts';
import { pagedInTime } from './paged-in-time.ts';
import { quietAfterAcknowledgement } from './quiet-after-acknowledgement.ts';
import { theTimelineExplains } from './the-timeline-explains.ts';

const INVARIANTS: readonly Invariant[] = [
  noSignalIsLost,
  pagedInTime,
  nobodyReachableEndsAtTheWatchers,
  quietAfterAcknowledgement,
  duplicatesAreExplained,
  oneAMinute,
  openAlertsAreDue,
  theTimelineExplains,
];

/** @returns every violation, the earliest first */
export function checkRun(run: Run): Violation[] {
  return INVARIANTS.flatMap((invariant) => invariant(run)).sort((a, b) => a.at - b.at);
}
