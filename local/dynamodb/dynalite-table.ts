/** DynamoDB on disk, for the world in real time: dynalite in this process, its files in one folder. */

import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import dynalite from 'dynalite';
import { OpsError } from '../../functions/shared/errors.ts';
import { callListener } from './call-listener.ts';
import { useLargeFiles } from './large-files.ts';
import { prepareFolder } from './open-folder.ts';
import { createTableRequest, readTableDefinition } from './table-definition.ts';

/** Unsigned: dynalite looks at the header's form only, and no credentials of this machine go anywhere. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=local',
  'x-amz-date': '20260101T000000Z',
};

/** A table of the template: its name, and the properties of AWS::DynamoDB::Table. */
export type TemplateTable = { name: string; properties: Record<string, unknown> };

export type DynaliteTable = {
  /** where the protocol is spoken */
  url: string;
  handle(operation: string, input: unknown): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
};

/**
 * Starts dynalite on a free port, with the tables of the template; what the folder holds is kept.
 * @throws OpsError `rejected` when the folder is corrupt, in use, or holds tables of another shape
 */
export async function startDynalite(
  folder: string,
  tables: readonly TemplateTable[],
): Promise<DynaliteTable> {
  useLargeFiles();
  await prepareFolder(
    folder,
    tables.map(({ name }) => name),
  );
  const server = dynalite({ path: folder, createTableMs: 0 }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const underWay = new Set<Promise<unknown>>();
  let isStopping = false;
  const handle = async (operation: string, input: unknown) => {
    // Whoever asks by then is gone, too: it gets no answer.
    if (isStopping) return new Promise<never>(() => undefined);
    const headers = { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` };
    const call = callListener(server, headers, JSON.stringify(input));
    underWay.add(call);
    try {
      const { status, body } = await call;
      return { status, body: JSON.parse(body) as unknown };
    } finally {
      underWay.delete(call);
    }
  };
  /** The server knows of calls through sockets only, and dynalite answers none after its files are closed. */
  const stop = async () => {
    isStopping = true;
    await Promise.allSettled(underWay);
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
    });
  };

  try {
    for (const table of tables) await ensureTable(folder, table, handle);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, handle, stop };
}

async function ensureTable(
  folder: string,
  { name, properties }: TemplateTable,
  handle: DynaliteTable['handle'],
): Promise<void> {
  const request = createTableRequest(name, properties);
  let found = await describe(handle, name);
  const marker = join(folder, `${name}.made`);
  if (!found) {
    // The store passes over a log that it cannot read: what it held would be gone without a word.
    if (existsSync(marker)) {
      throw new OpsError(
        'rejected',
        `${folder} has lost the table ${name}, its files are corrupt: move it away or delete it to start afresh`,
      );
    }
    const { status, body } = await handle('CreateTable', request);
    if (status !== 200) throw new OpsError('bug', `dynalite refuses the table: ${JSON.stringify(body)}`);
    writeFileSync(marker, '');
  }
  while (found?.TableStatus !== 'ACTIVE') found = await describe(handle, name);
  if (!isDeepStrictEqual(shapeOf(found), shapeOf(request))) {
    throw new OpsError(
      'rejected',
      `${folder} holds the table ${name} with other keys or indexes than the template: move it away or delete it to start afresh`,
    );
  }
}

async function describe(
  handle: DynaliteTable['handle'],
  name: string,
): Promise<Record<string, unknown> | undefined> {
  const { status, body } = await handle('DescribeTable', { TableName: name });
  return status === 200 ? (body as { Table: Record<string, unknown> }).Table : undefined;
}

function shapeOf(description: Record<string, unknown>) {
  const { indexes, ...keys } = readTableDefinition(description);
  return { ...keys, indexes: indexes.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}
