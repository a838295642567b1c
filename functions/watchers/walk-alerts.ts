/** The walk of the escalation audit: every open alert is judged, and what did not go on is put right. */
import type { AlertStore } from '../alerts/alert.store.ts';
import { type Alert, isOpen } from '../alerts/alert.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { FEED_START, type FeedCursor } from '../alerts/feed.store.ts';
import type { Contact } from '../escalation/decide-contacts.ts';
import type { Operations } from '../operations/operations.ts';
import { enqueueIfNear } from '../paging/send-pages.ts';
import type { SlotStore } from '../paging/slot.store.ts';
import type { DueQueue } from '../shared/due-queue.ts';
import { reasonOf } from '../shared/redact.ts';
import { keys } from '../shared/table.ts';
import { judgeAlert, UNMOVED_MS } from './judge-alert.ts';
import { judgeSlot } from './judge-slot.ts';
import { mendAlert } from './mend-alert.ts';
import type { OpenAlerts } from './open-alerts.store.ts';
import type { SlotTurns } from './slot-turn.store.ts';

/** In one run: 10,000 open alerts are looked at within 20 minutes, for at most some 5 USD a month. */
const ALERTS_MOST = 2_500;

/** A run that is slow goes on in the next one: it has a minute. */
const RUN_MOST_MS = 30_000;

/** Side by side: an audit must not crowd out what pages. */
const AT_ONCE = 10;

/** Whoever waits in a line is looked at so far. */
const ROWS_LOOKED_AT = 50;

export type WalkPorts = {
  open: OpenAlerts;
  alerts: AlertStore;
  slots: Pick<SlotStore, 'read' | 'waiting'>;
  turns: SlotTurns;
  due: DueQueue;
  nowMs: () => number;
};

/** What did not go on: an alert by its id, a slot by its contact. */
export type Finding = { what: string; why: string; lateMs: number; isPutRight: boolean };

/** `next` is absent when every open alert has been looked at. */
export type Walk = { looked: number; lagMs: number; findings: Finding[]; next?: FeedCursor | undefined };

/**
 * Goes on with the walk over the open alerts, as far as one run may.
 * @param operations  as they stand now
 */
export async function walkAlerts(
  from: FeedCursor | undefined,
  ports: WalkPorts,
  operations: Operations,
): Promise<Walk> {
  const untilMs = ports.nowMs() + RUN_MOST_MS;
  const walk: Walk = { looked: 0, lagMs: 0, findings: [], next: from ?? FEED_START };
  const lines = new Map<string, Contact>();
  while (walk.next && walk.looked < ALERTS_MOST && ports.nowMs() < untilMs) {
    const { ids, next } = await ports.open.walk(walk.next);
    const read = ids.length > 0 ? await ports.open.read(ids) : [];
    await sideBySide(read, async (one) => {
      if ('alert' in one) {
        for (const contact of waitedFor(one.alert))
          lines.set(`${contact.responder} ${contact.channel}`, contact);
      }
      const finding =
        'alert' in one
          ? await lookAtAlert(one.alert, walk, ports, operations)
          : { what: one.id, why: one.unreadable, lateMs: 0, isPutRight: false };
      if (finding) walk.findings.push(finding);
    });
    walk.looked += ids.length;
    walk.next = next;
  }
  await sideBySide([...lines.values()], async (contact) => {
    const finding = await lookAtSlot(contact, ports);
    if (finding) walk.findings.push(finding);
  });
  return walk;
}

async function lookAtAlert(
  alert: Alert,
  walk: Walk,
  ports: WalkPorts,
  operations: Operations,
): Promise<Finding | undefined> {
  const verdict = judgeAlert(alert, operations, ports.nowMs());
  walk.lagMs = Math.max(walk.lagMs, verdict.lateMs);
  if (verdict.kind === 'in-time') return undefined;
  const found = { what: alert.id, why: verdict.why, lateMs: verdict.lateMs };
  try {
    if (verdict.kind === 'not-armed') {
      const decision = await changeAlert(ports.alerts, alert.id, (latest) =>
        latest
          ? mendAlert(latest, operations, ports.nowMs())
          : { kind: 'unchanged', reason: 'the alert is gone' },
      );
      // Somebody was faster, so it goes on by itself.
      if (decision.kind === 'unchanged') return undefined;
      await enqueueIfNear(decision.alert, ports);
    } else if (alert.dueAt !== undefined && alert.dueAt <= ports.nowMs()) {
      await ports.due.enqueue([{ ...keys.alert(alert.id), dueAt: alert.dueAt }], ports.nowMs());
    }
    return { ...found, isPutRight: verdict.kind !== 'stuck' };
  } catch (error) {
    return { ...found, why: `${found.why}; putting it right failed: ${reasonOf(error)}`, isPutRight: false };
  }
}

/** In whose lines the alert's pages stand. */
function waitedFor(alert: Alert): Contact[] {
  if (!isOpen(alert)) return [];
  return alert.pages
    .filter(({ status }) => status === 'waiting')
    .map(({ responder, channel }) => ({ responder, channel }));
}

async function lookAtSlot(contact: Contact, ports: WalkPorts): Promise<Finding | undefined> {
  const what = `the line of ${contact.responder} (${contact.channel})`;
  const found = { what, lateMs: 0 };
  try {
    const slot = await ports.slots.read(contact);
    const rows = slot?.dueAt === undefined ? await ports.slots.waiting(contact, ROWS_LOOKED_AT) : [];
    const nowMs = ports.nowMs();
    const verdict = judgeSlot(slot, rows, nowMs);
    if (verdict === 'in-time') return undefined;
    // It comes again by itself; until it succeeds nobody who waits there is paged.
    if (verdict === 'stuck') return { ...found, why: `its turn fails: ${slot?.stuck}`, isPutRight: false };
    const dueAt = slot?.dueAt ?? nowMs;
    if (verdict === 'not-armed' && !(await ports.turns.arm(contact, dueAt))) return undefined;
    await ports.due.enqueue([{ ...keys.slot(contact.responder, contact.channel), dueAt }], nowMs);
    const why = verdict === 'overdue' ? 'its turn came, and nobody took it' : 'nobody would have had a turn';
    const lateMs = nowMs - dueAt;
    return { ...found, why, lateMs, isPutRight: lateMs <= UNMOVED_MS };
  } catch (error) {
    return { ...found, why: `it could not be looked at: ${reasonOf(error)}`, isPutRight: false };
  }
}

async function sideBySide<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += AT_ONCE) {
    await Promise.all(all.slice(from, from + AT_ONCE).map(act));
  }
}
