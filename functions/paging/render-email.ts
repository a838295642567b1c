/** A page as an email: all that one needs at 3 a.m., the link first. Plain text, as SNS sends nothing else. */
import { isOpen, type Severity, type TimelineEntry } from '../alerts/alert.ts';
import {
  describeNext,
  describeState,
  describeWhat,
  linesOf,
  listNames,
  nameOf,
  oneLine,
  runbookOf,
  serviceOf,
} from '../alerts/describe-alert.ts';
import { describeEntry } from '../alerts/describe-entry.ts';
import { describeSource } from '../alerts/describe-source.ts';
import { describeDate, describeDuration, describeMoment } from '../alerts/describe-time.ts';
import {
  AFTER,
  type AlertMessage,
  type BundleItem,
  type BundleMessage,
  bundleHeadlineOf,
  ENDED,
  type Headline,
  headlineOf,
} from './headline.ts';
import { field, LINE_LENGTH, sections, wrap } from './plain-text.ts';
import { count, countsOf, describeUnlisted, type Storm } from './storm.ts';
import { toAscii } from './transliterate.ts';

/** SNS wants fewer than 100 characters. Source: API reference, Publish */
const SUBJECT_LENGTH = 99;

/** The latest ones; all of them are behind the link. */
const TIMELINE_ENTRIES = 20;

/** Of one alert among many. */
const REASON_LENGTH = 200;

const RANK = { critical: 0, warning: 1, info: 2 } as const satisfies Record<Severity, number>;

export type Email = { subject: string; body: string };

/**
 * Renders one page, reminder or notice.
 * @param message.timeline  of the alert's present life, oldest first; else what the alert itself still holds
 */
export function renderEmail(message: AlertMessage & { timeline?: readonly TimelineEntry[] }): Email {
  const { alert, link } = message;
  return {
    subject: renderSubject(headlineOf(message)),
    body: sections(
      [link],
      [titleLine(alert), ...describeCourse(message)],
      wrap(
        isOpen(alert)
          ? 'Open the link to acknowledge, escalate or resolve. Looking changes nothing.'
          : 'The link shows what happened.',
      ),
      describeAlarm(message),
      describeService(message),
      describePaging(message),
      describeText(message),
      describeTimeline(message),
    ),
  };
}

/** Renders all that waited for a contact's slot, the worst first; of a storm all is counted, the worst is listed. */
export function renderBundleEmail(message: BundleMessage): Email {
  const { items, responder, storm, link, operations } = message;
  const headline = bundleHeadlineOf(message);
  const ranked = [...items].sort(
    (a, b) => RANK[a.alert.severity] - RANK[b.alert.severity] || a.alert.openedAt - b.alert.openedAt,
  );
  const isAnyOpen = items.some(({ alert }) => isOpen(alert));
  const listed = new Set(items.map(({ alert }) => alert.id)).size;
  const unlisted = storm && describeUnlisted(storm, listed, !isAnyOpen);
  return {
    subject: renderSubject(headline),
    body: sections(
      [link],
      [
        ...wrap(`${headline.before}${headline.what}${headline.after}`),
        ...wrap(`One message to ${nameOf(responder, operations)} for all of them.`),
        ...describeEnded(items),
      ],
      wrap(
        isAnyOpen
          ? 'Open the link to answer each alert, or all at once. Looking changes nothing.'
          : 'The link shows what happened.',
      ),
      ...(storm ? [describeCounts(storm), wrap(`The worst ${items.length} of them:`)] : []),
      ...ranked.map((item) => describeItem(item, message)),
      ...(unlisted ? [wrap(`And ${unlisted}.`)] : []),
    ),
  };
}

/** `  3,950 search`, the most first; nothing where no service is known: how many they are stands above. */
function describeCounts(storm: Storm): string[] {
  if (storm.services.length === 0) return [];
  const counts = countsOf(storm).map(({ service, alerts }) => [count(alerts), oneLine(service)] as const);
  const width = Math.max(...counts.map(([number]) => number.length));
  return counts.flatMap(([number, service]) =>
    wrap(`${number} ${service}`, ' '.repeat(2 + width - number.length)),
  );
}

/** Why all of this comes now. */
function describeEnded(items: readonly BundleItem[]): string[] {
  const after = items[0]?.after;
  return after && items.every((item) => item.after === after)
    ? wrap(`${ENDED[after]}. This is what still fires.`)
    : [];
}

/** Printable ASCII on one line; what is broken gives way, so that severity and time stay. */
function renderSubject({ before, what, after }: Headline): string {
  const room = SUBJECT_LENGTH - before.length - after.length;
  const text = toAscii(what);
  return `${before}${text.length > room ? `${text.slice(0, room - 2).trimEnd()}..` : text}${after}`;
}

/** One line and no more: a wrapped title could put a sender's link on a line of its own. */
function titleLine(alert: AlertMessage['alert']): string {
  return oneLine(`${alert.severity.toUpperCase()} ${describeWhat(alert)}`, LINE_LENGTH);
}

function describeCourse({ alert, kind, after, nowMs, operations }: AlertMessage): string[] {
  const since = describeDate(alert.openedAt);
  const lasted = describeDuration((alert.resolution?.at ?? nowMs) - alert.openedAt);
  return [
    ...(kind === 'reminder' ? wrap('Reminder: this was acknowledged, and is not resolved.') : []),
    ...(after && isOpen(alert) ? wrap(`${ENDED[after]}, and this still fires.`) : []),
    ...wrap(
      `${describeState(alert, operations, nowMs)}. ` +
        (isOpen(alert) ? `Since ${since}, for ${lasted}.` : `It began ${since} and lasted ${lasted}.`),
    ),
  ];
}

function describeAlarm({ alert: { detail, source } }: AlertMessage): string[] {
  return [
    ...field('Why', oneLine(detail.reason ?? '')),
    ...field('Metric', oneLine(detail.metric ?? '')),
    ...field('Threshold', oneLine(detail.threshold ?? '')),
    ...describeSource(source).flatMap(([term, text]) => field(term, oneLine(text))),
  ];
}

function describeService({ alert, operations }: AlertMessage): string[] {
  const service = serviceOf(alert, operations);
  return [
    ...field('Service', alert.service),
    ...field('Owner', oneLine(service?.owner ?? '')),
    ...field('Runbook', runbookOf(alert, operations)),
    ...field('About it', oneLine(service?.description ?? '')),
  ];
}

/** Names, not addresses. */
function describePaging({ alert, kind, level, nowMs, operations }: AlertMessage): string[] {
  const name = (who: string) => nameOf(who, operations);
  const now = alert.pages
    .filter((page) => page.kind === 'page' && page.level === level && page.owedAt >= alert.openedAt)
    .map((page) => page.responder);
  const isPage = kind === 'page' && now.length > 0;
  const before = alert.paged.filter(({ responder }) => !isPage || !now.includes(responder));
  return [
    ...field('Paged now', isPage ? `level ${level}: ${listNames(now.map(name))}` : ''),
    ...field(
      'Paged before',
      before.map((paged) => `${name(paged.responder)} (level ${paged.level})`).join(', '),
    ),
    ...(isOpen(alert) ? field('Next', `${describeNext(alert, operations, nowMs)}.`) : []),
  ];
}

/** The sender's own paragraphs, indented: they cannot be taken for ours. */
function describeText({ alert: { detail } }: AlertMessage): string[] {
  const paragraphs = linesOf(detail.description ?? '').flatMap((line) => wrap(line, '  '));
  return [
    ...(paragraphs.length > 0 ? ['Description', ...paragraphs] : []),
    ...(detail.truncated ? ['The sender said more: its text was cut.'] : []),
  ];
}

function describeTimeline({
  alert,
  timeline = alert.timeline.filter(({ openedAt }) => openedAt === alert.openedAt),
  nowMs,
  operations,
}: AlertMessage & { timeline?: readonly TimelineEntry[] }): string[] {
  const lines = timeline
    .slice(-TIMELINE_ENTRIES)
    .flatMap((entry) =>
      wrap(`${describeMoment(entry.at, nowMs)} ${describeEntry(entry, operations, alert.source)}`, '  '),
    );
  return lines.length > 0 ? ['Timeline', ...lines] : [];
}

function describeItem({ alert, level, after }: BundleItem, { nowMs, operations }: BundleMessage): string[] {
  const why = after ? `, ${AFTER[after]}` : '';
  const since = `since ${describeMoment(alert.openedAt, nowMs)}, level ${level}${why}`;
  return [
    titleLine(alert),
    ...wrap(`${describeState(alert, operations, nowMs)}; ${since}.`, '  '),
    ...wrap(oneLine(alert.detail.reason ?? '', REASON_LENGTH), '  '),
  ];
}
