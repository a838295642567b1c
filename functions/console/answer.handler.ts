/** Lambda: the page behind the link in a message. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { alertStore } from '../alerts/alert.store.ts';
import { loadOperations } from '../operations/load-operations.ts';
import { linkStore } from '../paging/link.store.ts';
import { dueQueue, openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { messageOf } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import { answerLink, type Pressed, type Shown, showLink } from './answer-link.ts';
import { answerPageHeaders, renderAlertPage, renderBundlePage, renderRefusal } from './answer-page.ts';
import type { AnswerEnv } from './contract.ts';

const env = process.env as AnswerEnv;
const log = openLog('answer');
const table = openTable(env.TABLE_NAME);
const operations = loadOperations(new URL('./operations.json', import.meta.url));
const ports = {
  alerts: alertStore(table),
  links: linkStore(table),
  due: dueQueue(openQueueClient(), env.DUE_QUEUE_URL),
  operations,
  nowMs: Date.now,
  warn: (message: string, error: unknown) => log.warn(message, { reason: messageOf(error) }),
};

export const handler = edge(
  log,
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const token = event.pathParameters?.token ?? '';
    const posted = event.requestContext.http.method === 'POST';
    const shown = posted ? await answerLink(token, pressedOf(event), ports) : await showLink(token, ports);
    if (posted) log.info('answer received', { shown: shown.kind });
    return { headers: answerPageHeaders, ...render(shown, token) };
  },
);

/** The pressed button, and what its page had seen, from the form. */
function pressedOf(event: APIGatewayProxyEventV2): Pressed {
  const body = event.body ?? '';
  const text = event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  const form = new URLSearchParams(text);
  const seen = form.get('seen');
  return { action: form.get('action') ?? '', ...(seen === null ? {} : { seenPages: Number(seen) }) };
}

function render(shown: Shown, token: string): { statusCode: number; body: string } {
  const page = { token, nowMs: Date.now(), operations };
  switch (shown.kind) {
    case 'refused':
      return renderRefusal(shown.refusal);
    case 'alert':
      return { statusCode: 200, body: renderAlertPage({ ...shown, ...page }) };
    case 'bundle':
      return { statusCode: 200, body: renderBundlePage({ ...shown, ...page }) };
  }
}
