import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocument, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../../functions/intake/contract.ts';
import { hashOf, mintSecret } from '../../functions/intake/integration-key.ts';
import { alertmanagerAlert, trigger, webhook } from './sample-webhooks.ts';

const sqs = mockClient(SQSClient);
const table = mockClient(DynamoDBDocument);
const secret = mintSecret();
const context = { functionName: 'webhook', awsRequestId: '1' } as Context;

type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<{ statusCode: number; body: string }>;
let handler: Handler;

beforeAll(async () => {
  vi.stubEnv('TABLE_NAME', 'tocsin');
  vi.stubEnv('INTAKE_QUEUE_URL', 'https://sqs/intake');
  vi.stubEnv('AWS_REGION', 'local-1');
  handler = (await import('../../functions/intake/webhook.handler.ts')).handler as unknown as Handler;
});

let lines: string[];

beforeEach(() => {
  lines = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  }
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({});
  table.reset();
  const key = { ...hashOf(secret)!, name: 'grafana', createdAt: 0, createdBy: 'cli:ana' };
  table.on(GetCommand).resolves({ Item: key });
  table.on(UpdateCommand).resolves({ Attributes: { requests: 1 } });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** As an HTTP API delivers it. Source: API Gateway guide, payload format version 2.0 */
function request(path: string, body: string, more: Partial<APIGatewayProxyEventV2> = {}) {
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    headers: {},
    requestContext: { http: { method: 'POST', path } },
    body,
    isBase64Encoded: false,
    ...more,
  } as APIGatewayProxyEventV2;
}

describe('webhook.handler', () => {
  test('a body in base64 is read, as of a sender that names no type', async () => {
    const body = JSON.stringify(trigger({ routing_key: secret }, { summary: 'Größe: 99 %' }));
    const encoded = request(PAGERDUTY_ROUTE, Buffer.from(body).toString('base64'), { isBase64Encoded: true });
    const { statusCode, body: answer } = await handler(encoded, context);
    expect([statusCode, JSON.parse(answer).status]).toEqual([202, 'success']);
    const [call] = sqs.commandCalls(SendMessageBatchCommand);
    expect(call?.args[0].input.Entries?.[0]?.MessageBody).toContain('Größe: 99 %');
  });

  test('behind a prefix of a custom domain the route is still known', async () => {
    const authorization = `Bearer ${secret}`;
    const more = { rawPath: `/ops${ALERTMANAGER_ROUTE}`, headers: { authorization } };
    const body = JSON.stringify(webhook(alertmanagerAlert()));
    expect(await handler(request(ALERTMANAGER_ROUTE, body, more), context)).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: '{"status":"success","alerts":1}',
    });
  });

  test('without a body: 400', async () => {
    const event = request(PAGERDUTY_ROUTE, '', { body: undefined });
    expect(await handler(event, context)).toMatchObject({ statusCode: 400 });
  });

  test('neither the key nor the body is in any line of the log', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('busy'));
    const secretText = trigger({ routing_key: secret, client: 'ana@example.com' });
    await handler(request(PAGERDUTY_ROUTE, JSON.stringify(secretText)), context);
    await handler(request(PAGERDUTY_ROUTE, JSON.stringify(secretText).slice(0, -9)), context);
    expect(lines.join('\n')).toContain('SQS refused signals: busy');
    for (const text of [secret, 'ana@example.com', 'DISK', '+1'])
      expect(lines.join('\n')).not.toContain(text);
  });
});
