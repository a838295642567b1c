/** Lambda: signals in, from the intake queue. */
import { loadOperations } from '../operations/load-operations.ts';
import { composePaging } from '../paging/paging.compose.ts';
import { openQueueClient } from '../shared/due-queue.ts';
import { queueEdge } from '../shared/edge.ts';
import { isBug, kindOf } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { reasonOf } from '../shared/redact.ts';
import type { IntakeEnv } from './contract.ts';
import { deadLetters } from './dead-letter.queue.ts';
import { receive } from './receive.ts';

/** What our own code keeps failing on is kept aside after this many tries: visible, and re-driven by newer code. */
const BUG_TRIES_MOST = 5;

const env = process.env as IntakeEnv;
const log = openLog('intake');
const queues = openQueueClient();
const operations = loadOperations(new URL('./operations.json', import.meta.url));
const ports = composePaging(env, operations, queues, log, Date.now);
const letters = deadLetters(queues, env.INTAKE_DEAD_LETTER_QUEUE_URL, env.CODE_VERSION);

export const handler = queueEdge({
  log,
  queue: { client: queues, url: env.INTAKE_QUEUE_URL },
  handle: async (record) => {
    const { kind, reason, alert } = await receive(record.body, ports);
    log.info('signal received', { outcome: kind, reason, alert });
  },
  giveUp: async (record, error) => {
    const tries = Number(record.attributes.ApproximateReceiveCount);
    if (kindOf(error) !== 'rejected' && !(isBug(error) && tries >= BUG_TRIES_MOST)) return false;
    await letters.keep(record.body, reasonOf(error));
    log.error('signal kept aside', { messageId: record.messageId, reason: reasonOf(error) });
    return true;
  },
});
