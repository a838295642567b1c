/** The one line that says it all: how bad, what is broken, since when. SMS and subject lines are made of it. */
import type { Alert, Page, Severity } from '../alerts/alert.ts';
import { describeWhat } from '../alerts/describe-alert.ts';
import { describeMoment } from '../alerts/describe-time.ts';
import type { Operations } from '../operations/operations.ts';
import { describeStorm, type Storm } from './storm.ts';

/** One message to one contact about one alert. */
export type AlertMessage = {
  alert: Alert;
  kind: Page['kind'];
  /** of the people paged */
  level: number;
  /** the hold that has ended: why this comes now */
  after?: Page['after'];
  link: string;
  nowMs: number;
  operations: Operations;
};

/** One message to one contact about all that waited for its slot. */
export type BundleMessage = {
  /** of a storm the worst */
  items: readonly BundleItem[];
  /** there is more than is listed: this counts all of it */
  storm?: Storm | undefined;
  /** a key of `operations.responders` */
  responder: string;
  link: string;
  nowMs: number;
  operations: Operations;
};

export type BundleItem = Pick<AlertMessage, 'alert' | 'kind' | 'level' | 'after'>;

/** Only `what` may be cut: `CRITICAL ` + `checkout: orders-5xx-rate` + ` since 14:05Z`. */
export type Headline = { before: string; what: string; after: string };

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

/** Which hold has ended, in few words. */
export const AFTER = {
  maintenance: 'after maintenance',
  silenced: 'after a silence',
  inhibited: 'no longer explained',
  muted: 'no longer muted',
  snoozed: 'after a snooze',
} as const satisfies Record<NonNullable<Page['after']>, string>;

/** The same as the beginning of a sentence. */
export const ENDED = {
  maintenance: 'The maintenance has ended',
  silenced: 'The silence has ended',
  inhibited: 'The alert that explained it is over',
  muted: 'The alarm is no longer muted',
  snoozed: 'The snooze has ended',
} as const satisfies Record<NonNullable<Page['after']>, string>;

/** The headline of one alert. `terse` is for a message with little room. */
export function headlineOf(
  { alert, kind, level, after, nowMs }: Pick<AlertMessage, 'alert' | 'kind' | 'level' | 'after' | 'nowMs'>,
  style: 'full' | 'terse' = 'full',
): Headline {
  const severity = alert.severity.toUpperCase();
  const before = {
    page: `${severity} ${level > 1 ? `L${level} ` : ''}${after ? `${AFTER[after]}: ` : ''}`,
    reminder:
      style === 'full' ? `${severity} acknowledged, not resolved: ` : `${severity} acked, unresolved: `,
    notice: `${severity} resolved: `,
  };
  return { before: before[kind], what: describeWhat(alert), after: since(alert.openedAt, nowMs) };
}

/** The headline of a bundle: `CRITICAL 6 alerts in checkout, 2 in search since 14:05Z`; of a storm: `CRITICAL STORM: …`. */
export function bundleHeadlineOf({
  items,
  storm,
  nowMs,
}: Pick<BundleMessage, 'items' | 'storm' | 'nowMs'>): Headline {
  if (storm) {
    const before = `${storm.severity.toUpperCase()} ${describeKind(items) || 'STORM'}: `;
    return { before, what: describeStorm(storm), after: '' };
  }
  // A page and a reminder of one alert may wait together: it is counted once.
  const alerts = [...new Map(items.map(({ alert }) => [alert.id, alert])).values()];
  const severity = SEVERITIES.find((worst) => alerts.some((alert) => alert.severity === worst)) ?? 'info';
  const kind = describeKind(items);
  return {
    before: `${severity.toUpperCase()} ${kind && `${kind}: `}`,
    what: countByService(alerts),
    after: since(Math.min(...alerts.map(({ openedAt }) => openedAt)), nowMs),
  };
}

/** What all of them have in common besides being pages. */
function describeKind(items: readonly BundleItem[]): string {
  const only = (kind: Page['kind']) => items.every((item) => item.kind === kind);
  if (only('reminder')) return 'acknowledged, not resolved';
  if (only('notice')) return 'resolved';
  const after = items[0]?.after;
  return after && items.every((item) => item.after === after) ? AFTER[after] : '';
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
