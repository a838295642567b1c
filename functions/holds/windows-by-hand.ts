/** Maintenance and silences by hand: started with an end, ended early, listed beside those of operations.ts. */
import { randomBytes } from 'node:crypto';
import type { ListedWindow } from '../console/commands.ts';
import { chooseFrom } from '../operations/nearest.ts';
import type { Match, Operations, Window } from '../operations/operations.ts';
import { matchesEverything } from './match.ts';
import { type ReviewPorts, requestReview, requestReviews } from './review.ts';
import type { SituationStore } from './situation.store.ts';
import { type Situation, WINDOWS_MOST } from './situation.ts';
import { occurrencesAt } from './windows.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Who plans a window for later plans it within a year. */
const AHEAD_MOST_MS = 366 * DAY_MS;

/** The row of the situation is read with every signal. */
const LABELS_MATCHED_MOST = 10;

export type WindowPorts = ReviewPorts & { situation: SituationStore; operations: Operations };

export type WindowRequest = {
  hold: Window['hold'];
  match: Match;
  minutes: number;
  /** epoch milliseconds; now unless given */
  from?: number | undefined;
  reason: string;
  /** `cli:<user>` */
  by: string;
};

export type Refused = { kind: 'rejected' | 'not-found' | 'conflict'; message: string };
export type WindowAnswer = { kind: 'ok'; window: ListedWindow } | Refused;

type ByHand = Situation['windows'][number];

/** Starts a window, now or later, and has the open alerts reviewed: those that match are held within seconds. */
export async function startWindow(request: WindowRequest, ports: WindowPorts): Promise<WindowAnswer> {
  const nowMs = ports.nowMs();
  const wrong = whatIsWrong(request, ports.operations, nowMs);
  if (wrong) return { kind: 'rejected', message: wrong };
  const { minutes, from = nowMs, ...rest } = request;
  const until = from + minutes * MINUTE_MS;
  let started: ByHand | undefined;
  await ports.situation.change((situation) => {
    const windows = situation.windows.filter((window) => window.until > nowMs);
    // A write whose response was lost is tried again: then it stands there already.
    if (started && windows.some(({ id }) => id === started?.id)) return undefined;
    if (windows.length >= WINDOWS_MOST) {
      started = undefined;
      return undefined;
    }
    started = { id: freshId(windows), ...rest, from, until };
    return { ...situation, windows: [...windows, started] };
  });
  if (!started) {
    const message = `there are ${WINDOWS_MOST} windows and silences already, the most at once: end one, or let one with a pattern (service 'shop-*') stand for several`;
    return { kind: 'conflict', message };
  }
  await requestReview(ports);
  return { kind: 'ok', window: listed({ kind: 'once', ...started }, nowMs)! };
}

/** Ends a window that was started by hand, or calls it off before it begins. */
export async function endWindow(
  { id }: { id: string; by: string },
  ports: WindowPorts,
): Promise<WindowAnswer> {
  const nowMs = ports.nowMs();
  if (ports.operations.windows.some((window) => window.id === id)) {
    const message = `'${id}' stands in operations.ts, and ends by itself: change it there and deploy`;
    return { kind: 'conflict', message };
  }
  let ended: ByHand | undefined;
  await ports.situation.change((situation) => {
    const found = situation.windows.find((window) => window.id === id && window.until > nowMs);
    ended = found ?? ended;
    return found && { ...situation, windows: situation.windows.filter((window) => window !== found) };
  });
  // Also when it is gone: an attempt before this one may have failed between the two writes.
  await requestReviews(ports);
  if (!ended) {
    return { kind: 'not-found', message: `there is no window ${id}, or it has ended: list them first` };
  }
  return {
    kind: 'ok',
    window: { kind: 'once', ...ended, until: Math.max(nowMs, ended.from), active: false },
  };
}

/** Those that hold alerts now or will: each with its present or next occurrence, the earliest first. */
export async function listWindows(ports: WindowPorts): Promise<{ kind: 'ok'; windows: ListedWindow[] }> {
  const nowMs = ports.nowMs();
  const { windows } = await ports.situation.read();
  const all: Window[] = [
    ...ports.operations.windows,
    ...windows.map((window): Window => ({ kind: 'once', ...window })),
  ];
  const present = all.flatMap((window) => listed(window, nowMs) ?? []);
  return { kind: 'ok', windows: present.sort((a, b) => a.from - b.from) };
}

/** As its present or next occurrence; nothing when it is over. */
function listed(window: Window, nowMs: number): ListedWindow | undefined {
  const { id, hold, match, reason, by } = window;
  const { open, next } = occurrencesAt(window, nowMs);
  const occurrence = open ?? next;
  return (
    occurrence && { kind: 'once', id, hold, match, reason, by, ...occurrence, active: open !== undefined }
  );
}

function whatIsWrong(
  { hold, match, from, minutes, reason }: WindowRequest,
  { services }: Operations,
  nowMs: number,
): string | undefined {
  if (hold === 'silenced' && matchesEverything(match)) {
    return 'a silence of everything: say what it silences, by service, severity or label; for everything start a maintenance';
  }
  if (Object.keys(match.labels ?? {}).length > LABELS_MATCHED_MOST)
    return `more than ${LABELS_MATCHED_MOST} labels: fewer say the same`;
  if (!reason.trim()) return 'no reason: say why, people will read it';
  if (!(minutes > 0)) return `${minutes} minutes: it lasts at least one, and always ends`;
  if (from !== undefined && from < nowMs - MINUTE_MS) return 'it begins in the past: begin it now, or later';
  if (from !== undefined && from > nowMs + AHEAD_MOST_MS)
    return 'it begins in more than a year: plan it later';
  if (match.service !== undefined && !/[*?]/.test(match.service) && !Object.hasOwn(services, match.service)) {
    return `no service is named '${match.service}': write ${chooseFrom('services', Object.keys(services), match.service)}`;
  }
  return undefined;
}

/** Six hex digits: short enough to type. */
function freshId(windows: readonly ByHand[]): string {
  for (;;) {
    const id = randomBytes(3).toString('hex');
    if (!windows.some((window) => window.id === id)) return id;
  }
}
