/** The one line that says it all: how bad, what is broken, since when. SMS and subject lines are made of it. */
import type { Alert, Page, Severity } from '../alerts/alert.ts';
import { describeWhat } from '../alerts/describe-alert.ts';
import { describeMoment } from '../alerts/describe-time.ts';
import type { Operations } from '../operations/operations.ts';

/** One message to one contact about one alert. */
export type AlertMessage = {
  alert: Alert;
  kind: Page['kind'];
  /** of the people paged */
  level: number;
  link: string;
  nowMs: number;
  operations: Operations;
};

/** One message to one contact about all that waited for its slot. */
export type BundleMessage = {
  items: readonly BundleItem[];
  /** a key of `operations.responders` */
  responder: string;
  link: string;
  nowMs: number;
  operations: Operations;
};

export type BundleItem = Pick<AlertMessage, 'alert' | 'kind' | 'level'>;

/** Only `what` may be cut: `CRITICAL ` + `checkout: orders-5xx-rate` + ` since 14:05Z`. */
export type Headline = { before: string; what: string; after: string };

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

/** The headline of one alert. `terse` is for a message with little room. */
export function headlineOf(
  { alert, kind, level, nowMs }: Pick<AlertMessage, 'alert' | 'kind' | 'level' | 'nowMs'>,
  style: 'full' | 'terse' = 'full',
): Headline {
  const severity = alert.severity.toUpperCase();
  const before = {
    page: level > 1 ? `${severity} L${level} ` : `${severity} `,
    reminder:
      style === 'full' ? `${severity} acknowledged, not resolved: ` : `${severity} acked, unresolved: `,
    notice: `${severity} resolved: `,
  };
  return { before: before[kind], what: describeWhat(alert), after: since(alert.openedAt, nowMs) };
}

/** The headline of a bundle: `CRITICAL 6 alerts in checkout, 2 in search since 14:05Z`. */
export function bundleHeadlineOf({ items, nowMs }: Pick<BundleMessage, 'items' | 'nowMs'>): Headline {
  // A page and a reminder of one alert may wait together: it is counted once.
  const alerts = [...new Map(items.map(({ alert }) => [alert.id, alert])).values()];
  const severity = SEVERITIES.find((worst) => alerts.some((alert) => alert.severity === worst)) ?? 'info';
  const only = (kind: Page['kind']) => items.every((item) => item.kind === kind);
  const kind = only('reminder') ? 'acknowledged, not resolved: ' : only('notice') ? 'resolved: ' : '';
  return {
    before: `${severity.toUpperCase()} ${kind}`,
    what: countByService(alerts),
    after: since(Math.min(...alerts.map(({ openedAt }) => openedAt)), nowMs),
  };
}

/** `6 alerts in checkout, 2 in search, 1 other`, the most first. */
export function countByService(alerts: readonly Pick<Alert, 'service'>[]): string {
  const counts = new Map<string, number>();
  for (const { service } of alerts) counts.set(service ?? '', (counts.get(service ?? '') ?? 0) + 1);
  const known = [...counts]
    .filter(([service]) => service !== '')
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1))
    .map(([service, count]) => ({ count, where: `in ${service}` }));
  const other = counts.get('') ?? 0;
  const groups = [...known, ...(other > 0 ? [{ count: other, where: known.length > 0 ? 'other' : '' }] : [])];
  return groups
    .map(({ count, where }, i) =>
      `${count}${i > 0 ? '' : count === 1 ? ' alert' : ' alerts'} ${where}`.trim(),
    )
    .join(', ');
}

function since(atMs: number, nowMs: number): string {
  return ` since ${describeMoment(atMs, nowMs)}`;
}
