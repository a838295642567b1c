/**
 * Nobody is paged too early or too often: each page to a contact has a level's moment of its own that names them, or stands in
 * for one that could not be delivered. Source: design, Escalation ("once per moment"), and Holds (the clock stands still)
 */
import { escalationOf } from '../escalation-model.ts';
import type { Invariant, Run, Violation } from '../run.ts';
import { deadlineOf } from './fault-times.ts';
import { historiesOf, type LifeHistory } from './life-history.ts';
import { candidatesOf } from './owed-levels.ts';
import { isSameContact } from './tellings.ts';
import { iso, nameContact, nameLife } from './words.ts';

/** What was decided a little before its moment: seconds are cut when the due queue delays. */
const EARLY_MOST_MS = 1_000;

export const noPageWithoutItsMoment: Invariant = (run) =>
  historiesOf(run).flatMap((life) => violationsOf(run, life));

function violationsOf(run: Run, life: LifeHistory): Violation[] {
  const moments = escalationOf(run, life).map((moment) => ({
    at: moment.at,
    contacts: candidatesOf(run, moment, deadlineOf(run, moment.at, 60_000)).flatMap(
      ({ contacts }) => contacts,
    ),
  }));
  const undeliverable = life.timeline.filter(({ event }) => event === 'page.undeliverable');
  const sent = life.timeline.filter(({ event }) => event === 'page.sent');
  const contacts = new Map(sent.map((entry) => [`${entry.responder} ${entry.channel}`, entry]));
  return [...contacts.values()].flatMap(({ responder, channel }) => {
    const contact = { responder: responder!, channel: channel! };
    const pages = sent.filter((entry) => isSameContact(entry, contact));
    const owed = (atMs: number) =>
      moments.filter(
        ({ at, contacts: named }) =>
          at <= atMs + EARLY_MOST_MS && named.some((one) => isSameContact(one, contact)),
      ).length + undeliverable.filter(({ at }) => at <= atMs).length;
    const early = pages.findIndex(({ at }, i) => i + 1 > owed(at));
    if (early < 0) return [];
    const { at, page, level } = pages[early]!;
    return [
      {
        invariant: 'no-page-without-its-moment',
        at,
        what: `alert ${nameLife(life)} paged ${nameContact(contact)} for the ${early + 1}. time at ${iso(at)} (page ${page}, level ${level}); by then only ${owed(at)} moments of its levels had named them (${
          moments
            .filter(({ contacts: named }) => named.some((one) => isSameContact(one, contact)))
            .map((moment) => iso(moment.at))
            .slice(-5)
            .join(', ') || 'none ever'
        })`,
      },
    ];
  });
}
