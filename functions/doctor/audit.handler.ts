/** Lambda: the audit of contacts each five minutes, of everything each day, and `tocsin doctor`. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { reviewStore } from '../holds/review.store.ts';
import { reviewIfProceduresChanged } from '../holds/review.ts';
import { situationStore } from '../holds/situation.store.ts';
import { signalQueue } from '../intake/signal.queue.ts';
import { loadOperations } from '../operations/load-operations.ts';
import { openSnsClient } from '../paging/sns.sender.ts';
import { snsAccountReader } from '../paging/sns-account.reader.ts';
import { snsSubscriptions } from '../paging/sns-subscriptions.store.ts';
import { dueQueue, openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { messageOf } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import { dueIndex } from '../tick/due-index.store.ts';
import { heartbeat } from '../tick/heartbeat.store.ts';
import { auditStore } from './audit.store.ts';
import { concurrencyReader } from './concurrency.reader.ts';
import type { AuditEnv } from './contract.ts';
import { queueDepthReader } from './queue-depth.reader.ts';
import { runAudit } from './run-audit.ts';

const TIMEOUTS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

const env = process.env as AuditEnv;
const log = openLog('audit');
const table = openTable(env.TABLE_NAME);
const sns = openSnsClient();
const queues = openQueueClient();
const operations = loadOperations(new URL('./operations.json', import.meta.url));
const topics = {
  responderTopicArnPrefix: env.RESPONDER_TOPIC_ARN_PREFIX,
  watchersTopicArn: env.WATCHERS_TOPIC_ARN,
};
const situation = situationStore(table);
const review = {
  reviews: reviewStore(table),
  due: dueQueue(queues, env.DUE_QUEUE_URL),
  situation,
  operations,
  nowMs: Date.now,
};

const ports = {
  operations,
  topics,
  account: snsAccountReader({ sns, cloudwatch: new CloudWatchClient(TIMEOUTS) }, topics),
  subscriptions: snsSubscriptions(sns),
  situation,
  audits: auditStore(table),
  signals: signalQueue(queues, env.INTAKE_QUEUE_URL),
  queues: queueDepthReader(queues, {
    intake: { queue: env.INTAKE_QUEUE_URL, deadLetters: env.INTAKE_DEAD_LETTER_QUEUE_URL },
    due: { queue: env.DUE_QUEUE_URL, deadLetters: env.DUE_DEAD_LETTER_QUEUE_URL },
  }),
  concurrency: concurrencyReader(new LambdaClient(TIMEOUTS)),
  heartbeat: heartbeat(table),
  dueIndex: dueIndex(table),
  reviewIfProceduresChanged: () => reviewIfProceduresChanged(review),
  nowMs: Date.now,
  warn: (message: string, error: unknown) => log.warn(message, { reason: messageOf(error) }),
};

export const handler = edge(log, async (event: unknown) => {
  const answer = await runAudit(event, ports);
  const wrong = answer.findings.filter(({ state }) => state !== 'ok').map(({ id, state }) => ({ id, state }));
  log.info('audited', { findings: answer.findings.length, wrong });
  return answer;
});
