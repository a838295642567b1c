/** When all is over nothing is left of what was under way: nobody in a line, no turn to come, no storm to settle. Source: design, Slot */
import { isActive } from '../../../functions/alerts/alert-draft.ts';
import type { Invariant, Row, Run, Violation } from '../run.ts';
import { deadlineOf } from './fault-times.ts';
import { iso } from './words.ts';

/** A page that waits has its turn within a minute, and what comes meanwhile in the one after. */
const TURN_MS = 2 * 60_000;

export const nothingIsLeftOver: Invariant = (run) =>
  run.items.flatMap(({ pk, sk, ...row }): Violation[] => {
    const left: [string, number][] = [];
    // The row of a page that is settled keeps nobody waiting: the contact's next turn takes it out.
    if (sk.startsWith('waiting#') && isUnsettled(run, row))
      left.push(['a page waits in the line since', Number(row.putAt ?? row.owedAt)]);
    // A lease alone is nothing: whoever crashed held it, and once it has run out the next message takes the slot.
    if (sk === 'slot' && row.dueAt !== undefined)
      left.push(['a turn that is to come, at', Number(row.dueAt)]);
    if (sk === 'slot' && row.told !== undefined)
      left.push([
        'a storm that was told and not settled, of',
        latestOf(row.told as Record<string, { at: number }>),
      ]);
    if (sk.startsWith('again#')) left.push(['a review that is to come, at', Number(row.dueAt)]);
    return left
      .filter(([, at]) => deadlineOf(run, at, TURN_MS) <= run.endMs)
      .map(([what, at]) => ({
        invariant: 'nothing-is-left-over',
        at: run.endMs,
        what: `at the end ${pk} ${sk} has ${what} ${iso(at)}`,
      }));
  });

function isUnsettled({ lives }: Run, { alertId, pageId }: Partial<Row>): boolean {
  const alert = lives.findLast((life) => life.alert.id === alertId)?.alert;
  const page = alert?.pages.find(({ id }) => id === pageId);
  return alert === undefined || (page !== undefined && isActive(page));
}

function latestOf(told: Record<string, { at: number }>): number {
  return Math.max(...Object.values(told).map(({ at }) => at));
}
