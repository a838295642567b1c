/** Why a message may go out again: its answer was lost, or its note, or its function crashed before it had noted it. */
import type { Publish, Run } from '../run.ts';
import { type CallHit, hitsOf, writesOf } from './invocations.ts';

/** The SDK waits so long for an answer of SNS. Source: paging/sns.sender.ts */
const PUBLISH_TIMEOUT_MS = 3_000;

const CRASHES: readonly string[] = ['crash-before', 'crash-after', 'out-of-time'];

/**
 * The message's own excuses, by name; each permits one repetition.
 * @param isNoted  the invocation that published it has written down that it was sent: then none but a lost answer is left
 */
export function excusesOf(run: Run, message: Publish, isNoted: boolean): string[] {
  const { n, requestId } = message;
  const hits = hitsOf(run, requestId).filter(({ call }) => call.n >= n);
  const isAnswerLost = hits.some(({ fault, call }) => call.n === n && losesAnswer(fault));
  const isNoteLost = hits.some(
    ({ fault, call }) => call.n > n && call.row === slotOf(message) && losesNote(fault, call),
  );
  const isCrashed = hits.some(({ fault }) => CRASHES.includes(fault.fault));
  return [
    ...(isAnswerLost ? [answerOf(message)] : []),
    ...(isNoteLost && !isNoted ? [`the note of publish ${n} was lost`] : []),
    // It crashes once, however many messages it had published.
    ...(isCrashed && !isNoted ? [`${requestId} crashed`] : []),
  ];
}

/** What its sender had given up by then is the one message more that a lost answer is worth. */
export function isTakenLate({ at, takenAt }: Publish): boolean {
  return takenAt !== undefined && takenAt - at >= PUBLISH_TIMEOUT_MS;
}

export function answerOf({ n }: Publish): string {
  return `the answer of publish ${n} was lost`;
}

function losesAnswer({ fault, slowMs = 0 }: CallHit['fault']): boolean {
  if (fault === 'slow') return slowMs >= PUBLISH_TIMEOUT_MS;
  return fault === 'fail-after' || fault === 'time-out-performed';
}

function losesNote({ fault }: CallHit['fault'], { action }: CallHit['call']): boolean {
  return action === 'UpdateItem' && !CRASHES.includes(fault);
}

/** The invocation that published the message has written it into the contact's slot. */
export function isInSlot(run: Run, message: Publish): boolean {
  const { n, requestId, takenAt = 0 } = message;
  return writesOf(run, requestId).some((write) => {
    if (write.n <= n || `${write.pk} ${write.sk}` !== slotOf(message)) return false;
    const sent = (write.after?.sent ?? []) as readonly { at: number }[];
    return sent.some(({ at }) => at >= takenAt);
  });
}

function slotOf({ responder, channel }: Publish): string {
  return `contact#${responder}#${channel} slot`;
}

/** What needs an excuse, and those of which any serves. */
export type Repetition<T> = { at: number; excuses: readonly string[]; of: T };

/** Those for which no excuse is left, when each serves once, and they are given out so that the most are excused. */
export function unexcused<T>(repetitions: readonly Repetition<T>[]): T[] {
  const servesTo = new Map<string, Repetition<T>>();
  /** Whoever has an excuse that is wanted takes another, if there is one. */
  const excuse = (one: Repetition<T>, asked = new Set<string>()): boolean =>
    one.excuses.some((wanted) => {
      if (asked.has(wanted)) return false;
      asked.add(wanted);
      const holder = servesTo.get(wanted);
      if (holder && !excuse(holder, asked)) return false;
      servesTo.set(wanted, one);
      return true;
    });
  return repetitions
    .toSorted((a, b) => a.at - b.at)
    .filter((one) => !excuse(one))
    .map(({ of }) => of);
}
