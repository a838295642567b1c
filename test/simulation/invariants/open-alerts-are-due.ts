/**
 * Every open critical or warning alert has a `dueAt`, after every write; and whatever is due is taken: at no time is it
 * overdue by more than 3 min without a fault, nor at the end. Source: design, Four ideas, Tick
 */
import type { Alert } from '../../../functions/alerts/alert.ts';
import type { Operations } from '../../../functions/operations/operations.ts';
import type { Invariant, Run, Violation, Write } from '../run.ts';
import { AFTER_FAULTS_MS, deadlineOf } from './fault-times.ts';
import { historiesOf } from './life-history.ts';
import { operationsIn } from './procedures.ts';
import { iso, nameLife } from './words.ts';

const NAME = 'open-alerts-are-due';
const MINUTE_MS = 60_000;

export const openAlertsAreDue: Invariant = (run) => [...notDue(run), ...overdue(run)];

function notDue(run: Run): Violation[] {
  return historiesOf(run).flatMap((life) =>
    life.states.flatMap((state): Violation[] => {
      const { at, alert } = state;
      if (alert.dueAt !== undefined || alert.status === 'resolved' || alert.severity === 'info') return [];
      // An answer stands by the procedures under which it was given.
      const decidedAt = alert.status === 'acknowledged' ? (alert.acknowledgement?.at ?? at) : at;
      if (operationsIn(run, decidedAt, decidedAt).some((operations) => mayRest(alert, operations))) return [];
      const version = `version ${alert.version}, written by ${state.write.function ?? 'nobody'} (call ${state.write.n})`;
      return [
        {
          invariant: NAME,
          at,
          what: `alert ${nameLife(life)} is open, ${alert.severity} and ${alert.status} since ${iso(at)} (${version}), and has no dueAt: nothing will ever come of it`,
        },
      ];
    }),
  );
}

/** Those for which the procedures say that nothing follows: a policy that ends, an acknowledgement that is not asked about. */
function mayRest(alert: Alert, { escalation }: Operations): boolean {
  if (Object.keys(alert.holds).length > 0) return false;
  const { steps, repeat, ackTimeoutMinutes } = escalation[alert.severity];
  if (steps.length === 0) return true;
  if (alert.status === 'acknowledged') return ackTimeoutMinutes === null;
  const isRepeated = repeat.some(
    ({ untilMinutes = Number.POSITIVE_INFINITY }) => alert.clock.elapsedMs < untilMinutes * MINUTE_MS,
  );
  return !isRepeated && alert.next === null;
}

/** Alerts, slots, reviews and answers alike. */
function overdue(run: Run): Violation[] {
  const standing = new Map<string, Write>();
  const violations: Violation[] = [];
  const check = (write: Write, untilMs: number) => {
    const dueAt = write.after?.dueAt;
    if (typeof dueAt !== 'number' || untilMs - dueAt <= AFTER_FAULTS_MS) return;
    // Faults are over at the end; and what was written as overdue has its time from then on.
    const deadline = deadlineOf(run, Math.max(dueAt, write.at), AFTER_FAULTS_MS);
    if (untilMs <= deadline) return;
    violations.push({
      invariant: NAME,
      at: deadline,
      what: `${write.pk} ${write.sk}, written at ${iso(write.at)} (call ${write.n}), was due at ${iso(dueAt)} and had to be taken by ${iso(deadline)}; it stood there until ${untilMs === run.endMs ? 'the end' : iso(untilMs)}`,
    });
  };
  for (const write of run.writes) {
    const key = `${write.pk} ${write.sk}`;
    const earlier = standing.get(key);
    // A slot or an alert is written for other reasons as well: it is taken when its moment changes.
    if (earlier && earlier.after?.dueAt === write.after?.dueAt) continue;
    if (earlier) check(earlier, write.at);
    standing.set(key, write);
  }
  for (const write of standing.values()) check(write, run.endMs);
  return violations;
}
