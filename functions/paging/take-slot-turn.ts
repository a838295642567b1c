/** A slot's turn: everything that waited for this contact goes out as one message. */
import type { Contact } from '../escalation/decide-contacts.ts';
import { readOperations } from '../holds/read-operations.ts';
import { isBug } from '../shared/errors.ts';
import { keys } from '../shared/table.ts';
import { mintToken } from './link.store.ts';
import type { PagingPorts } from './paging.ports.ts';
import { publishMessage, rememberMessage } from './publish-message.ts';
import { renderMessage } from './render-message.ts';
import { outcomeOf } from './send-pages.ts';
import { settleTold } from './settle-told.ts';
import type { Lease, TurnEnd } from './slot.store.ts';
import {
  freeAt,
  GATHER_MS,
  pageRef,
  SLOT_INTERVAL_MS,
  type Slot,
  sentBefore,
  toldAt,
  type WaitingRow,
} from './slot.ts';
import { countStorm, STORM_ROWS_MOST, type Storm, worstFirst } from './storm.ts';
import { isKeptBack, lookUp, settleAlerts, type Waiting } from './waiting-pages.ts';

/** One message lists at most so many pages. Where more may be sent, it is a storm. */
const BUNDLE_MOST = 50;

/** So many pages are looked up in their alerts: enough to tell a storm from a line of what has recovered. */
const LOOKED_UP_MOST = 100;

/** What goes on after a hold is still coming while the latest of it is so young; it is not waited for without end. */
const GATHER_QUIET_MS = 2_000;
const GATHER_MOST_MS = 30_000;

/** When SNS has refused a message for now, the others in the line wait for so long. */
const REFUSED_PAUSE_MS = 5_000;

/**
 * Publishes what waits for the contact, if its moment has come; and settles what a storm's message told of.
 * @param toldDueAt  the slot's `dueAt` when the turn was handed out; another one by now means another turn
 */
export async function takeSlotTurn(contact: Contact, toldDueAt: number, ports: PagingPorts): Promise<void> {
  const nowMs = ports.nowMs();
  const [slot, operations] = await Promise.all([ports.slots.read(contact), readOperations(ports)]);
  if (!slot || slot.dueAt !== toldDueAt) return;
  // Settling publishes nothing: it does not wait for the minute.
  const free = slot.told ? Math.max(slot.leaseUntil ?? 0, nowMs) : freeAt(slot, nowMs);
  if (free > nowMs) {
    if (await ports.slots.moveTurn(contact, slot, free)) await enqueueTurn(contact, free, ports);
    return;
  }
  const lease = await ports.slots.claimTurn(contact, slot, nowMs);
  if (!lease) return;

  try {
    await takeTurn(lease, slot, { ...ports, operations });
  } catch (error) {
    // What would fail again is to be counted until the slot is stuck and somebody is told: see page.handler.ts.
    if (isBug(error)) await ports.slots.giveBackTurn(lease, toldDueAt);
    throw error;
  }
}

async function takeTurn(lease: Lease, slot: Slot, ports: PagingPorts): Promise<void> {
  const { contact } = lease;
  const mayPublish = lease.nextAllowedAt <= ports.nowMs();
  let end: TurnEnd = mayPublish
    ? await publishLine(lease, slot, ports)
    : { sent: null, turn: lease.nextAllowedAt, told: slot.told };
  if (end.told && end.told === slot.told) {
    const settled = await settleTold(contact, slot, ports);
    end = { ...end, told: settled.told, turn: settled.told ? settled.turn : end.turn };
  }
  const turn = await ports.slots.endTurn(lease, end, ports.nowMs());
  if (turn !== null) await enqueueTurn(contact, turn, ports);
}

/** Publishes the line as one message: those that it lists, or in a storm all of it. */
async function publishLine(lease: Lease, slot: Slot, ports: PagingPorts): Promise<TurnEnd> {
  const { contact } = lease;
  const isNew = (row: WaitingRow) => toldAt(slot, row) === undefined;
  const rows = await ports.slots.waiting(contact, STORM_ROWS_MOST + 1, isNew);
  if (isGathering(rows, ports.nowMs())) {
    return { sent: null, turn: ports.nowMs() + GATHER_MS, told: slot.told };
  }
  const line = await sortLine(worstFirst(rows).slice(0, LOOKED_UP_MOST), slot, ports);
  const sendable = pagesBeforeNotices(line.sendable);
  const storm = sendable.length > BUNDLE_MOST ? stormOf(rows, sendable, line, lease) : undefined;
  const bundle = sendable.filter(({ row }) => !storm || storm.rows.has(row)).slice(0, BUNDLE_MOST);
  const { published, sent, told } = await ports.inTurn(async () => {
    const published = bundle.length > 0 ? await publish(contact, bundle, storm, ports) : undefined;
    const isSent = published?.result.kind === 'sent';
    const sent = isSent ? { at: published.atMs, pages: bundle.map(refOf) } : null;
    const told =
      sent && storm ? { ...slot.told, [storm.kind]: { at: sent.at, upTo: storm.upTo } } : slot.told;
    if (sent && published) {
      await Promise.all([
        rememberMessage(contact, published, bundle, ports, storm !== undefined),
        ports.slots
          .noteSent(lease, sent, told)
          .catch((error: unknown) => ports.warn('a crash now would repeat a message', error)),
      ]);
    }
    return { published, sent, told };
  });

  await settleAlerts(line.unsent, () => ({ kind: 'unsent' }), ports);
  // Whoever sent these crashed before it could say so.
  const sentAt = ({ alert, page }: Waiting) => sentBefore(slot, alert.id, page.id) ?? ports.nowMs();
  await settleAlerts(line.sent, (one) => ({ kind: 'sent', at: sentAt(one) }), ports);
  // A storm's rows are settled in further turns; what nobody was told of is decided by each alert.
  const settled = sent ? (storm ? [] : bundle) : sendable;
  if (published) {
    const { result, atMs } = published;
    await settleAlerts(settled, ({ page }) => outcomeOf(page.id, result, atMs), ports);
  }
  const done = [...line.gone, ...[...line.unsent, ...line.sent, ...settled].map(({ row }) => row)];
  await Promise.all(done.map((row) => ports.slots.leave(contact, row)));

  const isEmpty = done.length === rows.length;
  const pauseMs = published?.result.kind === 'failed' ? REFUSED_PAUSE_MS : 0;
  const next = sent && !storm ? sent.at + SLOT_INTERVAL_MS : ports.nowMs() + pauseMs;
  return { sent, told, turn: isEmpty ? null : next };
}

/** True while all that waits, but for notices, goes on after a hold, and more of it is likely to come. */
function isGathering(rows: readonly WaitingRow[], nowMs: number): boolean {
  const pages = rows.filter(({ isNotice }) => !isNotice);
  const putAt = pages.map((row) => row.putAt ?? 0);
  // Of no pages at all the latest came never.
  return (
    pages.every(({ gathers }) => gathers) &&
    Math.max(...putAt) > nowMs - GATHER_QUIET_MS &&
    Math.min(...putAt) > nowMs - GATHER_MOST_MS
  );
}

/**
 * Who waits, looked up in their alerts. What is answered or held leaves the line: a held page is owed by its alert, and
 * sent when the hold ends, so that a line full of them keeps nobody else waiting.
 */
async function sortLine(rows: readonly WaitingRow[], slot: Slot, ports: PagingPorts) {
  const { waiting, gone } = await lookUp(rows, ports);
  const line = { gone, sent: [] as Waiting[], unsent: [] as Waiting[], sendable: [] as Waiting[] };
  for (const one of waiting) {
    if (sentBefore(slot, one.alert.id, one.page.id) !== undefined) line.sent.push(one);
    else if (isKeptBack(one, ports)) line.unsent.push(one);
    else line.sendable.push(one);
  }
  return line;
}

/** Resolved notices yield the slot: they go out in a turn of their own. */
function pagesBeforeNotices(sendable: readonly Waiting[]): Waiting[] {
  const pages = sendable.filter(({ page }) => page.kind !== 'notice');
  return pages.length > 0 ? pages : [...sendable];
}

type Told = { kind: 'pages' | 'notices'; rows: ReadonlySet<WaitingRow>; upTo: number; count: Storm };

/**
 * All that one message tells of: every row that stood in the line when it was read, less what is known to be answered
 * or held. Nothing, when what has come this very second makes the difference.
 */
function stormOf(
  rows: readonly WaitingRow[],
  sendable: readonly Waiting[],
  { gone, sent, unsent }: Awaited<ReturnType<typeof sortLine>>,
  { readUpTo }: Lease,
): Told | undefined {
  const isNotice = sendable.every(({ row }) => row.isNotice);
  const left = new Set([...gone, ...[...sent, ...unsent].map(({ row }) => row)]);
  const told = new Set(
    rows.filter(
      (row) =>
        row.isNotice === isNotice && row.putAt !== undefined && row.putAt <= readUpTo && !left.has(row),
    ),
  );
  if (told.size <= BUNDLE_MOST || !sendable.some(({ row }) => told.has(row))) return undefined;
  const kind = isNotice ? 'notices' : 'pages';
  return { kind, rows: told, upTo: readUpTo, count: countStorm([...told]) };
}

async function publish(
  contact: Contact,
  bundle: readonly Waiting[],
  storm: Told | undefined,
  ports: PagingPorts,
) {
  const nowMs = ports.nowMs();
  const token = mintToken();
  const alerts = new Map(bundle.map(({ alert }) => [alert.id, { id: alert.id, openedAt: alert.openedAt }]));
  await ports.links.put(token, {
    responder: contact.responder,
    sentAt: nowMs,
    alerts: [...alerts.values()],
    ...(storm && { storm: { until: storm.upTo, channel: contact.channel, ...storm.count } }),
  });
  const message = renderMessage(
    bundle,
    `${ports.answerUrl}/a/${token}`,
    nowMs,
    ports.operations,
    storm?.count,
  );
  return publishMessage(contact, message, ports);
}

function refOf({ alert, page }: Waiting): string {
  return pageRef(alert.id, page.id);
}

async function enqueueTurn(contact: Contact, dueAt: number, ports: PagingPorts): Promise<void> {
  await ports.due.enqueue([{ ...keys.slot(contact.responder, contact.channel), dueAt }], ports.nowMs());
}
