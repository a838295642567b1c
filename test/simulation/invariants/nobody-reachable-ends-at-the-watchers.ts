/**
 * When nobody at all can be reached, the page goes to the watchers' own topic, in time and again by the policy's repeat; and
 * when no page of a level can be delivered, somebody else is told at once. Source: design, Escalation and Paging
 */
import type { Invariant, Run, Violation } from '../run.ts';
import { WATCHERS } from '../who-is-paged.ts';
import { deadlineOf } from './fault-times.ts';
import { historiesOf, isHeld, type LifeHistory } from './life-history.ts';
import { missesOf } from './owed-levels.ts';
import { describeMiss } from './paged-in-time.ts';
import { SLOT_MS, tellingsOf } from './tellings.ts';
import { iso, nameContact, nameLife } from './words.ts';

const NAME = 'nobody-reachable-ends-at-the-watchers';

export const nobodyReachableEndsAtTheWatchers: Invariant = (run) => [
  ...missesOf(run)
    .filter(({ contact }) => contact.responder === WATCHERS.responder)
    .map((miss) => ({ invariant: NAME, at: miss.deadline, what: describeMiss(miss) })),
  ...historiesOf(run).flatMap((life) => leftAlone(run, life)),
];

/** A page that could not be delivered is owed to somebody else, or the level's other pages were. */
function leftAlone(run: Run, life: LifeHistory): Violation[] {
  return life.timeline.flatMap((entry) => {
    if (entry.event !== 'page.undeliverable' || entry.page === undefined) return [];
    const { at, level } = entry;
    // The people of the level have a minute's slot each; some seconds for each further channel.
    const deadline = deadlineOf(run, at + SLOT_MS);
    const answered = life.states.find((state) => state.at >= at && !isEscalating(state));
    if (deadline > run.endMs || (life.replacedAt ?? deadline) < deadline) return [];
    if (!isEscalating(life.states.findLast((state) => state.at <= at))) return [];
    if (answered && answered.at <= deadline) return [];
    // Of the same level since it was owed, or anybody since then.
    const owedAt = owedAtOf(life, entry.page) ?? at;
    const reached = tellingsOf(run, life).some(
      ({ takenAt = 0, responder, channel }) =>
        takenAt >= owedAt &&
        takenAt <= deadline &&
        !(responder === entry.responder && channel === entry.channel),
    );
    if (reached) return [];
    const to = nameContact({ responder: entry.responder ?? '?', channel: entry.channel ?? '?' });
    return [
      {
        invariant: NAME,
        at: deadline,
        what: `alert ${nameLife(life)}: the page of level ${level} to ${to} was undeliverable at ${iso(at)} (${entry.reason}), and nobody else was told of the alert by ${iso(deadline)}: another channel, another responder, the next level or the watchers`,
      },
    ];
  });
}

function isEscalating(state: { alert: { status: string; holds: object } } | undefined): boolean {
  return state?.alert.status === 'triggered' && !isHeld(state.alert as Parameters<typeof isHeld>[0]);
}

function owedAtOf({ states }: LifeHistory, page: string): number | undefined {
  return states.flatMap(({ alert }) => alert.pages).find(({ id }) => id === page)?.owedAt;
}
