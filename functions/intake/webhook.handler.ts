/** Lambda: what other senders tell by HTTP: PagerDuty's events, Alertmanager's webhooks. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { messageOf } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import type { WebhookEnv } from './contract.ts';
import { integrationKeyStore } from './integration-key.store.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { signalQueue } from './signal.queue.ts';

const env = process.env as WebhookEnv;
const log = openLog('webhook');
const ports = {
  integrationKeys: integrationKeyStore(openTable(env.TABLE_NAME)),
  signals: signalQueue(openQueueClient(), env.INTAKE_QUEUE_URL),
  nowMs: Date.now,
  warn: (message: string, error: unknown) => log.warn(message, { reason: messageOf(error) }),
};

export const handler = edge(
  log,
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { body = '', isBase64Encoded, headers, requestContext, routeKey } = event;
    const { status, sender, messages, ...answer } = await receiveWebhook(
      {
        method: requestContext.http.method,
        // The route's path: that of a custom domain's request has a prefix.
        path: routeKey.split(' ')[1] ?? '',
        authorization: headers.authorization,
        routingKey: headers['x-routing-key'],
        body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
      },
      ports,
    );
    log.info('webhook received', { route: routeKey, status, sender, messages });
    return {
      statusCode: status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...answer.headers },
      body: JSON.stringify(answer.body),
    };
  },
);
