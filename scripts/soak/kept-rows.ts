/** What a stopped world has kept: every life of every alert with its timeline, and the inbox. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  type AttributeValue,
  DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { readLives } from '../../cli/replay/read-table.ts';
import type { Life } from '../../cli/replay/replay-event.ts';
import type { Item } from '../../local/dynamodb/attribute-value.ts';
import { useLargeFiles } from '../../local/dynamodb/large-files.ts';

export type InboxMessage = {
  at: number;
  channel: 'sms' | 'email';
  to: string;
  body: string;
  delivered: boolean;
};

/** @param folder  the world's data folder; the world itself has ended */
export async function readKeptLives(folder: string): Promise<Life[]> {
  useLargeFiles();
  const server = dynalite({ path: join(folder, 'tables'), createTableMs: 0 }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const { TableNames = [] } = await client.send(new ListTablesCommand());
    return readLives(await scanAlerts(client, TableNames[0]!));
  } finally {
    client.destroy();
    server.close();
  }
}

async function scanAlerts(client: DynamoDBClient, table: string): Promise<Item[]> {
  const items: Item[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey: from }));
    items.push(...((page.Items ?? []) as Item[]).filter(({ pk }) => pk?.S?.startsWith('alert#')));
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
}

export function readInbox(folder: string): InboxMessage[] {
  return readFileSync(join(folder, 'inbox.jsonl'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as InboxMessage];
      } catch {
        // A kill cut it short.
        return [];
      }
    });
}
