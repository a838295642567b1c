/** Lambda: the operator's commands. It has no trigger: who may invoke it is IAM's decision. */
import { alertStore } from '../alerts/alert.store.ts';
import { alertFeed } from '../alerts/feed.store.ts';
import { loadOperations } from '../operations/load-operations.ts';
import { dueQueue, openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { messageOf } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import type { OperateEnv } from './contract.ts';
import { operate } from './operate.ts';

const env = process.env as OperateEnv;
const log = openLog('operate');
const table = openTable(env.TABLE_NAME);
const ports = {
  alerts: alertStore(table),
  feed: alertFeed(table),
  due: dueQueue(openQueueClient(), env.DUE_QUEUE_URL),
  operations: loadOperations(new URL('./operations.json', import.meta.url)),
  nowMs: Date.now,
  warn: (message: string, error: unknown) => log.warn(message, { reason: messageOf(error) }),
};

export const handler = edge(log, (command: unknown) => operate(command, ports));
