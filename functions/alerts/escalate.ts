/** What happens at an escalation moment, whoever brought it about: the clock, a hand, a forgotten acknowledgement. */
import { type Contacts, decideContacts, WATCHERS } from '../escalation/decide-contacts.ts';
import {
  firstMoment,
  type Moment,
  momentAfter,
  momentByHand,
  stepOf,
} from '../escalation/escalation-policy.ts';
import type { Operations } from '../operations/operations.ts';
import type { Alert } from './alert.ts';
import { elapsedAt, note, setClock } from './alert-draft.ts';
import { owePages } from './alert-pages.ts';

/** Back to level 1 of its severity's policy: a new alert, one whose severity rose, one that was held until now. */
export function restartEscalation(draft: Alert, operations: Operations): void {
  setClock(draft, 0);
  draft.next = firstMoment(operations.escalation[draft.severity]);
  draft.highestPagedLevel = 0;
}

/** Takes every moment that the escalation clock has reached. */
export function escalateByClock(draft: Alert, nowMs: number, operations: Operations): void {
  while (draft.next && draft.next.atMs <= elapsedAt(draft, nowMs)) {
    takeMoment(draft, nowMs, operations, draft.next, { by: 'clock' });
  }
}

/** Jumps to the level after the highest paged, now; past the last, that one again, the next repeat counted from now. */
export function escalateAtOnce(
  draft: Alert,
  nowMs: number,
  operations: Operations,
  cause: { by: string; reason: string; byHand: boolean },
): void {
  const policy = operations.escalation[draft.severity];
  const moment = momentByHand(policy, draft.highestPagedLevel, elapsedAt(draft, nowMs));
  if (!moment) return;
  setClock(draft, moment.atMs);
  takeMoment(draft, nowMs, operations, moment, cause);
}

/** Nobody could be reached: the watchers' own topic, whose subscriptions need none of our code. */
export function pageWatchers(
  draft: Alert,
  nowMs: number,
  level: number,
  reason: 'nobody-on-call' | 'nobody-reachable',
  byHand: boolean,
): void {
  note(draft, nowMs, 'page.held', { level, reason });
  owePages(draft, nowMs, { kind: 'page', level, contacts: [WATCHERS], byHand });
}

function takeMoment(
  draft: Alert,
  nowMs: number,
  operations: Operations,
  moment: Moment,
  cause: { by: string; reason?: string; byHand?: boolean },
): void {
  const policy = operations.escalation[draft.severity];
  const step = stepOf(policy, moment);
  draft.next = momentAfter(policy, moment);
  if (!step) return;
  const byHand = cause.byHand ?? false;
  const decision = decideContacts(operations, step.level, step.channels, nowMs);
  const rises = draft.highestPagedLevel > 0 && decision.level > draft.highestPagedLevel;
  if (rises || cause.reason) {
    note(draft, nowMs, 'alert.escalated', { level: decision.level, by: cause.by, reason: cause.reason });
  }
  draft.highestPagedLevel = Math.max(draft.highestPagedLevel, decision.level);
  for (const contact of decision.unreachable) note(draft, nowMs, 'page.undeliverable', contact);
  if (decision.kind === 'nobody') {
    pageWatchers(draft, nowMs, decision.level, whyEmpty(decision, decision.level), byHand);
    return;
  }
  for (const level of decision.empty) {
    note(draft, nowMs, 'page.held', { level, reason: whyEmpty(decision, level) });
  }
  owePages(draft, nowMs, { kind: 'page', level: decision.level, contacts: decision.contacts, byHand });
}

function whyEmpty({ unreachable }: Contacts, level: number): 'nobody-on-call' | 'nobody-reachable' {
  return unreachable.some((one) => one.level === level) ? 'nobody-reachable' : 'nobody-on-call';
}
