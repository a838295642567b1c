/** Sends the pages that an alert's write has claimed, and settles them. */
import type { Alert, Page } from '../alerts/alert.ts';
import { isOpen } from '../alerts/alert.ts';
import { claimedPages } from '../alerts/alert-pages.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { type Copied, type Outcome, settlePages } from '../alerts/settle-pages.ts';
import type { Contact } from '../escalation/decide-contacts.ts';
import { copyInhibitors } from '../holds/find-inhibitor.ts';
import { isAwsFault, kindOf } from '../shared/errors.ts';
import { reasonOf } from '../shared/redact.ts';
import { keys } from '../shared/table.ts';
import { TICK_LOOKAHEAD_MS } from '../tick/contract.ts';
import { mintToken } from './link.store.ts';
import type { PagingPorts } from './paging.ports.ts';
import { publishMessage, rememberMessage } from './publish-message.ts';
import { renderMessage } from './render-message.ts';
import { GATHER_MS, pageRef, sentBefore } from './slot.ts';
import type { SendResult } from './sns.sender.ts';

/** Each round passes undeliverable pages on by one channel, responder or level; the due queue goes on from there. */
const ROUNDS_MOST = 20;

/**
 * Carries out what the alert, just written, owes: sends, copies, settles, until nothing is claimed.
 * A crash anywhere leaves claims that expire: a page may be repeated, none is lost.
 */
export async function carryOut(alert: Alert, ports: PagingPorts): Promise<void> {
  const hints = copyInhibitors(alert, ports).catch((error: unknown) =>
    ports.warn(`what alert ${alert.id} explains may page meanwhile`, error),
  );
  let current = alert;
  for (let round = 0; round < ROUNDS_MOST; round++) {
    const pages = claimedPages(current);
    const ends = !isOpen(current) && current.openedAt > 0 && !current.endedCopied;
    if (pages.length === 0 && !ends) break;
    const [outcomes, copied] = await Promise.all([
      Promise.all(pages.map((page) => sendPage(current, page, ports))),
      ends ? copyOut(current, ports) : {},
    ]);
    const decision = await changeAlert(
      ports.alerts,
      current.id,
      (latest) =>
        latest
          ? settlePages(latest, outcomes, copied, ports.nowMs(), ports.operations)
          : { kind: 'unchanged', reason: 'the alert is gone' },
      current,
    );
    if (decision.kind === 'unchanged') break;
    current = decision.alert;
  }
  await Promise.all([hints, enqueueIfNear(current, ports)]);
}

/** Whoever moves a `dueAt` nearer than the next tick also queues it; the tick is the backstop. */
export async function enqueueIfNear(alert: Alert, ports: Pick<PagingPorts, 'due' | 'nowMs'>): Promise<void> {
  const nowMs = ports.nowMs();
  if (alert.dueAt === undefined || alert.dueAt > nowMs + TICK_LOOKAHEAD_MS) return;
  await ports.due.enqueue([{ ...keys.alert(alert.id), dueAt: alert.dueAt }], nowMs);
}

async function sendPage(alert: Alert, page: Page, ports: PagingPorts): Promise<Outcome> {
  const contact: Contact = { responder: page.responder, channel: page.channel };
  try {
    if (page.after && !page.byHand) return await waitForSlot(alert, page, contact, ports, GATHER_MS);
    const nowMs = ports.nowMs();
    const token = mintToken();
    const [lease] = await Promise.all([
      ports.slots.claim(contact, nowMs),
      ports.links.put(token, {
        responder: page.responder,
        sentAt: nowMs,
        alerts: [{ id: alert.id, openedAt: alert.openedAt }],
      }),
    ]);
    if (!lease) return await waitForSlot(alert, page, contact, ports);
    const sentAt = sentBefore(lease, alert.id, page.id);
    if (sentAt !== undefined) {
      await ports.slots.release(lease, null);
      return { page: page.id, kind: 'sent', at: sentAt };
    }
    const link = `${ports.answerUrl}/a/${token}`;
    const message = renderMessage([{ alert, page }], link, nowMs, ports.operations);
    const { result, atMs } = await ports.inTurn(async () => {
      const published = await publishMessage(contact, message, ports);
      const isSent = published.result.kind === 'sent';
      const sent = isSent ? { at: published.atMs, pages: [pageRef(alert.id, page.id)] } : null;
      await Promise.all([
        rememberMessage(contact, published, [{ alert, page }], ports),
        ports.slots
          .release(lease, sent)
          .catch((error: unknown) => ports.warn('the slot is given back when its lease ends', error)),
      ]);
      return published;
    });
    return outcomeOf(page.id, result, atMs);
  } catch (error) {
    // AWS failed us before SNS had its say. What our own code cannot do is passed on like any other refusal.
    const passes = isAwsFault(error) || kindOf(error) === 'retry';
    return { page: page.id, kind: passes ? 'interrupted' : 'failed', reason: reasonOf(error) };
  }
}

export function outcomeOf(page: string, result: SendResult, atMs: number): Outcome {
  return result.kind === 'sent'
    ? { page, kind: 'sent', at: atMs }
    : { page, kind: result.kind, reason: result.reason };
}

/** @param gatherMs  so long its turn waits for other pages, unless the slot has a turn already */
async function waitForSlot(
  alert: Alert,
  page: Page,
  contact: Contact,
  ports: PagingPorts,
  gatherMs?: number,
): Promise<Outcome> {
  const nowMs = ports.nowMs();
  const waiting = {
    alertId: alert.id,
    pageId: page.id,
    attempt: page.attempt,
    owedAt: page.owedAt,
    isNotice: page.kind === 'notice',
    severity: alert.severity,
    service: alert.service,
    ...(gatherMs && { gathers: true }),
  };
  const turn = await ports.slots.wait(contact, waiting, nowMs, nowMs + (gatherMs ?? 0));
  await ports.due.enqueue([{ ...keys.slot(contact.responder, contact.channel), dueAt: turn }], nowMs);
  const gathers = gatherMs !== undefined && turn <= nowMs + gatherMs;
  return { page: page.id, kind: 'waiting', attempt: page.attempt, ...(gathers && { gathers }) };
}

/** A resolved life is copied out of the item, which stays as tombstone. */
async function copyOut(alert: Alert, ports: PagingPorts): Promise<Copied> {
  await Promise.all([ports.alerts.copyTimeline(alert.id, alert.timeline), ports.alerts.copyEnded(alert)]);
  return { timelineVersion: alert.version, endedOpenedAt: alert.openedAt };
}
