/** What we use of dynalite, which has no types of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';
  export default function dynalite(options: { path?: string; createTableMs?: number }): Server;
}

declare module 'dynalite/db/index.js' {
  type Item = Record<string, unknown>;
  type Table = { GlobalSecondaryIndexes?: { IndexName: string }[] };

  /** The LevelDB beneath: keys are text with a prefix for each table and index, values are JSON. */
  type Level = {
    open(): Promise<void>;
    close(): Promise<void>;
    get(key: string): Promise<unknown>;
    clear(range: { gte: string; lt: string }): Promise<void>;
    batch(operations: { type: 'put'; key: string; value: unknown }[]): Promise<void>;
    compactRange(from: string, to: string): Promise<void>;
    values(range: { gte: string; lt: string }): AsyncIterable<unknown>;
  };
  const db: {
    create(options: { path: string }): { db: Level };
    getIndexActions(
      indexes: readonly { IndexName: string }[],
      existing: Item | undefined,
      item: Item,
      table: Table,
    ): { puts: { index: string; key: string; item: Item }[] };
  };
  export default db;
}
