/** A real table for tests, spoken to through the SDK: dynalite, one server per test file; or our own, in memory. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type BillingMode,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll } from 'vitest';
import type { Table } from '../../functions/shared/table.store.ts';
import { DUE_INDEX, FEED_INDEX } from '../../functions/shared/table.ts';
import { memoryTable } from '../../local/dynamodb/memory-table.ts';

/** Keys and indexes as lib/state.ts has them; test/lib/stacks.test.ts holds the template to the same. */
const TABLE_SHAPE = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' as const },
    { AttributeName: 'sk', AttributeType: 'S' as const },
    { AttributeName: 'dueShard', AttributeType: 'S' as const },
    { AttributeName: 'dueAt', AttributeType: 'N' as const },
    { AttributeName: 'feed', AttributeType: 'S' as const },
    { AttributeName: 'feedAt', AttributeType: 'N' as const },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ],
  GlobalSecondaryIndexes: [index(DUE_INDEX, 'dueShard', 'dueAt'), index(FEED_INDEX, 'feed', 'feedAt')],
  BillingMode: 'PAY_PER_REQUEST' as BillingMode,
};

function index(name: string, hash: string, range: string) {
  return {
    IndexName: name,
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' as const },
      { AttributeName: range, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  };
}

const LOCAL = {
  region: 'local-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 3,
};

export type TestTable = Table & {
  /** From now on the responses of so many requests are lost after they took effect; the SDK repeats each. */
  loseResponses(count: number): void;
  /** Every item, in the order of its keys. */
  items(): Promise<Record<string, unknown>[]>;
};

/**
 * Starts the server before the file's tests, and stops it after them.
 * @returns makes a fresh, empty table
 */
export function realTables(): () => Promise<TestTable> {
  if (process.env.TEST_TABLES === 'memory') return memoryTableOfTest;
  let server: Server;
  let count = 0;
  const clients: DynamoDBClient[] = [];
  beforeAll(async () => {
    server = dynalite({ createTableMs: 0 }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    for (const client of clients) client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return async () => {
    const { port } = server.address() as AddressInfo;
    const client = new DynamoDBClient({ ...LOCAL, endpoint: `http://127.0.0.1:${port}` });
    clients.push(client);
    return openFresh(client, `table-${++count}`);
  };
}

/**
 * A fresh table in the memory of this process, for a story told some hundred times: it is held to dynalite by
 * test/local/dynamodb/differential.test.ts.
 */
export async function memoryTableOfTest(): Promise<TestTable> {
  const tables = memoryTable();
  const answer = async (request: { headers: Record<string, string>; body: Uint8Array }) => {
    const operation = request.headers['x-amz-target']!.split('.')[1]!;
    const { status, body } = tables.handle(operation, JSON.parse(new TextDecoder().decode(request.body)));
    return { response: { statusCode: status, headers: {}, body: Buffer.from(JSON.stringify(body)) } };
  };
  // Nobody looks at a signature, and it costs more than the table.
  const signer = { sign: async <T>(request: T): Promise<T> => request };
  const client = new DynamoDBClient({
    ...LOCAL,
    signer: signer as never,
    requestHandler: { handle: answer as never },
  });
  return openFresh(client, 'table');
}

/** A table in memory that holds these items. */
export async function memoryTableWith(items: readonly Record<string, unknown>[]): Promise<TestTable> {
  const table = await memoryTableOfTest();
  await Promise.all(items.map((Item) => table.client.put({ TableName: table.name, Item })));
  return table;
}

async function openFresh(client: DynamoDBClient, name: string): Promise<TestTable> {
  await client.send(new CreateTableCommand({ TableName: name, ...TABLE_SHAPE }));
  const status = async () =>
    (await client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus;
  while ((await status()) !== 'ACTIVE');

  let toLose = 0;
  // Beneath the SDK's retries: the request is served, its answer never arrives.
  client.middlewareStack.add(
    (next) => async (args) => {
      if (toLose === 0) return next(args);
      toLose -= 1;
      await next(args).catch(() => {});
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    },
    { step: 'deserialize', priority: 'high', name: 'loseResponses' },
  );
  const document = DynamoDBDocument.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    name,
    client: document,
    loseResponses: (count) => {
      toLose = count;
    },
    async items() {
      const found: Record<string, unknown>[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const page = await document.scan({ TableName: name, ExclusiveStartKey: from });
        found.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from);
      return found.sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
    },
  };
}
