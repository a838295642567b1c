/** Alerts in a terminal: the list, and one of them with its timeline. */

import {
  type Alert,
  heldBy,
  type Severity,
  type Status,
  type TimelineEntry,
} from '../functions/alerts/alert.ts';
import {
  describeNext,
  describeState,
  describeWhat,
  listNames,
  nameOf,
  oneLine,
  runbookOf,
  serviceOf,
} from '../functions/alerts/describe-alert.ts';
import { describeEntry } from '../functions/alerts/describe-entry.ts';
import { describeSource } from '../functions/alerts/describe-source.ts';
import { describeAge, describeDuration, describeMoment } from '../functions/alerts/describe-time.ts';
import type { Operations } from '../functions/operations/operations.ts';
import { alignColumns, fitColumns } from './columns.ts';
import type { Paint } from './paint.ts';

/** Shorter ids would soon be ambiguous. */
const ID_CHARS_LEAST = 6;

/** What is broken, and who was paged. */
const FLEXIBLE = [4, 5];

const SEVERITY_PAINT = { critical: 'bad', warning: 'warn', info: 'faint' } as const satisfies Record<
  Severity,
  keyof Paint
>;
const STATUS_PAINT = { triggered: 'bad', acknowledged: 'warn', resolved: 'good' } as const satisfies Record<
  Status,
  keyof Paint
>;

export type ListedAlerts = {
  alerts: readonly Alert[];
  /** `9,812`: how many there are, where these are only the latest of them */
  total?: string | undefined;
  /** so many of the latest were left out */
  skipped?: number | undefined;
  /** how many to leave out for those before them; absent where there are none */
  next?: number | undefined;
  operations: Operations;
  nowMs: number;
};

/**
 * A table, the newest alert first; where there are more, how many, and whose those listed are.
 * @param width  characters that a line may have
 */
export function renderList(list: ListedAlerts, paint: Paint, width: number): string[] {
  const { alerts, total, operations, nowMs } = list;
  const newestFirst = [...alerts].sort((a, b) => b.openedAt - a.openedAt);
  // What is not listed may begin in the same way: then only the whole id is sure.
  const chars = total ? undefined : idChars(alerts);
  const rows = newestFirst.map((alert) => [
    alert.id.slice(0, chars),
    alert.severity,
    paint[STATUS_PAINT[alert.status]](stateOf(alert)),
    describeDuration(nowMs - alert.openedAt),
    describeWhat(alert),
    describePaged(alert, operations),
  ]);
  const titles = ['id', 'severity', 'state', 'age', 'what', 'paged'];
  const [head, ...lines] = alignColumns(fitColumns([titles, ...rows], width, FLEXIBLE));
  return [paint.faint(head!), ...lines, ...(total ? describeRest(list, total) : [])];
}

/** One alert: what, how it stands, who is next, the facts, what happened. */
export function renderAlert(
  alert: Alert,
  timeline: readonly TimelineEntry[],
  operations: Operations,
  nowMs: number,
  paint: Paint,
): string[] {
  const severity = paint[SEVERITY_PAINT[alert.severity]](alert.severity.toUpperCase());
  const facts: [string, string | undefined][] = [
    ['reason', alert.detail.reason],
    ['metric', alert.detail.metric],
    ['threshold', alert.detail.threshold],
    ['about', alert.detail.description],
    ['owner', serviceOf(alert, operations)?.owner],
    ['runbook', runbookOf(alert, operations)],
    ...describeSource(alert.source).map(([term, text]): [string, string] => [term.toLowerCase(), text]),
    ['labels', describeLabels(alert)],
    ['id', alert.id],
  ];
  const known = facts.flatMap(([name, text]) => (text ? [[name, oneLine(text)]] : []));
  return [
    `${severity} ${paint.strong(describeWhat(alert))}, opened ${describeAge(alert.openedAt, nowMs)}`,
    `${describeState(alert, operations, nowMs)}.`,
    `${describeNext(alert, operations, nowMs)}.`,
    '',
    ...alignColumns(known).map((line) => `  ${line}`),
    '',
    ...alignColumns(
      timeline.map((entry) => [
        describeMoment(entry.at, nowMs),
        describeEntry(entry, operations, alert.source),
      ]),
    ).map((line) => `  ${line}`),
  ];
}

/** What windows and silences match: `team=shop, cluster=eu-1` */
function describeLabels({ labels }: Alert): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** As few characters of an id as tell these alerts apart. */
export function idChars(alerts: readonly Alert[]): number {
  const ids = [...new Set(alerts.map(({ id }) => id))];
  let chars = ID_CHARS_LEAST;
  while (new Set(ids.map((id) => id.slice(0, chars))).size < ids.length) chars += 1;
  return chars;
}

/** What keeps it quiet, where that is all that one needs to know. */
function stateOf(alert: Alert): string {
  return alert.status === 'triggered' ? (heldBy(alert) ?? alert.status) : alert.status;
}

/** `the latest 200 of 9,812`, or `200 of 9,812, after the latest 400` */
export function describeShown(count: number, total: string, skipped = 0): string {
  return skipped > 0
    ? `${count} of ${total}, after the latest ${skipped}`
    : `the latest ${count} of ${total}`;
}

/** `Showing the latest 200 of 9,812; of these: checkout 120, search 80`, and how to see the others */
function describeRest({ alerts, skipped, next }: ListedAlerts, total: string): string[] {
  const counts = new Map<string, number>();
  for (const { service = 'no service' } of alerts) counts.set(service, (counts.get(service) ?? 0) + 1);
  const services = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
  return [
    '',
    `Showing ${describeShown(alerts.length, total, skipped)}; of these: ${services.join(', ')}`,
    ...(next === undefined ? [] : [`Those before them: --skip ${next}`]),
  ];
}

function describePaged(alert: Alert, operations: Operations): string {
  if (alert.paged.length === 0) return 'nobody yet';
  const level = alert.highestPagedLevel;
  const people = alert.paged.filter((one) => one.level === level);
  return `level ${level}: ${listNames(people.map(({ responder }) => nameOf(responder, operations)))}`;
}
