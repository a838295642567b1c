/** Lambda: SMS that did not arrive, from the log group into which SNS writes them. */
import type { CloudWatchLogsEvent } from 'aws-lambda';
import { loadOperations } from '../operations/load-operations.ts';
import { openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { messageOf, OpsError } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import type { DeliveryEnv } from './contract.ts';
import { takeDeliveryReport } from './delivery-feedback.ts';
import { readDeliveryReports } from './delivery-report.ts';
import { composePaging } from './paging.compose.ts';

const env = process.env as DeliveryEnv;
const log = openLog('delivery');
const operations = loadOperations(new URL('./operations.json', import.meta.url));
const ports = composePaging(env, operations, openQueueClient(), log, Date.now);

/** One report that fails keeps the others from nothing: Lambda repeats the event, and those are taken already. */
export const handler = edge(log, async ({ awslogs }: CloudWatchLogsEvent) => {
  const { reports, unreadable } = readDeliveryReports(awslogs.data);
  if (unreadable > 0) log.warn('log entries that are no delivery reports', { unreadable });
  let failed = 0;
  for (const report of reports) {
    const { messageId, reason, lasting } = report;
    try {
      const taken = await takeDeliveryReport(report, ports);
      if (taken === 'taken') ports.countFailedSend?.();
      log.info('an SMS was not delivered', { messageId, taken, reason, lasting });
    } catch (error) {
      failed += 1;
      log.error('a delivery report failed', { messageId, reason: messageOf(error) });
    }
  }
  if (failed > 0) throw new OpsError('retry', `${failed} of ${reports.length} delivery reports failed`);
});
