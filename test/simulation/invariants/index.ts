/** All that must hold of a run, whatever went wrong in it. */
import type { Invariant, Run, Violation } from '../run.ts';
import { aLostSmsIsHeardOf } from './a-lost-sms-is-heard-of.ts';
import { anAcknowledgementStays } from './an-acknowledgement-stays.ts';
import { anEndedKeyIsRefused } from './an-ended-key-is-refused.ts';
import { duplicatesAreExplained } from './duplicates-are-explained.ts';
import { forgottenInTime } from './forgotten-in-time.ts';
import { itemIsBounded } from './item-is-bounded.ts';
import { itemTimelineAndListsAgree } from './item-timeline-and-lists-agree.ts';
import { noBugInTheLog } from './no-bug-in-the-log.ts';
import { noPageFailsByItself } from './no-page-fails-by-itself.ts';
import { noPageWithoutItsMoment } from './no-page-without-its-moment.ts';
import { noSecretIsWritten } from './no-secret-is-written.ts';
import { noSignalIsLost } from './no-signal-is-lost.ts';
import { nobodyIsTurnedAway } from './nobody-is-turned-away.ts';
import { nobodyReachableEndsAtTheWatchers } from './nobody-reachable-ends-at-the-watchers.ts';
import { nothingIsLeftOver } from './nothing-is-left-over.ts';
import { oneAMinute } from './one-a-minute.ts';
import { openAlertsAreDue } from './open-alerts-are-due.ts';
import { pagedInTime } from './paged-in-time.ts';
import { quietAfterAcknowledgement } from './quiet-after-acknowledgement.ts';
import { theNewestSignalDecides } from './the-newest-signal-decides.ts';
import { theTimelineExplains } from './the-timeline-explains.ts';

const INVARIANTS: readonly Invariant[] = [
  noSignalIsLost,
  nobodyIsTurnedAway,
  anEndedKeyIsRefused,
  theNewestSignalDecides,
  pagedInTime,
  noPageWithoutItsMoment,
  noPageFailsByItself,
  nobodyReachableEndsAtTheWatchers,
  aLostSmsIsHeardOf,
  forgottenInTime,
  quietAfterAcknowledgement,
  anAcknowledgementStays,
  duplicatesAreExplained,
  oneAMinute,
  openAlertsAreDue,
  theTimelineExplains,
  itemTimelineAndListsAgree,
  itemIsBounded,
  nothingIsLeftOver,
  noBugInTheLog,
  noSecretIsWritten,
];

/** As a violation names them: `no-signal-is-lost`. */
export const INVARIANT_NAMES = INVARIANTS.map(({ name }) =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
);

/** @returns every violation, the earliest first */
export function checkRun(run: Run): Violation[] {
  return INVARIANTS.flatMap((invariant) => invariant(run)).sort((a, b) => a.at - b.at);
}
