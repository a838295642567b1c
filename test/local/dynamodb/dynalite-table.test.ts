import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import dynaliteDb from 'dynalite/db/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DynaliteTable, startDynalite } from '../../../local/dynamodb/dynalite-table.ts';
import { ALERT_TABLE, ALERTS } from './alert-table.ts';

const KILLED_AFTER_WRITES = 400;

type Item = Record<string, { S?: string; N?: string }>;

describe('startDynalite', () => {
  let folder: string;
  let running: DynaliteTable | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-dynalite-'));
  });
  afterEach(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (properties: Record<string, unknown> = ALERT_TABLE) => {
    running = await startDynalite(folder, [{ name: ALERTS, properties }]);
    return running;
  };
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  const put = (n: number, attributes: object) =>
    running!.handle('PutItem', {
      TableName: ALERTS,
      Item: { pk: { S: `alert#${n}` }, sk: { S: 'current' }, ...attributes },
    });
  const itemsOf = async (operation: string, input: object) => {
    const { body } = await running!.handle(operation, { TableName: ALERTS, ...input });
    return (body as { Items: Item[] }).Items;
  };
  const dueItems = () =>
    itemsOf('Query', {
      IndexName: 'due',
      KeyConditionExpression: 'dueShard = :shard',
      ExpressionAttributeValues: { ':shard': { S: '0' } },
    });
  const due = (dueAt: number) => ({ dueShard: { S: '0' }, dueAt: { N: String(dueAt) } });

  it('keeps what was written over a restart', async () => {
    await start();
    expect(await put(1, due(100))).toEqual({ status: 200, body: {} });
    await stop();
    await start();
    expect(await dueItems()).toHaveLength(1);
    expect(await itemsOf('Scan', {})).toEqual([{ pk: { S: 'alert#1' }, sk: { S: 'current' }, ...due(100) }]);
  });

  it(`has every acknowledged write, and an index that matches, when killed after ${KILLED_AFTER_WRITES} writes`, async () => {
    const acknowledged = await writeUntilKilled(folder);
    await start();
    const items = await itemsOf('Scan', {});
    for (const [writer, version] of acknowledged) {
      const item = items.find(({ pk }) => pk?.S === `alert#${writer}`);
      expect(Number(item?.version?.N), `writer ${writer}`).toBeGreaterThanOrEqual(version);
    }
    const expected = items.map(({ pk, dueAt }) => `${pk?.S} ${dueAt?.N}`).sort();
    expect((await dueItems()).map(({ pk, dueAt }) => `${pk?.S} ${dueAt?.N}`).sort()).toEqual(expected);
  });

  it('finds an item whose index entry was lost by a kill in the middle of a write', async () => {
    await start();
    await put(1, due(100));
    await stop();
    const { db } = dynaliteDb.create({ path: folder });
    await db.open();
    await db.clear({ gte: 'index-', lt: 'index-\xff' });
    await db.close();
    await start();
    expect(await dueItems()).toEqual([{ pk: { S: 'alert#1' }, sk: { S: 'current' }, ...due(100) }]);
  });

  it('does not take garbage in its log for an empty folder', async () => {
    await start();
    await put(1, { dueAt: { N: '1' } });
    await stop();
    for (const name of await readdir(folder)) {
      if (name.endsWith('.log')) await writeFile(join(folder, name), Buffer.alloc(5_000, 'garbage'));
    }
    await expect(start()).rejects.toThrow(`${folder} has lost the table ${ALERTS}, its files are corrupt`);
  });

  it('says which folder is corrupt and what to do', async () => {
    await start();
    await put(1, due(100));
    await stop();
    for (const file of await readdir(folder)) {
      if (file.startsWith('MANIFEST')) await writeFile(join(folder, file), 'not a manifest');
    }
    await expect(start()).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(
        new RegExp(`^${folder} cannot be read as a table .*: move it away or delete it to start afresh$`),
      ),
    });
  });

  it('says so when the folder is a file', async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, '');
    await expect(start()).rejects.toThrow(`${folder} cannot be read as a table`);
  });

  it('says so when another process has the folder', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({
      kind: 'rejected',
      message: `${folder} is in use by another process: stop it, or give this one a --data-dir of its own`,
    });
    running = first;
  });

  it('refuses a folder whose table has other indexes than the template', async () => {
    await start();
    await stop();
    const changed = {
      ...ALERT_TABLE,
      GlobalSecondaryIndexes: ALERT_TABLE.GlobalSecondaryIndexes.map((index) => ({
        ...index,
        Projection: { ProjectionType: 'ALL' },
      })),
    };
    await expect(start(changed)).rejects.toThrow('with other keys or indexes than the template');
  });

  it('refuses a property of the template that it would not honour', async () => {
    await expect(start({ ...ALERT_TABLE, StreamSpecification: {} })).rejects.toThrow('StreamSpecification');
  });
});

/** The last acknowledged version of each writer of a process that was killed with SIGKILL. */
async function writeUntilKilled(folder: string): Promise<Map<string, number>> {
  const program = join(import.meta.dirname, 'write-until-killed.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const acknowledged = new Map<string, number>();
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [writer, version] = line.split(' ');
    acknowledged.set(writer!, Number(version));
    count += 1;
    if (count === KILLED_AFTER_WRITES) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return acknowledged;
}
