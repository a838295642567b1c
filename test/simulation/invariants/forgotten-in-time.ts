/**
 * A forgotten acknowledgement: its latest acknowledger is reminded when the policy's time is up, and when nobody heeds it
 * the alert escalates as if by hand. Source: design, From acknowledged back to triggered, case 4
 */
import type { Operations } from '../../../functions/operations/operations.ts';
import type { Invariant, Run, Violation } from '../run.ts';
import { type Contact, reachableOn, WATCHERS } from '../who-is-paged.ts';
import { deadlineOf } from './fault-times.ts';
import { historiesOf, isHeld, type LifeHistory, type State } from './life-history.ts';
import { operationsIn, unreachablesIn } from './procedures.ts';
import { isSameContact, slotFreeAt, tellingsOf } from './tellings.ts';
import { iso, nameContact, nameLife } from './words.ts';

const NAME = 'forgotten-in-time';
const MINUTE_MS = 60_000;

export const forgottenInTime: Invariant = (run) =>
  historiesOf(run).flatMap((life) =>
    life.states.flatMap((state, i) => ofAcknowledgement(run, life, state, i)),
  );

function ofAcknowledgement(
  run: Run,
  life: LifeHistory,
  { at, alert, entries }: State,
  index: number,
): Violation[] {
  if (!entries.some(({ event }) => event === 'alert.acknowledged') || alert.status !== 'acknowledged')
    return [];
  const { by } = alert.acknowledgement!;
  // It counts until it is acknowledged again, or is no longer acknowledged.
  const over = life.states.find(
    (state, i) =>
      i > index &&
      (state.alert.status !== 'acknowledged' ||
        state.entries.some(({ event }) => event === 'alert.acknowledged')),
  );
  const overAt = Math.min(over?.at ?? Number.POSITIVE_INFINITY, life.replacedAt ?? Number.POSITIVE_INFINITY);
  const procedures = operationsIn(run, at, at);
  const timeouts = procedures.map(({ escalation }) => escalation[alert.severity].ackTimeoutMinutes);
  if (timeouts.includes(null)) return [];
  const remindAt = awake(life, at + Math.max(...timeouts.map((minutes) => minutes!)) * MINUTE_MS);
  if (remindAt === undefined) return [];
  const who = `alert ${nameLife(life)} was acknowledged by ${by} at ${iso(at)} and not resolved`;

  const missed = contactsOf(run, life, by, remindAt)
    .map((contacts) =>
      contacts.flatMap((contact) => {
        const deadline = deadlineOf(run, slotFreeAt(run, contact, remindAt));
        if (Math.min(overAt, run.endMs, heldFrom(life, remindAt)) <= deadline) return [];
        const isTold =
          tellingsOf(run, life).some(
            (publish) =>
              isSameContact(publish, contact) &&
              publish.takenAt !== undefined &&
              publish.takenAt >= remindAt - MINUTE_MS &&
              publish.takenAt <= deadline,
          ) ||
          life.timeline.some(
            (entry) =>
              entry.event === 'page.undeliverable' &&
              isSameContact(entry, contact) &&
              entry.at >= remindAt &&
              entry.at <= deadline,
          );
        return isTold ? [] : [{ contact, deadline }];
      }),
    )
    .sort((a, b) => a.length - b.length)[0];
  const reminders = (missed ?? []).map(({ contact, deadline }) => ({
    invariant: NAME,
    at: deadline,
    what: `${who}; the reminder to ${nameContact(contact)}, owed at ${iso(remindAt)}, was not published by ${iso(deadline)}`,
  }));

  const patience = Math.max(
    ...operationsIn(run, remindAt, deadlineOf(run, remindAt)).map(({ forgottenMinutes }) => forgottenMinutes),
  );
  const escalatesAt = awake(life, deadlineOf(run, remindAt) + patience * MINUTE_MS);
  if (escalatesAt === undefined) return reminders;
  const deadline = deadlineOf(run, escalatesAt);
  if (Math.min(overAt, run.endMs, heldFrom(life, escalatesAt)) <= deadline) return reminders;
  return [
    ...reminders,
    {
      invariant: NAME,
      at: deadline,
      what: `${who}; it had to escalate ${patience} min after the reminder, by ${iso(deadline)}, and is acknowledged still`,
    },
  ];
}

/** That moment, or the end of the hold that lasts then. */
function awake({ states }: LifeHistory, atMs: number): number | undefined {
  const standing = states.findLast(({ at }) => at <= atMs);
  if (!standing || !isHeld(standing.alert)) return atMs;
  return states.find(({ at, alert }) => at > atMs && !isHeld(alert))?.at;
}

function heldFrom({ states }: LifeHistory, atMs: number): number {
  return states.find(({ at, alert }) => at >= atMs && isHeld(alert))?.at ?? Number.POSITIVE_INFINITY;
}

/** The acknowledger, or without a contact everybody paged so far; the watchers when none of them can be reached. */
function contactsOf(run: Run, life: LifeHistory, by: string, atMs: number): Contact[][] {
  const untilMs = deadlineOf(run, atMs);
  const paged = life.timeline.filter(({ event, at }) => event === 'page.sent' && at <= atMs);
  const everybody = [...new Set(paged.map(({ responder }) => responder!))];
  const reach = (operations: Operations) => {
    const people = Object.hasOwn(operations.responders, by) ? [by] : everybody;
    return unreachablesIn(run, atMs, untilMs).map((unreachable) => {
      const contacts = people.flatMap((responder) =>
        reachableOn(operations, responder, ['sms', 'email'], unreachable).map((channel) => ({
          responder,
          channel,
        })),
      );
      return contacts.length > 0 ? contacts : [WATCHERS];
    });
  };
  return operationsIn(run, atMs, untilMs).flatMap(reach);
}
