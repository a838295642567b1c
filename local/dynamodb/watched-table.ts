/** A table engine that says which rows are written. */
import type { TableEngine } from '../aws/dynamodb.ts';

type Item = Record<string, { S?: string }>;
type Write = { Item?: Item; Key?: Item; RequestItems?: Record<string, WriteRequest[]> };
type WriteRequest = { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } };

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/** @param onWrite  told of the partition key, before the row is written */
export function watchedTable<Engine extends TableEngine>(
  engine: Engine,
  onWrite: (pk: string) => void,
): TableEngine {
  return {
    ...engine,
    handle(operation, input) {
      if (WRITES.has(operation)) for (const item of written(input)) onWrite(item.pk?.S ?? '');
      return engine.handle(operation, input);
    },
  };
}

function written({ Item, Key, RequestItems = {} }: Write): Item[] {
  const batch = Object.values(RequestItems)
    .flat()
    .map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key);
  return [Item, Key, ...batch].filter((one) => one !== undefined);
}
