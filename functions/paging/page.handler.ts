/** Lambda: what is due, from the due queue: escalations, retries, turns of slots, and reports of SMS that did not arrive. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { cloudwatchReader } from '../alerts/cloudwatch.reader.ts';
import { WATCHERS } from '../escalation/decide-contacts.ts';
import { loadOperations } from '../operations/load-operations.ts';
import { openQueueClient } from '../shared/due-queue.ts';
import { queueEdge } from '../shared/edge.ts';
import { isAwsFault, kindOf } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { reasonOf } from '../shared/redact.ts';
import { openTable } from '../shared/table.store.ts';
import type { DueMessage } from '../shared/table.ts';
import { STUCK_AFTER_FAILURES, stuckRows } from '../tick/stuck.store.ts';
import { takeDue } from '../tick/take-due.ts';
import type { PageEnv } from './contract.ts';
import { takeDeliveryReport } from './delivery-feedback.ts';
import { reportOf } from './delivery-report.queue.ts';
import type { DeliveryReport } from './delivery-report.ts';
import { composePaging } from './paging.compose.ts';

const env = process.env as PageEnv;
const log = openLog('page');
const queues = openQueueClient();
const operations = loadOperations(new URL('./operations.json', import.meta.url));
const paging = composePaging(env, operations, queues, log, Date.now);
const alarms = cloudwatchReader(homeOf(env.WATCHERS_TOPIC_ARN));
const stuck = stuckRows(openTable(env.TABLE_NAME));

export const handler = queueEdge({
  log,
  queue: { client: queues, url: env.DUE_QUEUE_URL },
  handle: async (record) => {
    const report = reportIn(record);
    if (report) await takeReport(report);
    else await takeDue(rowOf(record), { ...paging, alarms, sleep });
  },
  giveUp: async (record, error) => {
    // A report is no row that could be stuck: it comes back until it is taken, or a dead letter.
    if (reportIn(record)) return false;
    const failures = Number(record.attributes.ApproximateReceiveCount);
    if (kindOf(error) === 'retry' || isAwsFault(error) || failures < STUCK_AFTER_FAILURES) return false;
    const row = rowOf(record);
    if (await stuck.mark(row, reasonOf(error), Date.now())) {
      log.error('a row is stuck', { pk: row.pk, sk: row.sk, reason: reasonOf(error) });
      await tellWatchers(row, `failed ${failures} times: ${reasonOf(error)}`);
    }
    return true;
  },
});

async function takeReport(report: DeliveryReport): Promise<void> {
  const taken = await takeDeliveryReport(report, paging);
  if (taken === 'taken') paging.countFailedSend?.();
  const { messageId, reason, lasting } = report;
  log.info('an SMS was not delivered', { messageId, taken, reason, lasting });
}

/** Through their slot: many stuck rows at once must not cost the last resort its subscriptions. */
async function tellWatchers({ pk, sk }: DueMessage, what: string): Promise<void> {
  const lease = await paging.slots.claim(WATCHERS, Date.now());
  if (!lease) return log.warn('the watchers had a message within the minute', { pk, sk });
  const sent = await paging.sender.send(WATCHERS, {
    subject: 'Tocsin: something is stuck',
    sms: `Tocsin: ${pk} is stuck. See docs/runbooks/stuck-row.md`,
    body: `${pk} ${sk} was due and ${what}\nIt is tried again in 10 minutes. See docs/runbooks/stuck-row.md`,
  });
  await paging.slots.release(lease, sent.kind === 'sent' ? { at: Date.now(), pages: [] } : null);
  if (sent.kind === 'sent') return;
  paging.countFailedSend?.();
  log.error('the watchers could not be told', { pk, sk, reason: sent.reason });
}

function reportIn(record: SQSRecord): DeliveryReport | undefined {
  return reportOf(JSON.parse(record.body));
}

function rowOf(record: SQSRecord): DueMessage {
  return JSON.parse(record.body) as DueMessage;
}

/** `arn:aws:sns:REGION:ACCOUNT:name` */
function homeOf(topicArn = ''): { region: string; account: string } {
  const [, , , region = '', account = ''] = topicArn.split(':');
  return { region, account };
}
