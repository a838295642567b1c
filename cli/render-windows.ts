/** Maintenance windows and silences in a terminal. */
import { oneLine } from '../functions/alerts/describe-alert.ts';
import { describeMoment } from '../functions/alerts/describe-time.ts';
import type { ListedWindow } from '../functions/console/commands.ts';
import { describeMatch } from '../functions/holds/match.ts';
import type { Window } from '../functions/operations/operations.ts';
import { alignColumns, fitColumns } from './columns.ts';
import type { Paint } from './paint.ts';

export type Hold = Window['hold'];

const NAMES = { maintenance: 'Maintenance', silenced: 'Silence' } as const satisfies Record<Hold, string>;

/** What a table may cut: why. Which alerts it holds is shown whole. */
const FLEXIBLE = [5];

/** `Maintenance a1b2c3 from 14:05Z until 16:05Z holds service checkout: new database` */
export function describeWindow(window: ListedWindow, nowMs: number): string {
  const { id, hold, from, until, match, reason } = window;
  const since = window.active ? '' : ` from ${describeMoment(from, nowMs)}`;
  return `${NAMES[hold]} ${id}${since} until ${describeMoment(until, nowMs)} holds ${oneLine(describeMatch(match))}: ${oneLine(reason)}`;
}

/** A table; those that hold now come first, then those that begin first. */
export function renderWindows(
  windows: readonly ListedWindow[],
  nowMs: number,
  paint: Paint,
  width: number,
): string[] {
  const sorted = [...windows].sort((a, b) => Number(b.active) - Number(a.active) || a.from - b.from);
  const rows = sorted.map((window) => [
    window.id,
    window.active ? paint.warn('holds') : 'to come',
    window.active ? '' : describeMoment(window.from, nowMs),
    describeMoment(window.until, nowMs),
    oneLine(describeMatch(window.match)),
    oneLine(window.reason),
    window.by ?? 'operations.ts',
  ]);
  const titles = ['id', 'state', 'from', 'until', 'which alerts', 'reason', 'by'];
  const [head, ...lines] = alignColumns(fitColumns([titles, ...rows], width, FLEXIBLE));
  return [paint.faint(head!), ...lines];
}
