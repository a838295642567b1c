/**
 * An answer that was taken is durable, and stays: what a person was told to have done stands in the alert, and an
 * acknowledgement ends only by the design's four ways back to triggered, or by a resolve.
 * Source: design, From acknowledged back to triggered
 */
import type { Alert, Severity, TimelineEvent } from '../../../functions/alerts/alert.ts';
import type { GivenAnswer, Invariant, Run, SentSignal, Violation } from '../run.ts';
import { deadlineOf } from './fault-times.ts';
import { historiesOf, type LifeHistory, type State } from './life-history.ts';
import { iso, nameLife } from './words.ts';

const NAME = 'an-acknowledgement-stays';

/** From the press to its answer, a function's time and the SDK's retries. */
const ANSWERED_WITHIN_MS = 15_000;

/** Pressed again within a minute it is the same press. Source: alerts/answer-alert.ts */
const SAME_PRESS_MS = 60_000;

const RANK: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };

const ENTRY: Record<string, TimelineEvent> = {
  acknowledge: 'alert.acknowledged',
  resolve: 'alert.resolved',
  escalate: 'alert.escalated',
  snooze: 'alert.snoozed',
};

export const anAcknowledgementStays: Invariant = (run) => [
  ...run.answers.flatMap((answer) => (isTaken(answer) ? notThere(run, answer) : [])),
  ...run.signals.flatMap((signal) => (signal.state === 'acknowledge' ? notTaken(run, signal) : [])),
  ...historiesOf(run).flatMap((life) => life.states.flatMap((state) => withdrawn(life, state))),
];

function isTaken({ status, action }: GivenAnswer): boolean {
  return (status === 200 || status === 303) && action in ENTRY;
}

/** The entry of the answer, in each alert that it was about, unless there was nothing to do. */
function notThere(run: Run, answer: GivenAnswer): Violation[] {
  return answer.alerts.flatMap((id) => {
    const lives = historiesOf(run).filter((life) => life.id === id && life.openedAt <= answer.at);
    // A storm's answer is carried out by the due queue, and reaches those alerts that the message told of.
    if (
      lives.length === 0 ||
      lives.some((life) =>
        says(life, answer, answer.alerts.length > 1 ? deadlineOf(run, answer.at) : answer.at),
      )
    )
      return [];
    const life = lives.at(-1)!;
    if (hadNothingToDo(lives, answer)) return [];
    return [
      {
        invariant: NAME,
        at: answer.at,
        what: `${answer.by} pressed ${answer.action} and was answered ${answer.status} at ${iso(answer.at)}; alert ${nameLife(life)} has no ${ENTRY[answer.action]} of theirs`,
      },
    ];
  });
}

function says(
  { timeline }: LifeHistory,
  { at: answeredAt, by, action }: GivenAnswer,
  untilMs: number,
): boolean {
  const since = answeredAt - ANSWERED_WITHIN_MS - (action === 'escalate' ? 0 : SAME_PRESS_MS);
  // Behind the watchers' topic may be anybody: its link says `watchers`.
  const isBy = (name = '') =>
    by === 'operator' ? name.startsWith('cli:') : name === by || name === 'watchers';
  return timeline.some(
    ({ event, at, by: who }) => event === ENTRY[action] && isBy(who) && at >= since && at <= untilMs,
  );
}

/** It was resolved already, or of an alert that pages nobody; in a bundle, whoever has answered one keeps it. */
function hadNothingToDo(
  lives: readonly LifeHistory[],
  { at, by, action, alerts, isStorm = false }: GivenAnswer,
): boolean {
  const near = lives.flatMap(({ states, replacedAt }) => {
    const standing = states.findLast((state) => state.at <= at - ANSWERED_WITHIN_MS);
    const since = states.filter((state) => state.at > at - ANSWERED_WITHIN_MS && state.at <= at);
    return replacedAt !== undefined && replacedAt <= at ? [] : [...(standing ? [standing] : []), ...since];
  });
  return (
    near.length === 0 ||
    // Which of its lives the link means is not known here: that of a life before is answered with what it was.
    lives.length > 1 ||
    near.some(
      ({ alert }) =>
        alert.status === 'resolved' ||
        (isStorm && isBeyond(alert, by)) ||
        (action === 'escalate' && alert.severity === 'info') ||
        (action === 'acknowledge' &&
          alerts.length > 1 &&
          (alert.status === 'acknowledged' || alert.holds.snoozed)),
    )
  );
}

/** Others have been paged since: an answer to a whole storm leaves them theirs. Source: console/answer-storm.ts */
function isBeyond({ pages, highestPagedLevel }: Alert, responder: string): boolean {
  return pages.every((page) => page.responder !== responder || page.level < highestPagedLevel);
}

/** Taken over in the sender's own console. */
function notTaken(run: Run, { at, name }: SentSignal): Violation[] {
  const deadline = deadlineOf(run, at);
  if (deadline > run.endMs) return [];
  const life = historiesOf(run).findLast((one) => one.name === name && one.openedAt <= at);
  const open = life?.states.findLast((state) => state.at <= at);
  if (!life || !open || open.alert.status === 'resolved' || open.alert.status === 'acknowledged') return [];
  const [sender] = name.split('/');
  const states = life.states.filter((state) => state.at > at && state.at <= deadline);
  const isDone =
    (life.replacedAt ?? Number.POSITIVE_INFINITY) <= deadline ||
    states.some(({ alert }) => alert.status === 'resolved') ||
    life.timeline.some(
      (entry) =>
        entry.event === 'alert.acknowledged' &&
        entry.by === `integration:${sender}` &&
        entry.at >= at - ANSWERED_WITHIN_MS - SAME_PRESS_MS &&
        entry.at <= deadline,
    );
  if (isDone) return [];
  return [
    {
      invariant: NAME,
      at: deadline,
      what: `${sender} acknowledged ${name} at ${iso(at)}; alert ${nameLife(life)} had to be acknowledged by ${iso(deadline)} and was not`,
    },
  ];
}

/** Back to triggered without one of its four reasons, or another acknowledgement without its entry. */
function withdrawn(life: LifeHistory, { at, before, alert, entries, write }: State): Violation[] {
  if (before?.status !== 'acknowledged') return [];
  const by = before.acknowledgement?.by;
  const where = `alert ${nameLife(life)}, acknowledged by ${by}, was written at ${iso(at)} (version ${alert.version}, call ${write.n})`;
  const events = entries.map(({ event, reason }) => (event === 'alert.escalated' && !reason ? '' : event));
  if (alert.status === 'triggered') {
    const rose = RANK[alert.severity] > RANK[before.severity];
    const reasons = ['alert.snoozed', 'alert.escalated', ...(rose ? ['alert.severity-raised'] : [])];
    if (events.some((event) => reasons.includes(event))) return [];
    return [
      {
        invariant: NAME,
        at,
        what: `${where} as triggered, without a reason: ${events.join(', ') || 'its timeline says nothing'}`,
      },
    ];
  }
  const [was, is] = [before.acknowledgement, alert.acknowledgement];
  if (was?.at === is?.at && was?.by === is?.by && was?.firstAt === is?.firstAt) return [];
  if (events.includes('alert.acknowledged')) return [];
  return [
    {
      invariant: NAME,
      at,
      what: `${where} as acknowledged by ${is?.by ?? 'nobody'} at ${iso(is?.at ?? Number.NaN)}, and its timeline says nothing of that`,
    },
  ];
}
