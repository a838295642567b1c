import { describe, expect, it } from 'vitest';
import { shardOf } from '../../functions/shared/table.ts';
import { dueIndex } from '../../functions/tick/due-index.store.ts';
import { realTables, type TestTable } from '../support/real-table.ts';

const freshTable = realTables();

const NOW = Date.parse('2026-03-02T03:00:00Z');

async function putDue(table: TestTable, moments: readonly number[]): Promise<void> {
  await Promise.all(
    moments.map((dueAt, n) => {
      const pk = `alert#${n}`;
      return table.client.put({
        TableName: table.name,
        Item: { pk, sk: 'current', dueShard: shardOf(pk), dueAt, title: 'not in the index' },
      });
    }),
  );
}

describe('dueIndex', () => {
  it('finds what is due until then, the last instant included, oldest first over all shards', async () => {
    const table = await freshTable();
    await putDue(
      table,
      [3, 1, 2, 0, -4, 5, 4, -1].map((seconds) => NOW + seconds * 1000),
    );
    const rows = await dueIndex(table).dueUntil(NOW + 3_000, 100);
    expect(rows.map(({ dueAt }) => (dueAt - NOW) / 1000)).toEqual([-4, -1, 0, 1, 2, 3]);
    expect(rows[0]).toEqual({ pk: 'alert#4', sk: 'current', dueAt: NOW - 4_000 });
  });

  it('has no lower bound: what was due a year ago comes first', async () => {
    const table = await freshTable();
    await putDue(table, [NOW, NOW - 365 * 24 * 3_600_000]);
    expect((await dueIndex(table).dueUntil(NOW, 1)).map(({ pk }) => pk)).toEqual(['alert#1']);
  });

  it('takes the oldest 10 of 60', async () => {
    const table = await freshTable();
    await putDue(
      table,
      Array.from({ length: 60 }, (_, n) => NOW - n),
    );
    const rows = await dueIndex(table).dueUntil(NOW, 10);
    expect(rows.map(({ dueAt }) => NOW - dueAt)).toEqual([59, 58, 57, 56, 55, 54, 53, 52, 51, 50]);
  });

  it('does not see rows that are due at no time', async () => {
    const table = await freshTable();
    await table.client.put({ TableName: table.name, Item: { pk: 'alert#a', sk: 'current', dueShard: '0' } });
    await table.client.put({ TableName: table.name, Item: { pk: 'alert#b', sk: 'current', dueAt: NOW } });
    expect(await dueIndex(table).dueUntil(NOW, 100)).toEqual([]);
  });
});
