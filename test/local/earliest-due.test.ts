import { describe, expect, it } from 'vitest';
import type { TableEngine } from '../../local/aws/dynamodb.ts';
import { watchedTable } from '../../local/dynamodb/watched-table.ts';
import { earliestDue } from '../../local/earliest-due.ts';

/** A table whose shard 3 has a row that is due at that moment. */
function tableDueAt(dueAt: number | undefined) {
  const state = { dueAt, queries: 0 };
  const engine: TableEngine = {
    handle(operation, input) {
      if (operation === 'Query') state.queries += 1;
      const { ':shard': shard } = (input.ExpressionAttributeValues ?? {}) as Record<string, { S: string }>;
      const isHere = shard?.S === '3' && state.dueAt !== undefined;
      return { status: 200, body: { Items: isHere ? [{ dueAt: { N: String(state.dueAt) } }] : [] } };
    },
  };
  return { engine, state };
}

describe('earliestDue', () => {
  it('asks 8 shards once, and again only after something was written', async () => {
    const { engine, state } = tableDueAt(5_000);
    const due = earliestDue(engine, 'state');
    expect([await due.ms(), await due.ms(), state.queries]).toEqual([5_000, 5_000, 8]);
    state.dueAt = undefined;
    due.forget();
    expect([await due.ms(), state.queries]).toEqual([undefined, 16]);
  });

  it('says so when the index cannot be read', async () => {
    const engine: TableEngine = {
      handle: () => ({ status: 400, body: { __type: 'ResourceNotFoundException' } }),
    };
    await expect(earliestDue(engine, 'state').ms()).rejects.toThrow('the due index cannot be read');
  });
});

describe('watchedTable', () => {
  it('tells of each row that is written, before it is, and of none that is read', async () => {
    const told: string[] = [];
    const engine = watchedTable(
      {
        handle: (operation) => {
          told.push(operation);
          return { status: 200, body: {} };
        },
      },
      ({ pk }) => told.push(pk?.S ?? ''),
    );
    const key = (pk: string) => ({ pk: { S: pk } });
    await engine.handle('GetItem', { Key: key('a') });
    await engine.handle('PutItem', { Item: key('b') });
    await engine.handle('UpdateItem', { Key: key('c') });
    await engine.handle('BatchWriteItem', {
      RequestItems: { t: [{ PutRequest: { Item: key('d') } }, { DeleteRequest: { Key: key('e') } }] },
    });
    expect(told.join(' ')).toBe('GetItem b PutItem c UpdateItem d e BatchWriteItem');
  });
});
