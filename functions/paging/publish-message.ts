/** One message on its way: published, counted if SNS refused it, and remembered for its delivery report. */
import type { Alert, Page } from '../alerts/alert.ts';
import { type Contact, whyUnreachable } from '../escalation/decide-contacts.ts';
import type { PagingPorts } from './paging.ports.ts';
import type { Message, SendResult } from './sns.sender.ts';

/**
 * Publishes nothing to a contact that was marked unreachable while its page waited or was held: SNS would take it and drop it.
 * @param ports  with the procedures as they stand now
 * @returns what SNS said, and when
 */
export async function publishMessage(
  contact: Contact,
  message: Message,
  ports: PagingPorts,
): Promise<{ result: SendResult; atMs: number }> {
  const reason = whyUnreachable(ports.operations, contact);
  if (reason !== undefined) return { result: { kind: 'undeliverable', reason }, atMs: ports.nowMs() };
  const result = await ports.sender.send(contact, message);
  if (result.kind !== 'sent') ports.countFailedSend?.();
  return { result, atMs: ports.nowMs() };
}

/**
 * Remembers which pages a text message was; SNS reports of no other kind. Whoever waits for this does something else
 * meanwhile: without it a page is as good as sent.
 */
export async function rememberMessage(
  contact: Contact,
  { result, atMs }: Awaited<ReturnType<typeof publishMessage>>,
  pages: readonly { alert: Alert; page: Page }[],
  ports: PagingPorts,
  storm = false,
): Promise<void> {
  if (result.kind !== 'sent' || contact.channel !== 'sms') return;
  await ports.messages
    .put(result.messageId, {
      ...contact,
      at: atMs,
      pages: pages.map(({ alert, page }) => ({ alert: alert.id, openedAt: alert.openedAt, page: page.id })),
      ...(storm && { storm }),
    })
    .catch((error: unknown) => ports.warn('a delivery report of this message will say nothing', error));
}
