/**
 * Nobody is turned away: a sender whose key is good is taken, and whoever presses behind a message's link is answered. Where
 * a fault has met the function that answers them, they may be told to come again; never that they did something wrong.
 * Source: design, Signals, Links
 */
import type { GivenAnswer, Invariant, Run, SenderRequest, Violation } from '../run.ts';
import { newerCodeOf } from './fault-times.ts';
import { iso } from './words.ts';

const NAME = 'nobody-is-turned-away';

export const nobodyIsTurnedAway: Invariant = (run) => [
  ...run.requests.filter((request) => isTurnedAway(run, request)).map(senderViolation),
  ...run.answers.filter((answer) => isUnanswered(run, answer)).map(answerViolation),
];

/** No sender of a story sends so much that it is told to wait. */
function isTurnedAway(run: Run, { key, at, answeredAt, status }: SenderRequest): boolean {
  if (status < 300 || answeredAt >= key.goodUntil) return false;
  return !(status >= 500 && hasMetFault(run, 'webhook', at, answeredAt));
}

function senderViolation({ sender, firstAt, at, status }: SenderRequest): Violation {
  const since = firstAt === at ? '' : ` (of what it first sent at ${iso(firstAt)})`;
  const what = `${sender} was answered ${status} at ${iso(at)}${since}, although its key was good and no fault explains it`;
  return { invariant: NAME, at, what };
}

/** Nobody presses in a story when a link has expired, a day after its alert resolved. */
function isUnanswered(run: Run, { by, action, isStorm, pressedAt, at, status }: GivenAnswer): boolean {
  if (by === 'operator' || status === 200 || status === 303) return false;
  // Each of its alerts is answered by itself, but that all are acknowledged.
  if (isStorm && action !== 'acknowledge' && status === 400) return false;
  const isNewer = newerCodeOf(run).some(({ from, until }) => from <= at && pressedAt <= until);
  return !(status >= 500 && (isNewer || hasMetFault(run, 'answer', pressedAt, at)));
}

function answerViolation({ by, action, pressedAt, status }: GivenAnswer): Violation {
  const what = `${by} pressed ${action} behind a link that was sent to them, and was answered ${status} at ${iso(pressedAt)}; no fault explains it`;
  return { invariant: NAME, at: pressedAt, what };
}

function hasMetFault(run: Run, name: 'webhook' | 'answer', fromMs: number, untilMs: number): boolean {
  return run.hits.some(
    ({ at, call }) => call?.function.endsWith(`-${name}`) && at >= fromMs && at <= untilMs,
  );
}
