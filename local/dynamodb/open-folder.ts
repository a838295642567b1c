/** The folder under dynalite, before dynalite opens it: it must be usable, and its indexes must match its items. */
import { mkdir } from 'node:fs/promises';
import dynaliteDb from 'dynalite/db/index.js';
import { messageOf, OpsError } from '../../functions/shared/errors.ts';

type Table = Parameters<typeof dynaliteDb.getIndexActions>[3];
type Level = ReturnType<typeof dynaliteDb.create>['db'];

/**
 * Makes the folder ready. dynalite writes an item and its index entries one after the other, so a kill between
 * them leaves an item that no index finds: the indexes are built anew from the items.
 * @throws OpsError `rejected` when the folder is corrupt or in use
 */
export async function prepareFolder(folder: string, tableNames: readonly string[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const level = dynaliteDb.create({ path: folder }).db;
    await level.open();
    try {
      for (const name of tableNames) await rebuildIndexes(level, name);
    } finally {
      await level.close();
    }
  } catch (error) {
    throw explain(folder, error);
  }
}

async function rebuildIndexes(level: Level, tableName: string): Promise<void> {
  const table = (await level.get(`table~${tableName}`)) as Table | undefined;
  if (!table) return;
  const indexes = table.GlobalSecondaryIndexes ?? [];
  const prefixOf = (indexName: string) => `index-global~${tableName}~${indexName}~`;
  for (const { IndexName } of indexes) await level.clear(under(prefixOf(IndexName)));
  for await (const item of level.values(under(`item-${tableName}~`))) {
    const { puts } = dynaliteDb.getIndexActions(indexes, undefined, item as Record<string, unknown>, table);
    await level.batch(
      puts.map((put) => ({ type: 'put', key: `${prefixOf(put.index)}${put.key}`, value: put.item })),
    );
  }
}

/** All keys with this prefix: what follows it is ASCII. */
function under(prefix: string): { gte: string; lt: string } {
  return { gte: prefix, lt: `${prefix}\xff` };
}

function explain(folder: string, error: unknown): OpsError {
  const cause = (error instanceof Error && error.cause) || error;
  if ((cause as { code?: string }).code === 'LEVEL_LOCKED') {
    return new OpsError(
      'rejected',
      `${folder} is in use by another process: stop it, or give this one a --data-dir of its own`,
      { cause },
    );
  }
  return new OpsError(
    'rejected',
    `${folder} cannot be read as a table (${messageOf(cause)}): move it away or delete it to start afresh`,
    { cause },
  );
}
