/** Counts the request units of DynamoDB, on demand, with those of the indexes. Source: DynamoDB guide, Capacity unit consumption */
import type { TableEngine } from '../../local/aws/dynamodb.ts';
import { type Item, itemSizeBytes } from '../../local/dynamodb/attribute-value.ts';
import type { MemoryTable } from '../../local/dynamodb/memory-table.ts';
import type { Resource } from '../../local/template.ts';
import { ofType, type Properties } from '../../local/template.ts';
import { rowKind } from './row-kind.ts';

export type Units = { kind: 'read' | 'write'; units: number; cause: string };

type Index = { name: string; keys: string[] };
type Request = {
  TableName: string;
  IndexName?: string;
  Item?: Item;
  Key?: Item;
  ConsistentRead?: boolean;
  Select?: string;
  ExpressionAttributeValues?: Item;
  RequestItems?: Record<string, { Keys: Item[]; ConsistentRead?: boolean }>;
};

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;
const NOT_COUNTED = ['FilterExpression', 'ProjectionExpression'];

/** @throws Error for an operation, or a part of one, whose units it does not know */
export function meterTable(
  tables: MemoryTable,
  resources: readonly Resource[],
  onUnits: (units: Units) => void,
): TableEngine {
  const indexes = readIndexes(resources);
  const find = (TableName: string, item: Item): Item | undefined => {
    const { body } = tables.handle('GetItem', { TableName, Key: { pk: item.pk, sk: item.sk } });
    return (body as { Item?: Item }).Item;
  };
  const write = (operation: string, request: Request) => {
    const key = request.Item ?? request.Key!;
    const before = find(request.TableName, key);
    const answer = tables.handle(operation, request);
    // A condition that fails costs what stands there.
    const after = answer.status === 200 ? find(request.TableName, key) : before;
    const cause = rowKind(key);
    onUnits({
      kind: 'write',
      cause,
      units: Math.max(unitsOf(before, WRITE_UNIT_BYTES), unitsOf(after, WRITE_UNIT_BYTES)),
    });
    for (const { name, keys } of indexes) {
      const units = indexUnits(entryOf(before, keys), entryOf(after, keys));
      if (units > 0) onUnits({ kind: 'write', cause: `index ${name}, ${cause}`, units });
    }
    return answer;
  };
  /** A read of a part of an item costs the item. */
  const get = (TableName: string, key: Item, isConsistent: boolean | undefined) =>
    onUnits({
      kind: 'read',
      cause: rowKind(key),
      units: readUnits(unitsOf(find(TableName, key), READ_UNIT_BYTES), isConsistent),
    });
  const query = (request: Request) => {
    const strange = NOT_COUNTED.find((name) => name in request);
    if (strange) throw new Error(`count the units of a Query with ${strange} in meter-table.ts`);
    const answer = tables.handle('Query', request);
    const { body } = request.Select ? tables.handle('Query', { ...request, Select: undefined }) : answer;
    const { Items = [] } = body as { Items?: Item[] };
    const bytes = Items.reduce((sum, item) => sum + itemSizeBytes(item), 0);
    const units = Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
    const cause = request.IndexName ? `index ${request.IndexName}` : rowKind(partOf(request));
    onUnits({ kind: 'read', cause, units: readUnits(units, request.ConsistentRead) });
    return answer;
  };

  return {
    ...tables,
    handle(operation, input) {
      const request = input as Request;
      switch (operation) {
        case 'PutItem':
        case 'UpdateItem':
        case 'DeleteItem':
          return write(operation, request);
        case 'GetItem':
          get(request.TableName, request.Key!, request.ConsistentRead);
          return tables.handle(operation, input);
        case 'BatchGetItem':
          for (const [table, { Keys, ConsistentRead }] of Object.entries(request.RequestItems!))
            for (const key of Keys) get(table, key, ConsistentRead);
          return tables.handle(operation, input);
        case 'Query':
          return query(request);
        default:
          throw new Error(`count the units of a ${operation} in meter-table.ts`);
      }
    },
  };
}

function readUnits(units: number, isConsistent: boolean | undefined): number {
  return units * (isConsistent ? 1 : 0.5);
}

function readIndexes(resources: readonly Resource[]): Index[] {
  return ofType(resources, 'AWS::DynamoDB::Table').flatMap(({ properties }) =>
    ((properties.GlobalSecondaryIndexes ?? []) as Properties[]).map((index) => {
      const name = String(index.IndexName);
      if ((index.Projection as Properties).ProjectionType !== 'KEYS_ONLY')
        throw new Error(`the index ${name} holds more than keys: count its units in meter-table.ts`);
      return {
        name,
        keys: (index.KeySchema as Properties[]).map(({ AttributeName }) => String(AttributeName)),
      };
    }),
  );
}

/** What of an item stands in an index; undefined: it lacks a key. Its primary key never changes. */
export function entryOf(item: Item | undefined, keys: readonly string[]): string | undefined {
  const values = keys.map((key) => item?.[key]);
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}

/** Another key is an entry less and an entry more; an entry of keys alone is below 1 KB. */
function indexUnits(before: string | undefined, after: string | undefined): number {
  if (before === after) return 0;
  return before === undefined || after === undefined ? 1 : 2;
}

function unitsOf(item: Item | undefined, bytes: number): number {
  return item ? Math.max(1, Math.ceil(itemSizeBytes(item) / bytes)) : 1;
}

/** The key, or the beginning of one, that a query asks for. */
function partOf({ ExpressionAttributeValues: values = {} }: Request): Item {
  return { pk: values[':pk'] ?? { S: '' }, sk: values[':prefix'] ?? { S: '' } };
}
