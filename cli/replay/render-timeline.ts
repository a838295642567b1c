/** A replay for people: one block per alert, a heading per day, repeats folded. */
import { isOpen, type TimelineEntry, type TimelineEvent } from '../../functions/alerts/alert.ts';
import { listNames, nameOf } from '../../functions/alerts/describe-alert.ts';
import { describeEntry } from '../../functions/alerts/describe-entry.ts';
import { describeDate, describeDuration } from '../../functions/alerts/describe-time.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import type { Paint } from '../paint.ts';
import type { AlarmTransition } from './alarm-rule.ts';
import { arrangeEvents, type Life, type ReplayEvent } from './replay-event.ts';

/** One line of a block. Consecutive lines that say the same at equal distances are folded. */
type Line = { at: number; mark: Mark; text: string };
type Mark = keyof typeof MARKS;

const MARKS = { alarm: 'bad', ok: 'good', page: 'strong', note: 'faint' } as const satisfies Record<
  string,
  keyof Paint
>;

/** The first of a longer row of repeats is shown, and how often it comes again. */
const SHOWN_REPEATS_MOST = 2;

const MESSAGES = {
  'page.sent': (level) => `Paged level ${level}`,
  'reminder.sent': () => 'Reminded',
  'notice.sent': () => 'Told that it is resolved',
} as const satisfies Partial<Record<TimelineEvent, (level: number | undefined) => string>>;

const CHANNEL_NAMES = { sms: 'SMS', email: 'email', topic: 'topic' } as const;

/** @param endMs  the replay's last moment */
export function renderTimeline(
  transitions: readonly AlarmTransition[],
  lives: readonly Life[],
  endMs: number,
  operations: Operations,
  paint: Paint,
): string[] {
  const ordered = [...lives].sort((a, b) => a.alert.openedAt - b.alert.openedAt);
  const blocks = ordered.map((life, i) => {
    const from = i === 0 ? Number.NEGATIVE_INFINITY : life.alert.openedAt;
    const to = ordered[i + 1]?.alert.openedAt ?? Number.POSITIVE_INFINITY;
    const own = transitions.filter(({ at }) => from <= at && at < to);
    return [
      paint.strong(`Alert ${i + 1} of ${ordered.length}: ${describeLife(life, endMs)}`),
      ...renderDays(toLines(arrangeEvents(own, [life]), operations), paint),
      '',
    ];
  });
  // Then the system did not do its work; what the alarm did is shown all the same.
  const orphans =
    ordered.length === 0 ? renderDays(toLines(arrangeEvents(transitions, []), operations), paint) : [];
  return [...blocks.flat(), ...orphans];
}

function describeLife({ alert }: Life, endMs: number): string {
  const opened = `opened ${describeDate(alert.openedAt)}`;
  const end = isOpen(alert) ? endMs : (alert.resolution?.at ?? endMs);
  const duration = describeDuration(end - alert.openedAt);
  return isOpen(alert)
    ? `${opened}, still ${alert.status} at the end, ${duration} later`
    : `${opened}, resolved after ${duration}`;
}

/** The messages of one kind and moment stand on one line. */
function toLines(events: readonly ReplayEvent[], operations: Operations): Line[] {
  const lines: Line[] = [];
  let messages: TimelineEntry[] = [];
  const flush = () => {
    const [first] = messages;
    if (first) lines.push({ at: first.at, mark: 'page', text: describeMessages(messages, operations) });
    messages = [];
  };
  for (const event of events) {
    if (event.kind === 'entry' && event.entry.event in MESSAGES) {
      const { entry } = event;
      const [first = entry] = messages;
      if (first.at !== entry.at || leadOf(first) !== leadOf(entry)) flush();
      messages.push(entry);
    } else {
      flush();
      lines.push(toLine(event, operations));
    }
  }
  flush();
  return lines;
}

function toLine(event: ReplayEvent, operations: Operations): Line {
  if (event.kind === 'alarm') {
    const { state, summary } = event.transition;
    return { at: event.at, mark: state === 'ALARM' ? 'alarm' : 'ok', text: `${state}: ${summary}` };
  }
  return { at: event.at, mark: 'note', text: describeEntry(withoutEcho(event.entry), operations) };
}

/** The alarm's own reason stands one line above. */
function withoutEcho(entry: TimelineEntry): TimelineEntry {
  return entry.event === 'alert.opened' ? { ...entry, reason: undefined } : entry;
}

/** `Paged level 2: Ben (SMS, email) and Cleo (email)` */
function describeMessages(messages: readonly TimelineEntry[], operations: Operations): string {
  const people = new Map<string, string[]>();
  for (const { responder = '', channel = 'topic' } of messages) {
    people.set(responder, [...(people.get(responder) ?? []), CHANNEL_NAMES[channel]]);
  }
  const named = [...people].map(([who, channels]) => `${nameOf(who, operations)} (${channels.join(', ')})`);
  return `${leadOf(messages[0]!)}: ${listNames(named)}`;
}

function leadOf({ event, level }: TimelineEntry): string {
  return MESSAGES[event as keyof typeof MESSAGES](level);
}

function renderDays(lines: readonly Line[], paint: Paint): string[] {
  const rendered: string[] = [];
  const width = Math.max(0, ...lines.map(({ at }) => describeTime(at).length));
  let day = '';
  for (const line of foldRepeats(lines)) {
    const date = describeDay(line.at);
    if (date !== day) rendered.push(`  ${paint.strong(date)}`);
    day = date;
    rendered.push(`    ${describeTime(line.at).padEnd(width)}  ${paint[MARKS[line.mark]](line.text)}`);
  }
  return rendered;
}

function foldRepeats(lines: readonly Line[]): Line[] {
  const folded: Line[] = [];
  for (let first = 0; first < lines.length; ) {
    const line = lines[first]!;
    let last = first;
    while (repeats(lines, first, last + 1)) last += 1;
    const again = last - first;
    if (again <= SHOWN_REPEATS_MOST) {
      folded.push(...lines.slice(first, last + 1));
    } else {
      const next = lines[first + 1]!;
      const every = describeDuration(next.at - line.at);
      const until = describeDate(lines[last]!.at);
      folded.push(line, {
        ...next,
        mark: 'note',
        text: `… ${again} more, the same every ${every} until ${until}`,
      });
    }
    first = last + 1;
  }
  return folded;
}

/** True when the line says the same as the first of its row, at the row's distance. */
function repeats(lines: readonly Line[], first: number, index: number): boolean {
  const line = lines[index];
  const start = lines[first]!;
  if (!line || line.text !== start.text) return false;
  return line.at - lines[index - 1]!.at === lines[first + 1]!.at - start.at;
}

/** `Fri 14 Feb 2014` */
function describeDay(at: number): string {
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][new Date(at).getUTCDay()];
  return `${weekday} ${describeDate(at).slice(0, -' 00:00Z'.length)}`;
}

/** `14:27`, with its seconds where it has any */
function describeTime(at: number): string {
  const time = new Date(at).toISOString().slice(11, 19);
  return time.endsWith(':00') ? time.slice(0, 5) : time;
}
