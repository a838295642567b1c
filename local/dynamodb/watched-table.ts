/** A table engine that says which rows are written. */
import type { TableEngine } from '../aws/dynamodb.ts';

type Value = { S?: string; N?: string; BOOL?: boolean; L?: { M?: Item }[] };
export type Item = { [name: string]: Value };
type Write = { Item?: Item; Key?: Item; RequestItems?: Record<string, WriteRequest[]> };
type WriteRequest = { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } };

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/** @param onWrite  told of the item, or of its key alone where only a part is written, before it is */
export function watchedTable<Engine extends TableEngine>(
  engine: Engine,
  onWrite: (item: Item) => void,
): TableEngine {
  return {
    ...engine,
    handle(operation, input) {
      if (WRITES.has(operation)) for (const item of written(input)) onWrite(item);
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
