/** Lambda: the tick, each minute. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { dueQueue, openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { messageOf } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import { METRIC_NAMESPACE, OVERDUE_AGE_METRIC, type TickEnv } from './contract.ts';
import { dueIndex } from './due-index.store.ts';
import { heartbeat } from './heartbeat.store.ts';
import { sweep } from './sweep.ts';

const env = process.env as TickEnv;
const log = openLog('tick');
/** By the function's name: two installations in one account must not hide each other's silence. */
const metrics = new Metrics({
  namespace: METRIC_NAMESPACE,
  serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'tick',
});
const table = openTable(env.TABLE_NAME);
const index = dueIndex(table);
const heart = heartbeat(table);
const due = dueQueue(openQueueClient(), env.DUE_QUEUE_URL);

export const handler = edge(log, async () => {
  const nowMs = Date.now();
  const { handed, overdueMs } = await sweep(index, due, nowMs);
  metrics.addMetric(OVERDUE_AGE_METRIC, MetricUnit.Milliseconds, overdueMs);
  metrics.publishStoredMetrics();
  if (handed > 0) log.info('swept', { handed, overdueMs });
  // For `tocsin doctor` alone: what is due has been handed over.
  await heart.beat(nowMs).catch((error) => log.warn('no heartbeat', { reason: messageOf(error) }));
});
