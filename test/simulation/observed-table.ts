/** The table as a story needs it: it tells of every durable write, and its indexes may lag behind. */
import { isDeepStrictEqual } from 'node:util';
import { toPlain } from '../../cli/replay/read-table.ts';
import type { TableEngine } from '../../local/aws/dynamodb.ts';
import type { SdkCall } from '../../local/aws/gate.ts';
import type { Item } from '../../local/dynamodb/attribute-value.ts';
import { type MemoryTable, memoryTable } from '../../local/dynamodb/memory-table.ts';
import { asToday } from './newer-code.ts';
import type { Row, Write } from './run.ts';

type Input = Record<string, unknown> & { TableName?: string; Item?: Item; Key?: Item; IndexName?: string };

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

type Options = {
  nowMs(): number;
  /** how old what the indexes tell is now */
  indexLagMs(): number;
  /** told when an index has just answered otherwise than it would have if it were up to date */
  onStaleRead(): void;
  /** whose call takes effect now */
  call(): SdkCall | undefined;
};

export function observedTable(tables: MemoryTable, { nowMs, indexLagMs, onStaleRead, call }: Options) {
  const writes: Write[] = [];
  const lagging = memoryTable();
  /** what the lagging tables have not been told yet, the oldest first */
  const coming: { at: number; table: string; key: Item; item: Item | undefined }[] = [];
  const made = new Set<string>();

  const find = (TableName: string, Key: Item): Item | undefined =>
    (tables.handle('GetItem', { TableName, Key }).body as { Item?: Item }).Item;

  const catchUp = (untilMs: number) => {
    while (coming[0] && coming[0].at <= untilMs) {
      const { table: TableName, key: Key, item } = coming.shift()!;
      if (item) lagging.handle('PutItem', { TableName, Item: item });
      else lagging.handle('DeleteItem', { TableName, Key });
    }
  };

  const handle = (operation: string, input: Input) => {
    if (operation === 'Query' && input.IndexName !== undefined) {
      const lagMs = indexLagMs();
      if (lagMs === 0) return tables.handle(operation, input);
      begin();
      catchUp(nowMs() - lagMs);
      const answer = lagging.handle(operation, input);
      if (!isDeepStrictEqual(answer, tables.handle(operation, input))) onStaleRead();
      return answer;
    }
    if (!WRITES.has(operation)) return tables.handle(operation, input);
    const table = String(input.TableName);
    const { pk, sk } = (input.Item ?? input.Key)!;
    const key = { pk: pk!, sk: sk! };
    const before = find(table, key);
    const answer = tables.handle(operation, input);
    if (answer.status !== 200) return answer;
    const after = find(table, key);
    coming.push({ at: nowMs(), table, key, item: after });
    const { n, function: caller, requestId } = call() ?? { n: 0 };
    const facts = { at: nowMs(), n, function: caller, requestId, pk: pk!.S!, sk: sk!.S! };
    writes.push(new LazyWrite(facts, before, after));
    return answer;
  };

  /** The lagging tables begin empty, with the tables that stand. */
  const begin = () => {
    for (const { definition } of tables.snapshot()) {
      if (made.has(definition.name)) continue;
      made.add(definition.name);
      lagging.restore([...lagging.snapshot(), { definition, items: [] }]);
    }
  };

  const engine: TableEngine = { ...tables, handle: (operation, input) => handle(operation, input as Input) };
  return { engine, writes };
}

/** Rows are made plain only when somebody looks at them. */
class LazyWrite implements Write {
  readonly at: number;
  readonly n: number;
  readonly function: string | undefined;
  readonly requestId: string | undefined;
  readonly pk: string;
  readonly sk: string;
  readonly #before: Item | undefined;
  readonly #after: Item | undefined;
  #plain: { before?: Row | undefined; after?: Row | undefined } = {};

  constructor(facts: Omit<Write, 'before' | 'after'>, before: Item | undefined, after: Item | undefined) {
    this.at = facts.at;
    this.n = facts.n;
    this.function = facts.function;
    this.requestId = facts.requestId;
    this.pk = facts.pk;
    this.sk = facts.sk;
    this.#before = before;
    this.#after = after;
  }
  get before(): Row | undefined {
    if (!('before' in this.#plain))
      this.#plain.before = this.#before && (toPlain(asToday(this.#before)) as Row);
    return this.#plain.before;
  }
  get after(): Row | undefined {
    if (!('after' in this.#plain)) this.#plain.after = this.#after && (toPlain(asToday(this.#after)) as Row);
    return this.#plain.after;
  }
}
