/** Which faults may have made a message go out twice: a crash, or a publish whose answer, or whose note in the slot, was lost. */
import type { Hit, Publish, Run } from '../run.ts';
import { onceOf } from './once-of.ts';

/** The SDK waits so long for an answer of SNS. Source: paging/sns.sender.ts */
const PUBLISH_TIMEOUT_MS = 3_000;

/** A fault is felt by what began shortly before it. */
const BEGAN_BEFORE_MS = 15_000;

/** An occasion on which one message at most may be repeated. */
export type Excuse = { at: number; why: string };

/** In order. Several hits on the notes of one publish are one occasion. */
export const excusesOf = onceOf((run: Run): readonly Excuse[] => {
  const publishing = new Set(run.publishes.map(({ requestId }) => requestId));
  const crashed = new Set<string>();
  const excuses: Excuse[] = [];
  for (const { at, fault, call } of run.hits) {
    if (fault.kind !== 'call' || !call) continue;
    const isCrash =
      fault.fault === 'crash-before' || fault.fault === 'crash-after' || fault.fault === 'out-of-time';
    const { requestId } = call;
    // One that published nothing repeats nothing; and it crashes once, however many of its calls were never answered.
    if (isCrash && requestId && publishing.has(requestId) && !crashed.has(requestId)) {
      crashed.add(requestId);
      excuses.push({ at, why: `${fault.fault} of ${call.function}` });
    } else if (call.action === 'Publish' && isAnswerLost(fault)) {
      excuses.push({ at, why: `${fault.fault} of Publish (call ${call.n})` });
    }
  }
  for (const publish of run.publishes) {
    const lost = publish.takenAt !== undefined && run.hits.find((hit) => isLostNote(hit, publish));
    if (lost) excuses.push({ at: lost.at, why: `the note of publish ${publish.n} was lost` });
  }
  return excuses.sort((a, b) => a.at - b.at);
});

function isAnswerLost(fault: Extract<Hit['fault'], { kind: 'call' }>): boolean {
  if (fault.fault === 'slow') return (fault.slowMs ?? 0) >= PUBLISH_TIMEOUT_MS;
  return fault.fault === 'fail-after' || fault.fault === 'time-out-performed';
}

/** SNS took it when nobody waited for the answer any more. */
export function isTakenLate({ at, takenAt }: Publish): boolean {
  return takenAt !== undefined && takenAt - at >= PUBLISH_TIMEOUT_MS;
}

/** A write of the slot by the same invocation, after the publish. */
function isLostNote({ at, fault, call }: Hit, { n, requestId, takenAt }: Publish): boolean {
  return (
    fault.kind === 'call' &&
    fault.fault !== 'slow' &&
    call?.action === 'UpdateItem' &&
    call.requestId === requestId &&
    call.n > n &&
    at <= takenAt! + BEGAN_BEFORE_MS
  );
}

/** What needs an excuse: something was repeated between the two moments. */
export type Repetition<T> = { from: number; until: number; of: T };

/**
 * Those for which no excuse is left, when each excuse serves once.
 * Whoever ends first chooses first, and takes the earliest excuse that is its own: so as many as possible are excused.
 */
export function unexcused<T>(excuses: readonly Excuse[], repetitions: readonly Repetition<T>[]): T[] {
  const left = [...excuses];
  const without: T[] = [];
  for (const { from, until, of } of [...repetitions].sort((a, b) => a.until - b.until)) {
    const index = left.findIndex(({ at }) => at >= from - BEGAN_BEFORE_MS && at <= until);
    if (index < 0) without.push(of);
    else left.splice(index, 1);
  }
  return without;
}
