/** Windows of maintenance and silences: which hold an alert at a moment, until when, and when the next one begins. */
import type { Operations, Window } from '../operations/operations.ts';
import { type Matched, matchesAlert } from './match.ts';
import { dayOf, momentOf } from './wall-time.ts';

/** From its first moment up to, and without, its last. */
export type Occurrence = { from: number; until: number };

/** The windows of one kind that are open: since the first of them began, until the last of them ends. */
export type Held = {
  since: number;
  until: number;
  /** of the one that ends last: its id, and what people read */
  window: string;
  name: string;
};

export type WindowsNow = {
  maintenance?: Held;
  silenced?: Held;
  /** when the next of them begins */
  nextStart?: number;
};

/**
 * The windows that mean this alert, as they stand at a moment.
 * @param operations  as they stand now, windows started by hand included
 */
export function windowsAt(operations: Operations, alert: Matched, nowMs: number): WindowsNow {
  const now: WindowsNow = {};
  for (const window of operations.windows) {
    if (!matchesAlert(window.match, alert)) continue;
    const { open, next } = occurrencesAt(window, nowMs);
    if (open) now[window.hold] = join(now[window.hold], open, window);
    if (next) now.nextStart = Math.min(now.nextStart ?? next.from, next.from);
  }
  return now;
}

/** A window's present occurrence, and the one after it: what is over, or never comes, is not there. */
export function occurrencesAt(window: Window, nowMs: number): { open?: Occurrence; next?: Occurrence } {
  const occurrences = window.kind === 'once' ? [window] : weeklyAround(window, nowMs);
  const open = occurrences.find(({ from, until }) => from <= nowMs && nowMs < until);
  const next = occurrences.find(({ from, until }) => from > nowMs && until > from);
  return { ...(open ? { open } : {}), ...(next ? { next } : {}) };
}

function join(held: Held | undefined, { from, until }: Occurrence, { id, reason }: Window): Held {
  const since = Math.min(held?.since ?? from, from);
  return held && held.until >= until ? { ...held, since } : { since, until, window: id, name: reason };
}

/** Those that began yesterday or begin within 15 days, in order: each lasts a day at most, and a clock change may leave one out. */
function weeklyAround(window: Window & { kind: 'weekly' }, nowMs: number): Occurrence[] {
  const { zone, days, from, to } = window;
  const today = dayOf(zone, nowMs);
  const endsNextDay = to <= from;
  return Array.from({ length: 17 }, (_, n) => n - 1)
    .filter((offset) => days.includes((today.weekday + offset + 7) % 7))
    .map((offset) => {
      const day = { ...today, day: today.day + offset };
      return {
        from: momentOf(zone, { ...day, ...timeOf(from) }),
        until: momentOf(zone, { ...day, day: endsNextDay ? day.day + 1 : day.day, ...timeOf(to) }),
      };
    });
}

/** `HH:MM` */
function timeOf(text: string): { hour: number; minute: number } {
  const [hour, minute] = text.split(':').map(Number);
  return { hour: hour!, minute: minute! };
}
