/** Who would have been woken: the sums of a replay. */
import type { TimelineEntry } from '../../functions/alerts/alert.ts';
import { nameOf } from '../../functions/alerts/describe-alert.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { alignColumns } from '../columns.ts';
import type { Paint } from '../paint.ts';
import type { Life } from './replay-event.ts';

/** UTC hours: from 22:00 to 06:00 people sleep. */
const NIGHT = { from: 22, to: 6 } as const;

export function renderSummary(lives: readonly Life[], operations: Operations, paint: Paint): string[] {
  const entries = lives.flatMap(({ timeline }) => timeline);
  const pages = entries.filter(({ event }) => event === 'page.sent');
  if (lives.length === 0) return [paint.strong('No alert: nobody is paged.')];
  const reminders = entries.filter(({ event }) => event === 'reminder.sent');
  const notices = entries.filter(({ event }) => event === 'notice.sent');
  const counts = [
    count(lives.length, 'alert'),
    count(pages.length, 'page'),
    count(reminders.length, 'reminder'),
    count(notices.length, 'resolved notice'),
  ];
  return [
    paint.strong(counts.join(', ')),
    ...(pages.length === 0
      ? []
      : ['', ...tableOfLevels(pages), '', ...tableOfPeople([...pages, ...reminders], operations)]),
  ];
}

function tableOfLevels(pages: readonly TimelineEntry[]): string[] {
  const channels = (['sms', 'email', 'topic'] as const).filter((channel) =>
    pages.some((page) => page.channel === channel),
  );
  const levels = [...new Set(pages.map(({ level }) => level ?? 0))].sort((a, b) => a - b);
  const rows = levels.map((level) => [
    `level ${level}`,
    ...channels.map((channel) =>
      String(pages.filter((page) => page.level === level && page.channel === channel).length),
    ),
  ]);
  const titles = channels.map((channel) => (channel === 'sms' ? 'SMS' : channel));
  return alignColumns([['pages', ...titles], ...rows], [1, 2, 3]).map(indent);
}

/** A person is woken once by what arrives at one moment, on however many channels. */
function tableOfPeople(messages: readonly TimelineEntry[], operations: Operations): string[] {
  const moments = new Map<string, Set<number>>();
  for (const { responder = '', at } of messages) {
    moments.set(responder, (moments.get(responder) ?? new Set()).add(at));
  }
  const rows = [...moments]
    .sort(([, a], [, b]) => b.size - a.size)
    .map(([who, at]) => [nameOf(who, operations), String(at.size), String([...at].filter(isNight).length)]);
  const night = `at night (${NIGHT.from}–${String(NIGHT.to).padStart(2, '0')} UTC)`;
  return alignColumns([['who', 'woken', night], ...rows], [1, 2]).map(indent);
}

function isNight(at: number): boolean {
  const hour = new Date(at).getUTCHours();
  return hour >= NIGHT.from || hour < NIGHT.to;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function indent(line: string): string {
  return `  ${line}`;
}
