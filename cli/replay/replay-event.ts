/** What a replay saw: the alarm's changes and what the system wrote down of its alerts, in one order. */
import type { Alert, TimelineEntry, TimelineEvent } from '../../functions/alerts/alert.ts';
import type { AlarmTransition } from './alarm-rule.ts';

/** One alert's life, as the table has it at the end. */
export type Life = { alert: Alert; timeline: TimelineEntry[] };

export type ReplayEvent =
  | { at: number; kind: 'alarm'; transition: AlarmTransition }
  | { at: number; kind: 'entry'; alert: string; entry: TimelineEntry };

/** The names under which a reader of JSON lines finds the timeline's facts; the others are for people only. */
const NAMES = {
  'alert.opened': 'opened',
  'alert.held': 'hold',
  'alert.escalated': 'escalated',
  'alert.acknowledged': 'acknowledged',
  'alert.resolved': 'resolved',
  'page.sent': 'page',
  'page.held': 'hold',
  'reminder.sent': 'reminder',
  'notice.sent': 'notice',
} as const satisfies Partial<Record<TimelineEvent, string>>;

/** Everything in the order in which it happened; what arrives at an instant precedes what it brings about. */
export function arrangeEvents(
  transitions: readonly AlarmTransition[],
  lives: readonly Life[],
): ReplayEvent[] {
  const alarms = transitions.map(
    (transition): ReplayEvent => ({ at: transition.at, kind: 'alarm', transition }),
  );
  const entries = [...lives]
    .sort((a, b) => a.alert.openedAt - b.alert.openedAt)
    .flatMap(({ alert, timeline }) =>
      timeline.map((entry): ReplayEvent => ({ at: entry.at, kind: 'entry', alert: alert.id, entry })),
    );
  // A stable sort: of one instant the alarm comes first, and entries stay in the order in which they were written.
  return [...alarms, ...entries].sort((a, b) => a.at - b.at);
}

/** One JSON line, or undefined for what is shown to people only. */
export function toJsonLine(event: ReplayEvent): string | undefined {
  const at = new Date(event.at).toISOString();
  if (event.kind === 'alarm') {
    const { state, reason } = event.transition;
    return JSON.stringify({ at, event: state === 'ALARM' ? 'alarm' : 'ok', reason });
  }
  const { entry, alert } = event;
  if (!(entry.event in NAMES)) return undefined;
  const { level, responder, channel, by, reason, until } = entry;
  return JSON.stringify({
    at,
    event: NAMES[entry.event as keyof typeof NAMES],
    level,
    responder,
    channel,
    by,
    reason,
    until: until === undefined ? undefined : new Date(until).toISOString(),
    alert,
  });
}
