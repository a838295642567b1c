/** What a delivery report changes: the pages that it was find another way, and a contact that stays unreachable is marked. */
import { changeAlert } from '../alerts/change-alert.ts';
import { settlePages } from '../alerts/settle-pages.ts';
import { operationsNow } from '../holds/situation.ts';
import type { DeliveryReport } from './delivery-report.ts';
import type { PagingPorts } from './paging.ports.ts';
import { markReported } from './reachability-marks.ts';
import { carryOut } from './send-pages.ts';

/**
 * Takes one report. Taking it twice changes nothing more.
 * @returns `unknown` for a message that was none of our pages: others in the account send SMS as well
 */
export async function takeDeliveryReport(
  { messageId, reason, lasting }: DeliveryReport,
  ports: PagingPorts,
): Promise<'taken' | 'unknown'> {
  const message = await ports.messages.read(messageId);
  if (!message) return 'unknown';
  const { responder, channel, pages } = message;
  // First, so that what finds another way does not come back to this contact.
  const situation =
    lasting && channel !== 'topic'
      ? await ports.situation.change((now) =>
          markReported(now, { responder, channel }, { reason, sentAt: message.at }, ports.nowMs()),
        )
      : await ports.situation.read();
  const operations = operationsNow(ports.operations, situation, ports.nowMs());
  const lives = [...new Map(pages.map((page) => [page.alert, page])).values()];
  // One that fails keeps none of the others from finding another way.
  const ends = await Promise.allSettled(
    lives.map(async ({ alert, openedAt }) => {
      const outcomes = pages
        .filter((page) => page.alert === alert)
        .map(({ page }) => ({
          page,
          kind: 'undelivered' as const,
          reason,
          contact: { responder, channel },
          openedAt,
        }));
      const decision = await changeAlert(ports.alerts, alert, (latest) =>
        latest?.openedAt === openedAt
          ? settlePages(latest, outcomes, {}, ports.nowMs(), operations)
          : { kind: 'unchanged', reason: 'that life is over' },
      );
      if (decision.kind === 'changed') await carryOut(decision.alert, { ...ports, operations });
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return 'taken';
}
