/** Lambda: the second tick, from a schedule and with a role of its own: while the first is ill, what is due is some seconds late. */
import { dueQueue, openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { openLog } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import { SECOND_TICK_BEHIND_MS, SECOND_TICK_LOOKAHEAD_MS, type TickEnv } from './contract.ts';
import { dueIndex } from './due-index.store.ts';
import { sweep } from './sweep.ts';

const env = process.env as TickEnv;
const log = openLog('second-tick');
const index = dueIndex(openTable(env.TABLE_NAME));
const due = dueQueue(openQueueClient(), env.DUE_QUEUE_URL);

export const handler = edge(log, async () => {
  const { handed, overdueMs } = await sweep(index, due, Date.now(), {
    lookaheadMs: SECOND_TICK_LOOKAHEAD_MS,
    behindMs: SECOND_TICK_BEHIND_MS,
  });
  if (handed > 0) log.info('swept', { handed, overdueMs });
});
