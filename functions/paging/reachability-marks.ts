/** Who is marked as unreachable in the situation: by the audit until it finds them reachable, by a delivery report for an hour. */
import type { Situation } from '../holds/situation.ts';
import type { PageChannel } from '../operations/operations.ts';
import type { Verdict } from './reachability.ts';

/** So long a delivery report is believed: the audit cannot see most of what it says. */
export const REPORT_BELIEVED_MS = 60 * 60_000;

type Mark = Situation['unreachable'][number];
type Contact = { responder: string; channel: PageChannel };

/**
 * The situation with the marks that an audit finds.
 * @returns undefined when nothing changes
 */
export function markAudited(
  situation: Situation,
  verdicts: readonly Verdict[],
  nowMs: number,
): Situation | undefined {
  const marks = verdicts.flatMap((verdict): Mark[] => {
    const { responder, channel } = verdict;
    const before = markOf(situation, verdict);
    if (verdict.state === 'unreachable')
      return [{ responder, channel, reason: verdict.reason, since: before?.since ?? nowMs }];
    return before && isKept(before, verdict, nowMs) ? [before] : [];
  });
  const isSame = JSON.stringify(marks) === JSON.stringify(situation.unreachable);
  return isSame ? undefined : { ...situation, unreachable: marks };
}

/** A report's mark ends by itself; the audit's ends when what it was for is no longer so, or nobody can tell. */
function isKept(mark: Mark, verdict: Verdict, nowMs: number): boolean {
  if (mark.until !== undefined) return mark.until > nowMs;
  return verdict.state === 'unknown' && verdict.unexcluded.includes(mark.reason);
}

/**
 * The situation after a delivery report that says more than that one message was lost.
 * @param report.sentAt  when that message was sent: however late its report is taken, it is believed for an hour from then
 * @returns undefined when nothing changes: another mark lasts longer, or the hour is over
 */
export function markReported(
  situation: Situation,
  { responder, channel }: Contact,
  { reason, sentAt }: { reason: string; sentAt: number },
  nowMs: number,
): Situation | undefined {
  const before = markOf(situation, { responder, channel });
  const until = sentAt + REPORT_BELIEVED_MS;
  if (until <= nowMs || (before && (before.until ?? Number.POSITIVE_INFINITY) >= until)) return undefined;
  const mark = {
    responder,
    channel,
    reason,
    since: isOn(before, nowMs) ? before.since : nowMs,
    until,
  };
  const others = situation.unreachable.filter((one) => one !== before);
  return { ...situation, unreachable: [...others, mark] };
}

/** What a delivery report makes of a contact. */
export type Reported = Contact & { state: 'unreachable'; reason: string; advice: string; since: number };

/** The contacts, with what delivery reports have said since: the account looks well, and an SMS did not arrive. */
export function withReports<C extends Contact & { state: string }>(
  contacts: readonly C[],
  situation: Situation,
  nowMs: number,
): (C | Reported)[] {
  return contacts.map((contact) => {
    const { responder, channel } = contact;
    const mark = markOf(situation, contact);
    if (contact.state === 'unreachable' || mark?.until === undefined || !isOn(mark, nowMs)) return contact;
    return {
      responder,
      channel,
      state: 'unreachable',
      reason: mark.reason,
      advice: `An SMS did not arrive, and the account does not say why. Ask the person, and try \`tocsin contacts verify ${responder}\`.`,
      since: mark.since,
    };
  });
}

function markOf(situation: Situation, { responder, channel }: Contact): Mark | undefined {
  return situation.unreachable.find((one) => one.responder === responder && one.channel === channel);
}

function isOn(mark: Mark | undefined, nowMs: number): mark is Mark {
  return mark !== undefined && (mark.until ?? Number.POSITIVE_INFINITY) > nowMs;
}
