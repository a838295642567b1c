/** A slot's turn: everything that waited for this contact goes out as one message. */
import type { Alert, Page } from '../alerts/alert.ts';
import { isActive } from '../alerts/alert-draft.ts';
import { isHeldBack, isMoot } from '../alerts/alert-pages.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { type Outcome, settlePages } from '../alerts/settle-pages.ts';
import type { Contact } from '../escalation/decide-contacts.ts';
import { isAwsFault, kindOf } from '../shared/errors.ts';
import { keys } from '../shared/table.ts';
import { mintToken } from './link.store.ts';
import type { PagingPorts } from './paging.ports.ts';
import { renderMessage } from './render-message.ts';
import { carryOut, outcomeOf } from './send-pages.ts';
import type { WaitingRow } from './slot.store.ts';
import { freeAt, pageRef, type Slot, sentBefore } from './slot.ts';

/** At most this many pages in one message; the rest have the next turn. */
const BUNDLE_MOST = 50;

type Waiting = { row: WaitingRow; alert: Alert; page: Page };

/**
 * Publishes what waits for the contact, if its moment has come.
 * @param toldDueAt  the slot's `dueAt` when the turn was handed out; another one by now means another turn
 */
export async function takeSlotTurn(contact: Contact, toldDueAt: number, ports: PagingPorts): Promise<void> {
  const nowMs = ports.nowMs();
  const slot = await ports.slots.read(contact);
  if (!slot || slot.dueAt !== toldDueAt) return;
  const free = freeAt(slot, nowMs);
  if (free > nowMs) {
    if (await ports.slots.moveTurn(contact, slot, free)) await enqueueTurn(contact, free, ports);
    return;
  }
  const lease = await ports.slots.claimTurn(contact, slot, nowMs);
  if (!lease) return;

  const rows = await ports.slots.waiting(contact, BUNDLE_MOST);
  const line = await sortLine(rows, slot, ports);
  const bundle = pagesBeforeNotices(line.sendable);
  const published = bundle.length > 0 ? await publish(contact, bundle, ports) : undefined;

  const sent =
    published?.kind === 'sent'
      ? { at: published.atMs, pages: bundle.map(({ alert, page }) => pageRef(alert.id, page.id)) }
      : null;
  const endsAt = ports.nowMs();
  if (sent) {
    await ports.slots
      .noteSent(lease, sent)
      .catch((error: unknown) => ports.warn('a crash now would repeat a bundle', error));
  }

  await settleAlerts(line.unsent, () => ({ kind: 'unsent' }), ports);
  // Whoever sent these crashed before it could say so.
  const sentAt = ({ alert, page }: Waiting) => sentBefore(slot, alert.id, page.id) ?? nowMs;
  await settleAlerts(line.sent, (one) => ({ kind: 'sent', at: sentAt(one) }), ports);
  if (published) await settleAlerts(bundle, ({ page }) => published.outcome(page), ports);
  const done = [...line.gone, ...[...line.unsent, ...line.sent, ...bundle].map(({ row }) => row)];
  await Promise.all(done.map((row) => ports.slots.leave(contact, row)));

  const nobodyLeft = rows.length < BUNDLE_MOST && done.length === rows.length;
  const turn = await ports.slots.endTurn(lease, sent, nobodyLeft ? null : endsAt, endsAt);
  if (turn !== null) await enqueueTurn(contact, turn, ports);
}

/**
 * Who waits, looked up again in their alerts. What is answered or held leaves the line: a held page is owed by its
 * alert, and sent when the hold ends, so that a line full of them keeps nobody else waiting.
 */
async function sortLine(rows: readonly WaitingRow[], slot: Slot, ports: PagingPorts) {
  const ids = [...new Set(rows.map(({ alertId }) => alertId))];
  const alerts = new Map(await Promise.all(ids.map(async (id) => [id, await readAlert(id, ports)] as const)));
  const line = {
    gone: [] as WaitingRow[],
    unsent: [] as Waiting[],
    sent: [] as Waiting[],
    sendable: [] as Waiting[],
  };
  for (const row of rows) {
    const alert = alerts.get(row.alertId);
    const page = alert?.pages.find(({ id }) => id === row.pageId);
    if (!alert || !page || !isActive(page)) line.gone.push(row);
    else if (sentBefore(slot, alert.id, page.id) !== undefined) line.sent.push({ row, alert, page });
    else if (isMoot(alert, page) || isHeldBack(alert, page)) line.unsent.push({ row, alert, page });
    else line.sendable.push({ row, alert, page });
  }
  return line;
}

/** A row that cannot be read must not keep the others waiting: it leaves the line, and is stuck by itself. */
async function readAlert(id: string, ports: PagingPorts): Promise<Alert | undefined> {
  try {
    return await ports.alerts.read(id);
  } catch (error) {
    if (isAwsFault(error) || kindOf(error) !== 'bug') throw error;
    ports.warn(`alert ${id} left the line of a contact`, error);
    return undefined;
  }
}

/** Resolved notices yield the slot: they go out in a turn of their own. */
function pagesBeforeNotices(sendable: readonly Waiting[]): Waiting[] {
  const pages = sendable.filter(({ page }) => page.kind !== 'notice');
  return pages.length > 0 ? pages : [...sendable];
}

async function publish(contact: Contact, bundle: readonly Waiting[], ports: PagingPorts) {
  const nowMs = ports.nowMs();
  const token = mintToken();
  const alerts = new Map(bundle.map(({ alert }) => [alert.id, { id: alert.id, openedAt: alert.openedAt }]));
  await ports.links.put(token, {
    responder: contact.responder,
    sentAt: nowMs,
    alerts: [...alerts.values()],
  });
  const message = renderMessage(bundle, `${ports.answerUrl}/a/${token}`, nowMs, ports.operations);
  const result = await ports.sender.send(contact, message);
  const atMs = ports.nowMs();
  return { kind: result.kind, atMs, outcome: (page: Page) => outcomeOf(page.id, result, atMs) };
}

/** One write per alert, whatever number of its pages the line held; what follows from it is carried out. */
async function settleAlerts(
  line: readonly Waiting[],
  outcomeOf: (one: Waiting) => DistributiveOmit<Outcome, 'page'>,
  ports: PagingPorts,
): Promise<void> {
  const ids = [...new Set(line.map(({ alert }) => alert.id))];
  await Promise.all(
    ids.map(async (id) => {
      const outcomes = line
        .filter(({ alert }) => alert.id === id)
        .map((one): Outcome => ({ ...outcomeOf(one), page: one.page.id }));
      const decision = await changeAlert(ports.alerts, id, (latest) =>
        latest
          ? settlePages(latest, outcomes, {}, ports.nowMs(), ports.operations)
          : { kind: 'unchanged', reason: 'the alert is gone' },
      );
      if (decision.kind === 'changed') await carryOut(decision.alert, ports);
    }),
  );
}

async function enqueueTurn(contact: Contact, dueAt: number, ports: PagingPorts): Promise<void> {
  await ports.due.enqueue([{ ...keys.slot(contact.responder, contact.channel), dueAt }], ports.nowMs());
}

type DistributiveOmit<T, K extends keyof never> = T extends unknown ? Omit<T, K> : never;
