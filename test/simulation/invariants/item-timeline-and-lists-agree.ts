/**
 * Item, timeline and lists agree: the timeline, replayed, ends in the item's status and holds; it keeps every entry that was
 * ever written; versions rise by one; the transitions are the design's; the lists hold what is open and what has ended.
 * Source: design, Alert
 */
import { isDeepStrictEqual } from 'node:util';
import type { Alert, Status, TimelineEntry } from '../../../functions/alerts/alert.ts';
import type { Invariant, Run, Violation } from '../run.ts';
import { deadlineOf } from './fault-times.ts';
import {
  type HoldName,
  historiesOf,
  holdsOf,
  type LifeHistory,
  lifeKey,
  overAt,
  type State,
} from './life-history.ts';
import { iso, nameLife } from './words.ts';

const NAME = 'item-timeline-and-lists-agree';

/** "triggered ⇄ acknowledged → resolved, and triggered → resolved" */
const MAY_FOLLOW: Record<Status, readonly Status[]> = {
  triggered: ['acknowledged', 'resolved'],
  acknowledged: ['triggered', 'resolved'],
  resolved: [],
};

export const itemTimelineAndListsAgree: Invariant = (run) => [
  ...historiesOf(run).flatMap((life) => [
    ...steps(life),
    ...(life.atEnd === undefined ? missing(run, life) : [...entriesKept(run, life), ...replayed(run, life)]),
  ]),
  ...versions(run),
  ...endedCopies(run),
  ...lists(run),
];

function steps(life: LifeHistory): Violation[] {
  return life.states.flatMap(({ at, before, alert }) =>
    !before || before.status === alert.status || MAY_FOLLOW[before.status].includes(alert.status)
      ? []
      : violation(
          at,
          `alert ${nameLife(life)} went from ${before.status} to ${alert.status} at ${iso(at)} (version ${alert.version})`,
        ),
  );
}

/** One write, one version; a row that is marked as stuck keeps its own. */
function versions(run: Run): Violation[] {
  return run.writes.flatMap(({ at, n, pk, sk, before, after }) => {
    if (sk !== 'current' || !pk.startsWith('alert#')) return [];
    if (!after) return violation(at, `${pk} was deleted at ${iso(at)} (call ${n})`);
    const [from, to] = [Number(before?.version ?? 0), Number(after.version)];
    if (to === from + 1 || (to === from && after.stuck !== undefined)) return [];
    return violation(
      at,
      `${pk} went from version ${from} to ${to} at ${iso(at)} (call ${n}): a write that another was lost to`,
    );
  });
}

/** A life of the table's history of which nothing is left. */
function missing(run: Run, life: LifeHistory): Violation[] {
  return violation(
    run.endMs,
    `of alert ${nameLife(life)} nothing is left at the end: neither its item nor a copy of the life`,
  );
}

/** Every entry that was ever in the item stands in the timeline, as it was. */
function entriesKept(run: Run, life: LifeHistory): Violation[] {
  const kept = new Map(life.timeline.map((entry) => [placeOf(entry), entry]));
  const seen = new Set<string>();
  return life.states.flatMap(({ at, alert }) =>
    alert.timeline.flatMap((entry) => {
      const place = placeOf(entry);
      if (entry.openedAt !== life.openedAt || seen.has(place)) return [];
      seen.add(place);
      const found = kept.get(place);
      if (found && found.event === entry.event && found.at === entry.at) return [];
      const instead = found
        ? `${found.event} of ${iso(found.at)} stands in its place`
        : 'it is gone at the end';
      return violation(
        Math.min(at, run.endMs),
        `alert ${nameLife(life)} wrote down ${entry.event} of ${iso(entry.at)} (version ${entry.version}.${entry.n}); ${instead}`,
      );
    }),
  );
}

function placeOf({ version, n }: TimelineEntry): string {
  return `${version}.${n}`;
}

function replayed(run: Run, life: LifeHistory): Violation[] {
  const alert = life.atEnd!;
  const { status, holds } = replay(life.timeline);
  const found = holdsOf(alert);
  const violations: Violation[] = [];
  if (status !== alert.status) {
    violations.push(
      ...violation(
        run.endMs,
        `the timeline of alert ${nameLife(life)} ends as ${status}, its item is ${alert.status}`,
      ),
    );
  }
  const expected = [...holds].sort().join(', ');
  if (status === alert.status && expected !== [...found].sort().join(', ')) {
    violations.push(
      ...violation(
        run.endMs,
        `by its timeline alert ${nameLife(life)} is held by ${expected || 'nothing'}, by its item by ${found.join(', ') || 'nothing'}`,
      ),
    );
  }
  return violations;
}

/** What the timeline tells somebody who reads it from the beginning. */
function replay(timeline: readonly TimelineEntry[]): {
  status: Status | 'never opened';
  holds: ReadonlySet<HoldName>;
} {
  let status: Status | 'never opened' = 'never opened';
  const holds = new Set<HoldName>();
  for (const { event, reason } of timeline) {
    if (event === 'alert.opened') status = 'triggered';
    if (event === 'alert.acknowledged') status = 'acknowledged';
    if (event === 'alert.severity-raised') status = 'triggered';
    if (event === 'alert.escalated' && reason !== undefined) status = 'triggered';
    if (event === 'alert.held') holds.add(reason as HoldName);
    if (event === 'alert.released') holds.delete(reason as HoldName);
    if (event === 'alert.snoozed') {
      status = 'triggered';
      holds.add('snoozed');
    }
    if (event === 'alert.resolved') {
      status = 'resolved';
      holds.clear();
    }
  }
  return { status, holds };
}

/** An ended life stands in the table by itself, as it ended. */
function endedCopies(run: Run): Violation[] {
  const copies = new Map(
    run.items
      .filter(({ pk, sk }) => pk.startsWith('alert#') && sk.startsWith('ended#'))
      .map((row) => [lifeKey(row as unknown as Alert), row as unknown as Alert]),
  );
  return historiesOf(run).flatMap((life) => {
    const over = overAt(life);
    if (deadlineOf(run, over) > run.endMs) return [];
    const copy = copies.get(lifeKey(life));
    if (!copy) {
      return violation(
        run.endMs,
        `alert ${nameLife(life)} was over at ${iso(over)}; no copy of the life stands in the table`,
      );
    }
    const resolved = life.states.find(({ alert }) => alert.status === 'resolved');
    const last = (resolved ?? life.states.at(-1)!).alert;
    const differs = factsThatDiffer(copy, last, resolved);
    if (differs.length === 0) return [];
    return violation(
      run.endMs,
      `the copy of alert ${nameLife(life)} differs from its item in ${differs.join(', ')}`,
    );
  });
}

function factsThatDiffer(copy: Alert, last: Alert, resolved: State | undefined): string[] {
  const facts = [
    'severity',
    'service',
    'triggers',
    'triggeredAt',
    'highestPagedLevel',
    'dedupKey',
    ...(resolved ? (['status', 'resolution', 'acknowledgement'] as const) : []),
  ] as const;
  return [
    ...facts.filter((fact) => !isDeepStrictEqual(copy[fact], last[fact])),
    ...(copy.status === 'resolved' ? [] : ['status']),
  ];
}

function lists(run: Run): Violation[] {
  const alive = run.lives.filter(({ alert }) => alert.status !== 'resolved').map(({ alert }) => alert.id);
  const ended = run.items
    .filter(({ pk, sk }) => pk.startsWith('alert#') && sk.startsWith('ended#'))
    .map((row) => lifeKey(row as unknown as Alert));
  return [
    ...compare(run, 'open alerts', run.lists.open, alive),
    ...compare(run, 'ended lives', run.lists.ended.map(lifeKey), ended),
  ];
}

function compare(run: Run, what: string, listed: readonly string[], actual: readonly string[]): Violation[] {
  const twice = listed.filter((one, i) => listed.indexOf(one) !== i);
  const left = actual.filter((one) => !listed.includes(one));
  const extra = listed.filter((one) => !actual.includes(one));
  const faults = [
    ...(twice.length > 0 ? [`has twice ${twice.join(', ')}`] : []),
    ...(left.length > 0 ? [`leaves out ${left.join(', ')}`] : []),
    ...(extra.length > 0 ? [`has ${extra.join(', ')}, which are not`] : []),
  ];
  return faults.flatMap((fault) => violation(run.endMs, `at the end the list of ${what} ${fault}`));
}

function violation(at: number, what: string): Violation[] {
  return [{ invariant: NAME, at, what }];
}
