/** Lambda: SMS that did not arrive, from the log group into which SNS writes them. */
import type { CloudWatchLogsEvent } from 'aws-lambda';
import { openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { messageOf } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import type { DeliveryEnv } from './contract.ts';
import { deliveryReportQueue } from './delivery-report.queue.ts';
import { type DeliveryReport, readDeliveryReports } from './delivery-report.ts';
import { messageStore } from './message.store.ts';

const env = process.env as DeliveryEnv;
const log = openLog('delivery');
const messages = messageStore(openTable(env.TABLE_NAME));
const queue = deliveryReportQueue(openQueueClient(), env.DUE_QUEUE_URL);

export const handler = edge(log, async ({ awslogs }: CloudWatchLogsEvent) => {
  const { reports, unreadable } = readDeliveryReports(awslogs.data);
  if (unreadable > 0) log.warn('log entries that are no delivery reports', { unreadable });
  const ours: DeliveryReport[] = [];
  for (const report of reports) if (await mayBeOurs(report)) ours.push(report);
  await queue.handOver(ours);
  log.info('delivery reports', { ours: ours.length, ofOthers: reports.length - ours.length });
});

/** Others in the account send SMS as well, maybe very many: what they hear of theirs is not to delay pages. */
async function mayBeOurs({ messageId }: DeliveryReport): Promise<boolean> {
  try {
    return (await messages.read(messageId)) !== undefined;
  } catch (error) {
    log.warn('whose SMS it was is asked again', { messageId, reason: messageOf(error) });
    return true;
  }
}
