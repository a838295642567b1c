import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynaliteTable, startDynalite } from '../../../local/dynamodb/dynalite-table.ts';
import { memoryTable } from '../../../local/dynamodb/memory-table.ts';
import { ALERT_TABLE, ALERTS, CREATE_ALERTS } from './alert-table.ts';

const KEY = { pk: 'alert#a', sk: 'current' };

describe.each(['memory', 'dynalite'])('DynamoDBDocument over HTTP against %s', (engine) => {
  let url: string;
  let stop: () => Promise<void>;
  let client: DynamoDBDocument;

  beforeAll(async () => {
    ({ url, stop } = engine === 'memory' ? await serveMemory() : await serveDynalite());
    client = DynamoDBDocument.from(
      new DynamoDBClient({
        endpoint: url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        maxAttempts: 1,
      }),
      { marshallOptions: { removeUndefinedValues: true } },
    );
  });
  afterAll(async () => {
    client.destroy();
    await stop();
  });

  it('writes, refuses, updates, finds and deletes an alert', async () => {
    const alert = {
      ...KEY,
      version: 1,
      dueShard: '3',
      dueAt: 1_764_000_000_000,
      title: 'CPU — 日本 🚨',
      next: null,
      pages: [{ id: '1', level: 1, sent: false }],
      holds: { muted: undefined },
    };
    const absent = 'attribute_not_exists(pk)';
    await client.put({ TableName: ALERTS, Item: alert, ConditionExpression: absent });
    const again = client.put({ TableName: ALERTS, Item: alert, ConditionExpression: absent });
    await expect(again).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      $metadata: { httpStatusCode: 400 },
    });

    const { Attributes } = await client.update({
      TableName: ALERTS,
      Key: KEY,
      UpdateExpression: 'SET version = version + :one, pages[0].sent = :sent REMOVE #next',
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: { ':one': 1, ':sent': true },
      ReturnValues: 'ALL_NEW',
    });
    const { next: _next, ...rest } = alert;
    const expected = { ...rest, version: 2, pages: [{ id: '1', level: 1, sent: true }], holds: {} };
    expect(Attributes).toEqual(expected);

    const { Items } = await client.query({
      TableName: ALERTS,
      IndexName: 'due',
      KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
      ExpressionAttributeValues: { ':shard': '3', ':until': 1_764_000_000_000 },
    });
    expect(Items).toEqual([{ ...KEY, dueShard: '3', dueAt: 1_764_000_000_000 }]);

    const { Responses } = await client.batchGet({ RequestItems: { [ALERTS]: { Keys: [KEY] } } });
    expect(Responses).toEqual({ [ALERTS]: [expected] });

    await client.delete({ TableName: ALERTS, Key: KEY });
    expect((await client.get({ TableName: ALERTS, Key: KEY, ConsistentRead: true })).Item).toBeUndefined();
  });

  it('names a table that is not there', async () => {
    await expect(client.get({ TableName: 'other', Key: KEY })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

type Served = { url: string; stop: () => Promise<void> };

async function serveMemory(): Promise<Served> {
  const table = memoryTable();
  table.handle('CreateTable', CREATE_ALERTS);
  const server: Server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1]!;
    const { status, body } = table.handle(operation, await json(request));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      await once(server.close(), 'close');
    },
  };
}

async function serveDynalite(): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-document-'));
  const dynalite: DynaliteTable = await startDynalite(folder, [{ name: ALERTS, properties: ALERT_TABLE }]);
  return {
    url: dynalite.url,
    stop: async () => {
      await dynalite.stop();
      await rm(folder, { recursive: true });
    },
  };
}
