/**
 * Nobody is paged too early or too often: each page to a contact has a level's moment of its own that names them, or stands in
 * for one that could not be delivered. Source: design, Escalation ("once per moment"), and Holds (the clock stands still)
 */
import type { Page } from '../../../functions/alerts/alert.ts';
import { escalationOf } from '../escalation-model.ts';
import type { Invariant, Run, Violation } from '../run.ts';
import { type Contact, WATCHERS } from '../who-is-paged.ts';
import { deadlineOf } from './fault-times.ts';
import { historiesOf, type LifeHistory, type State } from './life-history.ts';
import { candidatesOf } from './owed-levels.ts';
import { isSameContact } from './tellings.ts';
import { iso, nameContact, nameLife } from './words.ts';

/** What was decided a little before its moment: seconds are cut when the due queue delays. */
const EARLY_MOST_MS = 1_000;

/** A moment is taken within so long, where no fault was near. */
const TAKEN_WITHIN_MS = 60_000;

export const noPageWithoutItsMoment: Invariant = (run) =>
  historiesOf(run).flatMap((life) => violationsOf(run, life));

function violationsOf(run: Run, life: LifeHistory): Violation[] {
  const moments = escalationOf(run, life).map(({ at, ...moment }) => {
    const until = deadlineOf(run, at, TAKEN_WITHIN_MS);
    const named = candidatesOf(run, { at, ...moment }, until).flatMap(({ contacts }) => contacts.map(keyOf));
    // It is worth one page to each, whatever becomes of that.
    return { at, until, named, left: new Set(named) };
  });
  const sentAt = new Map(
    life.timeline.filter(({ event }) => event === 'page.sent').map(({ page, at }) => [page, at]),
  );
  const pages = pagesOf(life);
  return pages.flatMap(({ page, isStandIn }, i) => {
    if (isStandIn) return [];
    const at = Math.min(page.owedAt, sentAt.get(page.id) ?? page.owedAt);
    const key = keyOf(page);
    const moment = moments.find(
      (one) => one.at <= at + EARLY_MOST_MS && page.owedAt <= one.until && one.left.has(key),
    );
    if (moment) {
      moment.left.delete(key);
      return [];
    }
    const nth = pages.slice(0, i + 1).filter((one) => keyOf(one.page) === key).length;
    const named = moments.filter((one) => one.named.includes(key)).map((one) => iso(one.at));
    return [
      {
        invariant: 'no-page-without-its-moment',
        at,
        what: `alert ${nameLife(life)} paged ${nameContact(page)} for the ${nth}. time at ${iso(at)} (page ${page.id}, level ${page.level}): it stands in for none that could not be delivered, and no moment that named them was left of ${named.join(', ') || 'none'}`,
      },
    ];
  });
}

function keyOf({ responder, channel }: Contact): string {
  return `${responder} ${channel}`;
}

/** Every page of the life, as it came to be owed, the earliest first. */
function pagesOf(life: LifeHistory): { page: Page; isStandIn: boolean }[] {
  const known = new Set<string>();
  return life.states.flatMap((state) => {
    const owed = state.alert.pages.filter(({ id, kind }) => kind === 'page' && !known.has(id));
    for (const { id } of owed) known.add(id);
    const failed = undeliverableIn(state);
    return owed.map((page) => {
      const instead = failed.findIndex((one) => standsInFor(page, one));
      if (instead >= 0) failed.splice(instead, 1);
      return { page, isStandIn: instead >= 0 };
    });
  });
}

type Undeliverable = Contact & { at: number; level: number; owedAt: number };

/** The pages of which this write says that they cannot be delivered. */
function undeliverableIn({ alert, before, entries }: State): Undeliverable[] {
  return entries.flatMap(({ event, at, page: id, level, responder, channel }) => {
    if (event !== 'page.undeliverable' || id === undefined) return [];
    // Of a page that has left the item it is not known when it was owed.
    const { kind, owedAt } = before?.pages.find((page) => page.id === id) ?? {
      kind: 'page',
      owedAt: alert.openedAt,
    };
    return kind === 'page' ? [{ at, level: level!, responder: responder!, channel: channel!, owedAt }] : [];
  });
}

/** By another channel or another of the level's people, of the same moment; or by the watchers, now. */
function standsInFor(page: Page, failed: Undeliverable): boolean {
  if (page.level < failed.level) return false;
  if (isSameContact(page, WATCHERS)) return page.owedAt === failed.at;
  return page.owedAt === failed.owedAt && !isSameContact(page, failed);
}
