/** What an answer did, said to the one who gave it: the facts are read from the alert as it now stands. */
import type { Operations } from '../operations/operations.ts';
import { type Alert, heldBy } from './alert.ts';
import { pagesNobody } from './alert-draft.ts';
import type { Answer } from './answer-alert.ts';
import { describeFiring, listNames, nameOf, oneLine } from './describe-alert.ts';
import { describeMoment } from './describe-time.ts';

export type AnswerOutcome = {
  answer: Answer;
  /** `answered-before`: it was acknowledged already, and the reminder's time starts anew */
  kind: 'done' | 'answered-before' | 'nothing-to-do';
};

/**
 * `You acknowledged this at 14:07Z.` or `Already acknowledged by Ben at 14:06Z.`
 * @param viewer  who gave the answer: a responder, `cli:<user>`
 * @param nowMs   the moment of the answer
 */
export function describeOutcome(
  { answer, kind }: AnswerOutcome,
  alert: Alert,
  viewer: string,
  operations: Operations,
  nowMs: number,
): string {
  const byWhom = (who: string) => (who === viewer ? 'you' : nameOf(who, operations));
  const moment = (atMs: number) => describeMoment(atMs, nowMs);
  if (kind === 'nothing-to-do') {
    return alert.status === 'resolved'
      ? describeEarlierResolution(alert, byWhom, moment)
      : describeNothing(answer, alert, operations);
  }
  if (kind === 'answered-before' && alert.acknowledgement) {
    const { firstBy, firstAt } = alert.acknowledgement;
    return `Already acknowledged by ${byWhom(firstBy)} at ${moment(firstAt)}.`;
  }
  const firing = describeFiring(alert);
  switch (answer) {
    case 'acknowledge':
      return `You acknowledged this at ${moment(nowMs)}.`;
    case 'escalate':
      return `You escalated this at ${moment(nowMs)}: ${describeHighestLevel(alert, operations)}${describeHalt(alert, moment)}.`;
    case 'snooze':
      return alert.holds.snoozed
        ? `You snoozed this until ${moment(alert.holds.snoozed.until)}: then it starts over at level 1.`
        : 'The snooze is over.';
    case 'resolve':
      return firing
        ? `Resolved, but ${firing}. If it fires anew, a new alert opens.`
        : `You resolved this at ${moment(nowMs)}.`;
  }
}

function describeNothing(answer: Answer, alert: Alert, operations: Operations): string {
  if (answer === 'snooze') return 'Nothing changed: it is snoozed already, or the end of the snooze is over.';
  return pagesNobody(alert, operations)
    ? `Nothing changed: nobody is paged for ${alert.severity} alerts.`
    : `Nothing changed: ${describeHighestLevel(alert, operations)} already. Press again for the next level.`;
}

function describeHighestLevel(alert: Alert, operations: Operations): string {
  const level = alert.highestPagedLevel;
  const names = alert.pages
    .filter((page) => page.kind === 'page' && page.level === level && page.owedAt >= alert.openedAt)
    .map(({ responder }) => nameOf(responder, operations));
  return names.length > 0 ? `level ${level} (${listNames(names)}) is paged` : `level ${level} is paged`;
}

/** Under a hold a hand pages one level, and no moment follows it. */
function describeHalt(alert: Alert, moment: (atMs: number) => string): string {
  const hold = heldBy(alert);
  if (!hold) return '';
  const held = alert.holds[hold]!;
  return ` now, and it goes no further ${'until' in held ? `until ${moment(held.until)}` : `while it is ${hold}`}`;
}

function describeEarlierResolution(
  alert: Alert,
  byWhom: (who: string) => string,
  moment: (atMs: number) => string,
): string {
  if (!alert.resolution) return 'Already resolved.';
  const { by, at, reason } = alert.resolution;
  return by === 'alarm'
    ? `Already resolved at ${moment(at)}: ${oneLine(reason)}.`
    : `Already resolved by ${byWhom(by)} at ${moment(at)}.`;
}
