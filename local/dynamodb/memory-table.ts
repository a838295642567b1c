/** DynamoDB in memory, for virtual worlds: the JSON protocol of what we use, synchronous and deterministic. */
import { type Item, itemSizeBytes, readItem, readMap } from './attribute-value.ts';
import { bindPaths, readBindings } from './bindings.ts';
import { checkCondition, holds } from './condition.ts';
import { project } from './document-path.ts';
import { type Parsed, parseCondition, parseProjection, parseUpdate } from './parse-expression.ts';
import { QUERY_PARAMETERS, query, readProjection, SCAN_PARAMETERS, scan } from './read-page.ts';
import { invalid, notSupported, Refusal } from './refusal.ts';
import { type Request, readChoice, readExpression, readRequest } from './request.ts';
import { type StoredTable, storedTable } from './stored-table.ts';
import { readTableDefinition, TABLE_PROPERTIES, type TableDefinition } from './table-definition.ts';
import { applyUpdate, checkUpdate, pathsOf } from './update.ts';

const MAX_ITEM_BYTES = 400 * 1024;
const MAX_BATCH_KEYS = 100;

const CONDITION_PARAMETERS = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
];
const GET_PARAMETERS = ['ConsistentRead', 'ExpressionAttributeNames', 'ProjectionExpression'];

export type MemoryTable = {
  /**
   * Answers one request.
   * @param input the request's JSON; it is copied
   * @returns the answer's JSON; it shares what is stored, so write it out or leave it as it is
   */
  handle(operation: string, input: unknown): { status: number; body: unknown };
  /** The smallest sort key over all partitions of an index, or undefined when it is empty. */
  earliest(tableName: string, indexName: string): number | undefined;
  /** Every item of a table, by its key. Not to be altered. */
  items(tableName: string): readonly Item[];
  /** All tables as they stand now. */
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
};

export type Snapshot = readonly { definition: TableDefinition; items: readonly Item[] }[];

export function memoryTable(): MemoryTable {
  const tables = new Map<string, StoredTable>();

  const tableOf = (name: unknown): StoredTable => {
    const table = tables.get(String(name));
    if (table) return table;
    throw new Refusal('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  };

  const operations: Record<string, (input: unknown) => unknown> = {
    CreateTable(input) {
      const definition = readTableDefinition(readRequest(input, ['TableName', ...TABLE_PROPERTIES]));
      if (tables.has(definition.name)) {
        throw new Refusal('ResourceInUseException', `Table already exists: ${definition.name}`);
      }
      tables.set(definition.name, storedTable(definition));
      return { TableDescription: { TableName: definition.name, TableStatus: 'ACTIVE' } };
    },

    DescribeTable(input) {
      const { definition, all } = tableOf(readRequest(input, ['TableName']).TableName);
      return { Table: { TableName: definition.name, TableStatus: 'ACTIVE', ItemCount: all().length } };
    },

    GetItem(input) {
      const request = readRequest(input, ['TableName', 'Key', ...GET_PARAMETERS]);
      const item = getter(tableOf(request.TableName), request)(request.Key);
      return item ? { Item: item } : {};
    },

    BatchGetItem(input) {
      const requested = Object.entries(
        readMap(readRequest(input, ['RequestItems']).RequestItems, 'RequestItems'),
      );
      const responses = requested.map(([name, input]) => {
        const request = readRequest(input, ['Keys', ...GET_PARAMETERS]);
        return [name, getAll(tableOf(name), request)] as const;
      });
      return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} };
    },

    PutItem(input) {
      const request = readRequest(input, ['Item', ...CONDITION_PARAMETERS]);
      const returned = readChoice(request, 'ReturnValues', ['NONE', 'ALL_OLD']);
      const item = readItem(request.Item, 'Item');
      refuseTooLarge(item, 'Item size has exceeded the maximum allowed size');
      const table = tableOf(request.TableName);
      const { refuseUnmet } = readCondition(table, request);
      table.checkItem(item);
      const old = table.find(item);
      refuseUnmet(old);
      table.write(old, item);
      return returned === 'ALL_OLD' && old ? { Attributes: old } : {};
    },

    DeleteItem(input) {
      const request = readRequest(input, ['Key', ...CONDITION_PARAMETERS]);
      const returned = readChoice(request, 'ReturnValues', ['NONE', 'ALL_OLD']);
      const table = tableOf(request.TableName);
      const { refuseUnmet } = readCondition(table, request);
      const old = table.find(table.readKey(request.Key));
      refuseUnmet(old);
      table.write(old, undefined);
      return returned === 'ALL_OLD' && old ? { Attributes: old } : {};
    },

    UpdateItem(input) {
      const request = readRequest(input, ['Key', 'UpdateExpression', ...CONDITION_PARAMETERS]);
      return update(tableOf(request.TableName), request);
    },

    Query(input) {
      const request = readRequest(input, QUERY_PARAMETERS);
      return query(tableOf(request.TableName), request);
    },

    Scan(input) {
      const request = readRequest(input, SCAN_PARAMETERS);
      return scan(tableOf(request.TableName), request);
    },
  };

  return {
    handle(operation, input) {
      try {
        const answer = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
        if (!answer) throw notSupported(`the operation ${operation}`);
        return { status: 200, body: answer(input) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { type, message, item } = error;
        return { status: 400, body: { __type: type, message, ...(item ? { Item: item } : {}) } };
      }
    },

    earliest(tableName, indexName) {
      const { items, range } = tableOf(tableName).source(indexName);
      const sortKeys = items.firsts().map((item) => Number(item[range!.name]!.N));
      return sortKeys.length > 0 ? Math.min(...sortKeys) : undefined;
    },

    items: (tableName) => tableOf(tableName).all(),

    snapshot: () => [...tables.values()].map(({ definition, all }) => ({ definition, items: all() })),

    restore(snapshot) {
      tables.clear();
      for (const { definition, items } of snapshot) {
        const table = storedTable(definition);
        table.replaceAll(items);
        tables.set(definition.name, table);
      }
    },
  };
}

function getter(table: StoredTable, request: Request): (key: unknown) => Item | undefined {
  const projection = readExpression(request, 'ProjectionExpression', parseProjection);
  const bindings = readBindings(request, [projection]);
  const paths = projection && readProjection(projection, bindings);
  table.checkPaths(paths ?? []);
  return (key) => {
    const item = table.find(table.readKey(key));
    return item && paths ? project(item, paths) : item;
  };
}

function getAll(table: StoredTable, request: Request): Item[] {
  const keys = Array.isArray(request.Keys) ? request.Keys : [];
  if (keys.length === 0 || keys.length > MAX_BATCH_KEYS) {
    throw invalid(`BatchGetItem takes 1 to ${MAX_BATCH_KEYS} keys, not ${keys.length}`);
  }
  const spelt = keys.map((key) => JSON.stringify(table.keyOf(table.readKey(key))));
  if (new Set(spelt).size < spelt.length) throw invalid('Provided list of item keys contains duplicates');
  return keys.map(getter(table, request)).filter((item) => item !== undefined);
}

function update(table: StoredTable, request: Request): unknown {
  const returned = readChoice(request, 'ReturnValues', [
    'NONE',
    'ALL_OLD',
    'ALL_NEW',
    'UPDATED_OLD',
    'UPDATED_NEW',
  ]);
  const expression = readExpression(request, 'UpdateExpression', parseUpdate);
  const { bindings, refuseUnmet } = readCondition(table, request, expression);
  const paths = expression ? pathsOf(expression.tree, bindings) : [];
  if (expression) {
    checkUpdate(expression.tree, bindings);
    table.checkUpdated(paths);
    table.checkPaths(bindPaths(expression.paths, bindings));
  }
  const key = table.readKey(request.Key);
  const old = table.find(key);
  refuseUnmet(old);
  const next = expression ? applyUpdate(expression.tree, old ?? key, bindings) : (old ?? key);
  table.checkItem(next);
  refuseTooLarge(next, 'Item size to update has exceeded the maximum allowed size');
  table.write(old, next);
  const shown = returned.endsWith('OLD') ? old : next;
  if (returned === 'NONE' || !shown) return {};
  const attributes = returned.startsWith('ALL') ? shown : project(shown, paths);
  return Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
}

/** What the request gives beside its expressions, and the refusal of an item that does not meet its condition. */
function readCondition(table: StoredTable, request: Request, beside?: Parsed<unknown>) {
  const condition = readExpression(request, 'ConditionExpression', parseCondition);
  const onFailure = readChoice(request, 'ReturnValuesOnConditionCheckFailure', ['NONE', 'ALL_OLD']);
  const bindings = readBindings(request, [beside, condition]);
  if (condition) checkCondition(condition.tree, bindings, 'ConditionExpression');
  table.checkPaths(bindPaths(condition?.paths, bindings));
  const refuseUnmet = (old: Item | undefined) => {
    if (!condition || holds(condition.tree, old ?? {}, bindings)) return;
    throw new Refusal(
      'ConditionalCheckFailedException',
      'The conditional request failed',
      onFailure === 'ALL_OLD' ? old : undefined,
    );
  };
  return { bindings, refuseUnmet };
}

function refuseTooLarge(item: Item, message: string): void {
  if (itemSizeBytes(item) > MAX_ITEM_BYTES) throw invalid(message);
}
