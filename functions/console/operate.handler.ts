/** Lambda: the operator's commands. It has no trigger: who may invoke it is IAM's decision. */
import { alertFeed } from '../alerts/feed.store.ts';
import { auditStore } from '../doctor/audit.store.ts';
import { integrationKeyStore } from '../intake/integration-key.store.ts';
import { signalQueue } from '../intake/signal.queue.ts';
import { loadOperations } from '../operations/load-operations.ts';
import { composePaging } from '../paging/paging.compose.ts';
import { openSnsClient } from '../paging/sns.sender.ts';
import { snsSubscriptions } from '../paging/sns-subscriptions.store.ts';
import { openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { openLog } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import type { OperateEnv } from './contract.ts';
import { operate } from './operate.ts';

const env = process.env as OperateEnv;
const log = openLog('operate');
const queues = openQueueClient();
const table = openTable(env.TABLE_NAME);
const operations = loadOperations(new URL('./operations.json', import.meta.url));
const ports = {
  ...composePaging(env, operations, queues, log, Date.now),
  audits: auditStore(table),
  subscriptions: snsSubscriptions(openSnsClient()),
  topics: {
    responderTopicArnPrefix: env.RESPONDER_TOPIC_ARN_PREFIX,
    watchersTopicArn: env.WATCHERS_TOPIC_ARN,
  },
  feed: alertFeed(table),
  integrationKeys: integrationKeyStore(table),
  signals: signalQueue(queues, env.INTAKE_QUEUE_URL),
};

export const handler = edge(log, (command: unknown) => operate(command, ports));
