/** What an answer did, said to the one who gave it: the facts are read from the alert as it now stands. */
import type { Operations } from '../operations/operations.ts';
import type { Alert } from './alert.ts';
import { listNames, nameOf, oneLine } from './describe-alert.ts';
import { describeMoment } from './describe-time.ts';

export type AnswerOutcome =
  | 'acknowledged'
  /** it was acknowledged before: the reminder's time starts anew */
  | 'already-acknowledged'
  | 'escalated'
  /** the severity's policy pages nobody */
  | 'not-escalated'
  | 'resolved'
  | 'already-resolved';

/**
 * `You acknowledged this at 14:07Z.` or `Already acknowledged by Ben at 14:06Z.`
 * @param viewer  who gave the answer: a responder, `cli:<user>`
 * @param nowMs   the moment of the answer
 */
export function describeOutcome(
  outcome: AnswerOutcome,
  alert: Alert,
  viewer: string,
  operations: Operations,
  nowMs: number,
): string {
  const byWhom = (who: string) => (who === viewer ? 'you' : nameOf(who, operations));
  const moment = (atMs: number) => describeMoment(atMs, nowMs);
  switch (outcome) {
    case 'acknowledged':
      return `You acknowledged this at ${moment(alert.acknowledgement?.at ?? nowMs)}.`;
    case 'already-acknowledged': {
      const first = alert.acknowledgement;
      return first
        ? `Already acknowledged by ${byWhom(first.firstBy)} at ${moment(first.firstAt)}.`
        : 'Already acknowledged.';
    }
    case 'escalated':
      return `You escalated this at ${moment(nowMs)}: ${describeHighestLevel(alert, operations)}.`;
    case 'not-escalated':
      return `Not escalated: nobody is ever paged for ${alert.severity} alerts.`;
    case 'resolved':
      return alert.lastSignalState === 'alarm'
        ? 'Resolved, but the alarm still fires. If it fires anew, a new alert opens.'
        : `You resolved this at ${moment(alert.resolution?.at ?? nowMs)}.`;
    case 'already-resolved':
      return describeEarlierResolution(alert, byWhom, moment);
  }
}

function describeHighestLevel(alert: Alert, operations: Operations): string {
  const level = alert.highestPagedLevel;
  const names = alert.pages
    .filter((page) => page.kind === 'page' && page.level === level && page.owedAt >= alert.openedAt)
    .map(({ responder }) => nameOf(responder, operations));
  return names.length > 0 ? `level ${level} (${listNames(names)}) is paged` : `level ${level} is paged`;
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
