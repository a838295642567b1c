/** Query and Scan: one page of a table or an index. */
import {
  type AttributeValue,
  compareValues,
  type Item,
  isSameValue,
  itemSizeBytes,
  readItem,
} from './attribute-value.ts';
import { type Bindings, bindPaths, readBindings } from './bindings.ts';
import { checkCondition, holds } from './condition.ts';
import { project, refuseMeetingPaths } from './document-path.ts';
import type { Path } from './expression-tokens.ts';
import { type KeyRange, readKeyCondition } from './key-condition.ts';
import { type Condition, type Parsed, parseCondition, parseProjection } from './parse-expression.ts';
import { invalid, notSupported } from './refusal.ts';
import { type Request, readExpression } from './request.ts';
import { firstWhere } from './sorted-items.ts';
import type { Source, StoredTable } from './stored-table.ts';

/** A page ends with the item that reaches this. */
const PAGE_BYTES = 1024 * 1024;

const PARAMETERS = [
  'TableName',
  'IndexName',
  'ConsistentRead',
  'ExclusiveStartKey',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'FilterExpression',
  'Limit',
  'ProjectionExpression',
  'Select',
];
export const SCAN_PARAMETERS = PARAMETERS;
export const QUERY_PARAMETERS = [...PARAMETERS, 'KeyConditionExpression', 'ScanIndexForward'];

export function query(table: StoredTable, request: Request): unknown {
  const keyCondition = readExpression(request, 'KeyConditionExpression', parseCondition);
  if (!keyCondition) throw invalid('The KeyConditionExpression parameter must be specified in the request.');
  const reading = readReading(table, request, keyCondition);
  const { source, bindings, startKey } = reading;
  checkCondition(keyCondition.tree, bindings, 'KeyConditionExpression');
  const { hash, range } = readKeyCondition(keyCondition.tree, source, bindings);
  refuseKeysInFilter(reading);
  if (startKey) refuseOutside(startKey, source, hash, range);

  const items = source.items.partition(hash);
  const keyOf = (item: Item) => item[source.range!.name]!;
  let from = range ? firstWhere(items, (item) => range.hasReached(keyOf(item))) : 0;
  let to = range ? firstWhere(items, (item) => range.hasPassed(keyOf(item))) : items.length;
  const isForward = request.ScanIndexForward !== false;
  if (startKey && isForward) {
    from = Math.max(
      from,
      firstWhere(items, (item) => source.items.compare(item, startKey) > 0),
    );
  }
  if (startKey && !isForward) {
    to = Math.min(
      to,
      firstWhere(items, (item) => source.items.compare(item, startKey) >= 0),
    );
  }
  return isForward ? readPage(reading, items, from, to, 1) : readPage(reading, items, to - 1, from - 1, -1);
}

export function scan(table: StoredTable, request: Request): unknown {
  const reading = readReading(table, request, undefined);
  const { source, startKey } = reading;
  const items = source.items.partitions().flat();
  const { name } = source.hash;
  const isAfter = (item: Item) =>
    (compareValues(item[name]!, startKey![name]!)! || source.items.compare(item, startKey!)) > 0;
  return readPage(reading, items, startKey ? firstWhere(items, isAfter) : 0, items.length, 1);
}

/** What Query and Scan have in common. */
type Reading = {
  source: Source;
  bindings: Bindings;
  filter: Parsed<Condition> | undefined;
  projection: readonly Path[] | undefined;
  startKey: Item | undefined;
  limit: number;
  isCount: boolean;
};

function readReading(table: StoredTable, request: Request, keyCondition?: Parsed<Condition>): Reading {
  const filter = readExpression(request, 'FilterExpression', parseCondition);
  const projection = readExpression(request, 'ProjectionExpression', parseProjection);
  const bindings = readBindings(request, [keyCondition, filter, projection]);
  if (filter) checkCondition(filter.tree, bindings, 'FilterExpression');
  for (const expression of [filter, projection]) table.checkPaths(bindPaths(expression?.paths, bindings));
  const source = table.source(request.IndexName);
  if (request.IndexName !== undefined && request.ConsistentRead === true) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  return {
    source,
    bindings,
    filter,
    projection: projection && readProjection(projection, bindings),
    startKey: readStartKey(request.ExclusiveStartKey, source),
    limit: readLimit(request.Limit),
    isCount: readSelect(request),
  };
}

function readPage(
  reading: Reading,
  items: readonly Item[],
  first: number,
  end: number,
  step: 1 | -1,
): unknown {
  const { source, filter, bindings, limit, projection, isCount } = reading;
  const found: Item[] = [];
  let place = first;
  let scannedCount = 0;
  let sizeBytes = 0;
  for (; place !== end && scannedCount < limit && sizeBytes < PAGE_BYTES; place += step) {
    const item = asProjected(items[place]!, source);
    scannedCount += 1;
    sizeBytes += itemSizeBytes(item);
    if (!filter || holds(filter.tree, item, bindings)) found.push(item);
  }
  const isFull = scannedCount >= limit || sizeBytes >= PAGE_BYTES;
  return {
    Count: found.length,
    ScannedCount: scannedCount,
    ...(isCount ? {} : { Items: projection ? found.map((item) => project(item, projection)) : found }),
    ...(isFull
      ? {
          LastEvaluatedKey: pick(
            items[place - step]!,
            source.startKey.map(({ name }) => name),
          ),
        }
      : {}),
  };
}

function asProjected(item: Item, { projected }: Source): Item {
  return projected === 'all' ? item : pick(item, projected);
}

function pick(item: Item, names: readonly string[]): Item {
  const picked: Item = {};
  for (const name of names) if (Object.hasOwn(item, name)) picked[name] = item[name]!;
  return picked;
}

export function readProjection(projection: Parsed<Path[]>, bindings: Bindings): readonly Path[] {
  const paths = bindPaths(projection.tree, bindings);
  refuseMeetingPaths(paths, 'ProjectionExpression');
  return paths;
}

function readStartKey(input: unknown, source: Source): Item | undefined {
  if (input === undefined) return undefined;
  const startKey = readItem(input, 'ExclusiveStartKey');
  const isKey = source.startKey.every(({ name, type }) => startKey[name]?.[type] !== undefined);
  if (!isKey || Object.keys(startKey).length !== source.startKey.length) {
    throw invalid('The provided starting key is invalid');
  }
  return startKey;
}

function readLimit(limit: unknown): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  if (typeof limit === 'number' && limit >= 1) return limit;
  throw invalid(`Value '${limit}' at 'limit' failed to satisfy constraint: Member must be at least 1`);
}

function readSelect({ Select }: Request): boolean {
  if (Select !== undefined && Select !== 'COUNT') throw notSupported(`Select = ${Select}`);
  return Select === 'COUNT';
}

function refuseKeysInFilter({ filter, bindings, source }: Reading): void {
  const heads = bindPaths(filter?.paths, bindings).map(([head]) => head);
  const key = [source.hash, source.range].find((attribute) => attribute && heads.includes(attribute.name));
  if (key) {
    throw invalid(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key.name}`,
    );
  }
}

function refuseOutside(startKey: Item, source: Source, hash: AttributeValue, range?: KeyRange): void {
  if (!isSameValue(startKey[source.hash.name]!, hash)) {
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  }
  const key = source.range && startKey[source.range.name]!;
  if (key && range && !(range.hasReached(key) && !range.hasPassed(key))) {
    throw invalid('The provided starting key does not match the range key predicate');
  }
}
