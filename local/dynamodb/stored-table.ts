/** One table with its indexes: items in, items out, and what a key must look like. */
import { type AttributeValue, type Item, readItem, typeOf } from './attribute-value.ts';
import type { Path } from './expression-tokens.ts';
import { invalid } from './refusal.ts';
import { type SortedItems, sortedItems } from './sorted-items.ts';
import type { IndexDefinition, KeyAttribute, TableDefinition } from './table-definition.ts';

/** Source: DynamoDB's service quotas */
const MAX_HASH_BYTES = 2048;
const MAX_RANGE_BYTES = 1024;

/** What a query reads: the table itself, or one of its indexes. */
export type Source = {
  hash: KeyAttribute;
  range: KeyAttribute | undefined;
  /** attributes of the key by which a query of it goes on */
  startKey: readonly KeyAttribute[];
  items: SortedItems;
  projected: IndexDefinition['projected'];
};

export type StoredTable = {
  definition: TableDefinition;
  find(key: Item): Item | undefined;
  /** Replaces one item, or adds or removes it, in the table and its indexes. */
  write(old: Item | undefined, next: Item | undefined): void;
  /** @param indexName the table itself when undefined */
  source(indexName: unknown): Source;
  all(): Item[];
  replaceAll(items: readonly Item[]): void;
  /** The primary key of an item. */
  keyOf(item: Item): Item;
  /** Reads the key of a request: exactly the key's attributes. */
  readKey(input: unknown): Item;
  /** Refuses an item whose keys, the indexes' included, are missing or of a wrong type. */
  checkItem(item: Item): void;
  /** Refuses a path into an attribute that must be a scalar, since it is a key. */
  checkPaths(paths: readonly Path[]): void;
  /** Refuses an update of the primary key. */
  checkUpdated(paths: readonly Path[]): void;
};

export function storedTable(definition: TableDefinition): StoredTable {
  const keys = keysOf(definition);
  const table: Source = {
    hash: definition.hash,
    range: definition.range,
    startKey: keys,
    items: sortedItems(definition.hash, keys.slice(1)),
    projected: 'all',
  };
  const indexes = new Map(
    definition.indexes.map((index) => [index.name, openIndex(index, keys)] satisfies [string, Source]),
  );
  const sources = [table, ...indexes.values()];
  const indexKeys = definition.indexes.flatMap((index) =>
    keysOf(index).map((key) => ({ ...key, index: index.name })),
  );

  return {
    definition,
    find: (key) => table.items.find(key),

    write(old, next) {
      for (const { items } of sources) {
        if (old) items.remove(old);
        if (next) items.put(next);
      }
    },

    source(indexName) {
      if (indexName === undefined) return table;
      const index = indexes.get(String(indexName));
      if (!index) throw invalid(`The table does not have the specified index: ${indexName}`);
      return index;
    },

    all: () => table.items.partitions().flat(),

    replaceAll(items) {
      for (const source of sources) source.items.clear();
      for (const item of items) for (const source of sources) source.items.put(item);
    },

    keyOf: (item) => Object.fromEntries(keys.map(({ name }) => [name, item[name]!])),

    readKey(input) {
      const key = readItem(input, 'Key');
      if (Object.keys(key).length !== keys.length || keys.some(({ name, type }) => !key[name]?.[type])) {
        const empty = keys.find(({ name, type }) => key[name]?.[type] === '');
        throw empty ? emptyKey(empty) : invalid('The provided key element does not match the schema');
      }
      checkKeySizes(key, definition);
      return key;
    },

    checkItem(item) {
      for (const { name, type } of keys) {
        const value = item[name];
        if (!value) {
          throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
        }
        if (value[type] === undefined) throw wrongType(`key ${name}`, type, value);
        if (value[type] === '') throw emptyKey({ name, type });
      }
      checkKeySizes(item, definition);
      for (const { name, type, index } of indexKeys) {
        const value = item[name];
        if (value && value[type] === undefined)
          throw wrongType(`Index Key ${name} IndexName: ${index}`, type, value);
        if (value?.[type] === '') throw emptyKey({ name, type });
      }
    },

    checkPaths(paths) {
      const scalar = [...keys, ...indexKeys].find(({ name }) =>
        paths.some((path) => path.length > 1 && path[0] === name),
      );
      if (scalar) {
        throw invalid(
          `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: ${scalar.name}`,
        );
      }
    },

    checkUpdated(paths) {
      const key = keys.find(({ name }) => paths.some((path) => path[0] === name));
      if (key) {
        throw invalid(
          `One or more parameter values were invalid: Cannot update attribute ${key.name}. This attribute is part of the key`,
        );
      }
    },
  };
}

function openIndex(index: IndexDefinition, tableKeys: readonly KeyAttribute[]): Source {
  const ownKeys = keysOf(index);
  const others = tableKeys.filter(({ name }) => !ownKeys.some((key) => key.name === name));
  return {
    hash: index.hash,
    range: index.range,
    startKey: [...ownKeys, ...others],
    items: sortedItems(index.hash, [...ownKeys.slice(1), ...others]),
    projected: index.projected,
  };
}

function keysOf({ hash, range }: { hash: KeyAttribute; range: KeyAttribute | undefined }): KeyAttribute[] {
  return range ? [hash, range] : [hash];
}

function checkKeySizes(item: Item, { hash, range }: TableDefinition): void {
  if (sizeBytes(item[hash.name]!) > MAX_HASH_BYTES) {
    throw invalid(
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    );
  }
  if (range && sizeBytes(item[range.name]!) > MAX_RANGE_BYTES) {
    throw invalid(
      'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    );
  }
}

/** Numbers always fit. */
function sizeBytes(key: AttributeValue): number {
  return key.S !== undefined ? Buffer.byteLength(key.S) : Buffer.byteLength(key.B ?? '', 'base64');
}

function wrongType(what: string, expected: string, value: AttributeValue) {
  return invalid(
    `One or more parameter values were invalid: Type mismatch for ${what} expected: ${expected} actual: ${typeOf(value)}`,
  );
}

function emptyKey({ name, type }: KeyAttribute) {
  const kind = type === 'S' ? 'string' : 'binary';
  return invalid(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
  );
}
