/** Puts the real parts of paging together, for the handlers that publish. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { alertStore } from '../alerts/alert.store.ts';
import { inhibitorStore } from '../holds/inhibitor.store.ts';
import { reviewStore } from '../holds/review.store.ts';
import { situationStore } from '../holds/situation.store.ts';
import type { Operations } from '../operations/operations.ts';
import { dueQueue } from '../shared/due-queue.ts';
import { messageOf } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import type { PageEnv } from './contract.ts';
import { failedSends } from './failed-sends.ts';
import { inTurn } from './in-turn.ts';
import { linkStore } from './link.store.ts';
import { messageStore } from './message.store.ts';
import type { PagingPorts } from './paging.ports.ts';
import { slotStore } from './slot.store.ts';
import { openSnsClient, snsSender } from './sns.sender.ts';

export function composePaging(
  env: PageEnv & { AWS_LAMBDA_FUNCTION_NAME?: string },
  operations: Operations,
  queues: SQSClient,
  log: Log,
  nowMs: () => number,
): PagingPorts {
  const table = openTable(env.TABLE_NAME);
  return {
    alerts: alertStore(table),
    slots: slotStore(table),
    links: linkStore(table),
    messages: messageStore(table),
    sender: snsSender(
      openSnsClient(),
      {
        responderTopicArnPrefix: env.RESPONDER_TOPIC_ARN_PREFIX,
        watchersTopicArn: env.WATCHERS_TOPIC_ARN,
      },
      operations,
    ),
    inTurn: inTurn((ms, wake) => {
      const timer = setTimeout(wake, ms);
      return () => clearTimeout(timer);
    }),
    due: dueQueue(queues, env.DUE_QUEUE_URL),
    situation: situationStore(table),
    inhibitors: inhibitorStore(table),
    reviews: reviewStore(table),
    operations,
    answerUrl: env.ANSWER_URL,
    nowMs,
    countFailedSend: failedSends(env.AWS_LAMBDA_FUNCTION_NAME),
    warn: (message, error) => log.warn(message, { reason: messageOf(error) }),
  };
}
