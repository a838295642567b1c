/** Lambda: the page behind the link in a message. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { alertStore } from '../alerts/alert.store.ts';
import { auditStore } from '../doctor/audit.store.ts';
import { readOperations } from '../holds/read-operations.ts';
import { situationStore } from '../holds/situation.store.ts';
import { loadOperations } from '../operations/load-operations.ts';
import type { Operations } from '../operations/operations.ts';
import { renderVerification } from '../paging/contacts-verification.ts';
import { linkStore } from '../paging/link.store.ts';
import { dueQueue, openQueueClient } from '../shared/due-queue.ts';
import { edge } from '../shared/edge.ts';
import { kindOf, messageOf } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { openTable } from '../shared/table.store.ts';
import { doneAddress, readDone } from './answer-done.ts';
import { answerLink, type Pressed, type Shown, showLink } from './answer-link.ts';
import {
  answerPageHeaders,
  renderAlertPage,
  renderBundlePage,
  renderRefusal,
  renderStormPage,
} from './answer-page.ts';
import type { AnswerEnv } from './contract.ts';

const env = process.env as AnswerEnv;
const log = openLog('answer');
const table = openTable(env.TABLE_NAME);
const ports = {
  alerts: alertStore(table),
  links: linkStore(table),
  audits: auditStore(table),
  situation: situationStore(table),
  due: dueQueue(openQueueClient(), env.DUE_QUEUE_URL),
  operations: loadOperations(new URL('./operations.json', import.meta.url)),
  nowMs: Date.now,
  warn: (message: string, error: unknown) => log.warn(message, { reason: messageOf(error) }),
};

export const handler = edge(
  log,
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      return await answer(event);
    } catch (error) {
      log.error('the function failed', { kind: kindOf(error), error: error as Error });
      return page(renderRefusal('unavailable'), { 'retry-after': '5' });
    }
  },
);

async function answer(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const token = event.pathParameters?.token ?? '';
  if (event.requestContext.http.method !== 'POST') {
    const done = readDone(event.queryStringParameters, ports.nowMs());
    const [shown, operations] = await Promise.all([showLink(token, ports, done), readOperations(ports)]);
    return page(render(shown, token, operations));
  }
  const answered = await answerLink(token, pressedOf(event), ports);
  log.info('answer received', { answered: answered.kind });
  if (answered.kind !== 'done') return page(render(answered, token, ports.operations));
  // Shown by a GET, so that reloading does not answer again.
  return page({ statusCode: 303, body: '' }, { location: doneAddress(token, answered.done) });
}

function page(
  answer: { statusCode: number; body: string },
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  return { ...answer, headers: { ...answerPageHeaders, ...headers } };
}

/** The pressed button, and what was filled in, from the form. */
function pressedOf(event: APIGatewayProxyEventV2): Pressed {
  const body = event.body ?? '';
  const text = event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  const form = new URLSearchParams(text);
  const number = (name: string) => (form.has(name) ? Number(form.get(name)) : undefined);
  return {
    action: form.get('action') ?? '',
    seenPages: number('seen'),
    minutes: number('minutes'),
    reason: form.get('reason') ?? undefined,
  };
}

function render(shown: Shown, token: string, operations: Operations): { statusCode: number; body: string } {
  const context = { token, nowMs: ports.nowMs(), operations };
  switch (shown.kind) {
    case 'refused':
      return renderRefusal(shown.refusal);
    case 'verification':
      return renderVerification(shown.shown, shown.verify, token);
    case 'alert':
      return { statusCode: 200, body: renderAlertPage({ ...shown, ...context }) };
    case 'bundle':
      return { statusCode: 200, body: renderBundlePage({ ...shown, ...context }) };
    case 'storm':
      return { statusCode: 200, body: renderStormPage({ ...shown, ...context }) };
  }
}
