/** Of each level's moment: whom it owed a message, and who had none in time. */
import { escalationOf, type Moment, stepOf } from '../escalation-model.ts';
import type { Run } from '../run.ts';
import { type Contact, whoIsPaged } from '../who-is-paged.ts';
import { deadlineOf, isCalm, NO_FAULT_MS } from './fault-times.ts';
import { historiesOf, isHeld, type LifeHistory, overAt, stateAt } from './life-history.ts';
import { onceOf } from './once-of.ts';
import { operationsIn, unreachablesIn } from './procedures.ts';
import { isSameContact, slotFreeAt, tellingsOf } from './tellings.ts';

/** What goes on when a hold ends gathers into one message per contact. Source: paging/take-slot-turn.ts */
const AFTER_HOLD_MS = 40_000;

/** Somebody whose page was still on its way when the moment came is not asked twice. */
const JUST_BEFORE_MS = 2_000;
const JUST_BEFORE_IN_FAULTS_MS = 65_000;

/** What a level's moment is held to, the strictest first. */
const BOUNDS = [
  'within 5 s, no fault near',
  'within 40 s of a hold, no fault near',
  'within 3 min of the latest fault',
] as const;

export type Bound = (typeof BOUNDS)[number];

type Owed = {
  /** since when nothing stood in the way: the moment itself, or the end of a hold */
  owedFrom: number;
  /** when the contact's slot was free */
  freeAt: number;
  /** until when the message had to be taken by SNS */
  deadline: number;
  bound: Bound;
};

export type Miss = Owed & {
  life: LifeHistory;
  moment: Moment;
  level: number;
  contact: Contact;
  /** when SNS took it, if ever */
  cameAt: number | undefined;
};

type Judged = {
  misses: Miss[];
  heldTo: Bound | 'nothing: answered before' | 'nothing: held, or the story over';
};

const judgedOf = onceOf((run: Run): readonly Judged[] =>
  historiesOf(run).flatMap((life) =>
    escalationOf(run, life)
      .filter(({ optional }) => !optional)
      .map((moment) => judge(run, life, moment)),
  ),
);

/** Everybody who had to be told of a level's moment and was not, in time. */
export const missesOf = onceOf((run: Run): readonly Miss[] => judgedOf(run).flatMap(({ misses }) => misses));

/** What each level's moment was held to: of several contacts the one who had most time. */
export function boundsOf(run: Run): Judged['heldTo'][] {
  return judgedOf(run).map(({ heldTo }) => heldTo);
}

function judge(run: Run, life: LifeHistory, moment: Moment): Judged {
  const lapsesAt = answeredAt(life, moment);
  const untilMs = Math.min(lapsesAt, run.endMs);
  let judged: Judged = {
    misses: [],
    heldTo: lapsesAt <= run.endMs ? 'nothing: answered before' : 'nothing: held, or the story over',
  };
  if (lapsesAt <= moment.at) return judged;
  const decidedBy = Math.min(lapsesAt, whenOwed(run, life, moment)?.deadline ?? run.endMs);
  for (const { level, contacts } of candidatesOf(run, moment, decidedBy)) {
    const due = contacts.flatMap((contact) => {
      const owed = whenOwed(run, life, moment, contact);
      const cameAt = firstTold(run, life, contact, moment.at);
      // What has come at once takes the slot itself: it was not waited for.
      const isAtOnce = cameAt !== undefined && cameAt <= moment.at + NO_FAULT_MS;
      return owed && (isAtOnce || owed.deadline < untilMs) ? [{ contact, cameAt, ...owed }] : [];
    });
    const misses = due
      .filter(({ cameAt = Number.POSITIVE_INFINITY, deadline }) => cameAt > deadline)
      .map((owed) => ({ life, moment, level, ...owed }));
    const heldTo = BOUNDS.findLast((bound) => due.some((owed) => owed.bound === bound));
    judged = { misses, heldTo: heldTo ?? judged.heldTo };
    if (misses.length === 0) break;
  }
  return judged;
}

/** Everybody who may have been meant: who is on call, and who can be reached, is looked up when the moment is taken. */
export function candidatesOf(
  run: Run,
  moment: Moment,
  decidedBy: number,
): { level: number; contacts: Contact[] }[] {
  return operationsIn(run, moment.at, decidedBy).flatMap((operations) => {
    const step = stepOf(moment, operations);
    if (!step) return [{ level: 0, contacts: [] }];
    return unreachablesIn(run, moment.at, decidedBy).map((unreachable) =>
      whoIsPaged(operations, step.level, step.channels, unreachable),
    );
  });
}

/**
 * While the alert is held, what is owed waits, but for what was asked for by hand.
 * @param contact  whose slot it waits for
 * @returns nothing when it never came to be due
 */
function whenOwed(run: Run, life: LifeHistory, moment: Moment, contact?: Contact): Owed | undefined {
  let owedFrom = moment.at;
  let withinMs = NO_FAULT_MS;
  for (;;) {
    const freeAt = contact ? slotFreeAt(run, contact, owedFrom) : owedFrom;
    const deadline = deadlineOf(run, freeAt, withinMs);
    const held = moment.byHand ? undefined : heldFrom(life, owedFrom);
    if (held === undefined || held > deadline)
      return { owedFrom, freeAt, deadline, bound: boundOf(deadline - freeAt, withinMs) };
    const released = life.states.find(({ at, alert }) => at > held && !isHeld(alert));
    if (!released) return undefined;
    owedFrom = released.at;
    withinMs = AFTER_HOLD_MS;
  }
}

function boundOf(givenMs: number, withoutFaultMs: number): Bound {
  if (givenMs > withoutFaultMs) return BOUNDS[2];
  return withoutFaultMs > NO_FAULT_MS ? BOUNDS[1] : BOUNDS[0];
}

/** From when on the moment's question is answered: acknowledged, snoozed, resolved. */
function answeredAt(life: LifeHistory, { at: since, byHand }: Moment): number {
  const first = life.states.find(({ at, alert, entries }) => {
    if (at < since) return false;
    if (alert.status !== 'triggered') return true;
    // Whoever escalates what is snoozed means it in spite of the snooze.
    return byHand
      ? at > since && entries.some(({ event }) => event === 'alert.snoozed')
      : alert.holds.snoozed;
  });
  const standing = stateAt(life, since);
  const isAnswered = standing && !byHand && standing.alert.holds.snoozed !== undefined;
  return isAnswered ? since : Math.min(first?.at ?? Number.POSITIVE_INFINITY, overAt(life));
}

/** From when on it is held, at that moment or later. */
function heldFrom(life: LifeHistory, fromMs: number): number | undefined {
  const standing = stateAt(life, fromMs);
  if (standing && isHeld(standing.alert)) return fromMs;
  return life.states.find(({ at, alert }) => at > fromMs && isHeld(alert))?.at;
}

/** When SNS took the first message of it after that moment, or the timeline says why none can be delivered. */
function firstTold(run: Run, life: LifeHistory, contact: Contact, atMs: number): number | undefined {
  const since = atMs - (isCalm(run, atMs, atMs) ? JUST_BEFORE_MS : JUST_BEFORE_IN_FAULTS_MS);
  const published = tellingsOf(run, life)
    .filter((publish) => isSameContact(publish, contact))
    .map(({ takenAt }) => takenAt ?? Number.POSITIVE_INFINITY);
  const undeliverable = life.timeline
    .filter((entry) => entry.event === 'page.undeliverable' && isSameContact(entry, contact))
    .map(({ at }) => at);
  const first = Math.min(...[...published, ...undeliverable].filter((at) => at >= since));
  return Number.isFinite(first) ? first : undefined;
}
