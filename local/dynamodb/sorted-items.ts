/** The items of a table or of one index: by partition, each sorted by its sort key. Sparse, as DynamoDB's. */
import { type AttributeValue, compareValues, type Item } from './attribute-value.ts';
import type { KeyAttribute } from './table-definition.ts';

export type SortedItems = {
  /** Adds the item, or replaces the one with the same key. An item without the key is left out. */
  put(item: Item): void;
  remove(item: Item): void;
  find(key: Item): Item | undefined;
  /** The items of one partition, in order. Not to be altered. */
  partition(hash: AttributeValue): readonly Item[];
  /** All partitions, in the order of their keys. */
  partitions(): readonly (readonly Item[])[];
  /** The first item of each partition, in no order. */
  firsts(): Item[];
  /** The order within a partition. */
  compare(a: Item, b: Item): number;
  clear(): void;
};

/**
 * @param hash      partitions are by its value
 * @param sortedBy  the sort key, then whatever else makes an item's place unique
 */
export function sortedItems(hash: KeyAttribute, sortedBy: readonly KeyAttribute[]): SortedItems {
  const partitions = new Map<string, Item[]>();
  const keyOf = (item: Item) => item[hash.name]?.[hash.type];
  const isComplete = (item: Item) => sortedBy.every(({ name }) => item[name] !== undefined);

  const compare = (a: Item, b: Item): number => {
    for (const { name } of sortedBy) {
      const order = compareValues(a[name]!, b[name]!)!;
      if (order !== 0) return order;
    }
    return 0;
  };
  const placeOf = (items: readonly Item[], item: Item) =>
    firstWhere(items, (other) => compare(other, item) >= 0);
  const isAt = (items: readonly Item[], place: number, item: Item) =>
    place < items.length && compare(items[place]!, item) === 0;

  return {
    compare,

    put(item) {
      const key = keyOf(item);
      if (key === undefined || !isComplete(item)) return;
      const items = partitions.get(key);
      if (!items) {
        partitions.set(key, [item]);
        return;
      }
      const place = placeOf(items, item);
      items.splice(place, isAt(items, place, item) ? 1 : 0, item);
    },

    remove(item) {
      const key = keyOf(item);
      const items = key === undefined ? undefined : partitions.get(key);
      if (key === undefined || !items || !isComplete(item)) return;
      const place = placeOf(items, item);
      if (isAt(items, place, item)) items.splice(place, 1);
      if (items.length === 0) partitions.delete(key);
    },

    find(key) {
      const items = partitions.get(keyOf(key)!) ?? [];
      const place = placeOf(items, key);
      return isAt(items, place, key) ? items[place] : undefined;
    },

    partition: (value) => partitions.get(value[hash.type]!) ?? [],

    partitions: () =>
      [...partitions.values()].sort(([a], [b]) => compareValues(a![hash.name]!, b![hash.name]!)!),

    firsts: () => [...partitions.values()].map(([first]) => first!),

    clear: () => partitions.clear(),
  };
}

/** The first place at which the test holds; it must hold from there to the end. */
export function firstWhere<T>(sorted: readonly T[], test: (element: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
