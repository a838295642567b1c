/** Lambda: SMS that did not arrive, from the log group into which SNS writes them: each goes to the due queue, whosever it was. */
import type { CloudWatchLogsEvent } from 'aws-lambda';
import { openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { openLog } from '../shared/log.ts';
import type { DeliveryEnv } from './contract.ts';
import { deliveryReportQueue } from './delivery-report.queue.ts';
import { readDeliveryReports } from './delivery-report.ts';

const env = process.env as DeliveryEnv;
const log = openLog('delivery');
const queue = deliveryReportQueue(openQueueClient(), env.DUE_QUEUE_URL);

export const handler = edge(log, async ({ awslogs }: CloudWatchLogsEvent) => {
  const { reports, unreadable } = readDeliveryReports(awslogs.data);
  if (unreadable > 0) log.warn('log entries that are no delivery reports', { unreadable });
  await queue.handOver(reports);
});
