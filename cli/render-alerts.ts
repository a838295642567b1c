/** Alerts in a terminal: the list, and one of them with its timeline. */

import type { Alert, Severity, Status, TimelineEntry } from '../functions/alerts/alert.ts';
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
import { describeAge, describeMoment } from '../functions/alerts/describe-time.ts';
import type { Operations } from '../functions/operations/operations.ts';
import { alignColumns } from './columns.ts';
import type { Paint } from './paint.ts';

/** Shorter ids would soon be ambiguous. */
const ID_CHARS_LEAST = 6;

const SEVERITY_PAINT = { critical: 'bad', warning: 'warn', info: 'faint' } as const satisfies Record<
  Severity,
  keyof Paint
>;
const STATUS_PAINT = { triggered: 'bad', acknowledged: 'warn', resolved: 'good' } as const satisfies Record<
  Status,
  keyof Paint
>;

/** A table, the newest alert first. */
export function renderList(
  alerts: readonly Alert[],
  operations: Operations,
  nowMs: number,
  paint: Paint,
): string[] {
  const newestFirst = [...alerts].sort((a, b) => b.openedAt - a.openedAt);
  const chars = idChars(alerts);
  const rows = newestFirst.map((alert) => [
    alert.id.slice(0, chars),
    alert.severity,
    paint[STATUS_PAINT[alert.status]](alert.status),
    describeAge(alert.openedAt, nowMs),
    describeWhat(alert),
    describePaged(alert, operations),
  ]);
  const titles = ['id', 'severity', 'state', 'opened', 'what', 'paged'].map(paint.faint);
  return alignColumns([titles, ...rows]);
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
      timeline.map((entry) => [describeMoment(entry.at, nowMs), describeEntry(entry, operations)]),
    ).map((line) => `  ${line}`),
  ];
}

/** As few characters of an id as tell these alerts apart. */
export function idChars(alerts: readonly Alert[]): number {
  const ids = [...new Set(alerts.map(({ id }) => id))];
  let chars = ID_CHARS_LEAST;
  while (new Set(ids.map((id) => id.slice(0, chars))).size < ids.length) chars += 1;
  return chars;
}

function describePaged(alert: Alert, operations: Operations): string {
  if (alert.paged.length === 0) return 'nobody yet';
  const names = listNames(alert.paged.map(({ responder }) => nameOf(responder, operations)));
  return `level ${alert.highestPagedLevel}: ${names}`;
}
