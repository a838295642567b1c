import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryTable, memoryTable } from '../../../local/dynamodb/memory-table.ts';
import { ALERTS, CREATE_ALERTS } from './alert-table.ts';

const KEY = { pk: { S: 'alert#a' }, sk: { S: 'current' } };
const CONDITION_FAILED = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
const VALIDATION = 'com.amazon.coral.validate#ValidationException';

type Item = Record<string, { S?: string; N?: string }>;
type Body = {
  __type: string;
  message: string;
  Item: Item;
  Items: Item[];
  Attributes: Item;
  LastEvaluatedKey: Item;
  Count: number;
};

// What dynalite and this table answer alike is compared in differential.test.ts; here is the rest.
describe('memoryTable', () => {
  let table: MemoryTable;

  beforeEach(() => {
    table = memoryTable();
    table.handle('CreateTable', CREATE_ALERTS);
  });

  const call = (operation: string, input: object) =>
    table.handle(operation, { TableName: ALERTS, ...input }) as { status: number; body: Body };
  const given = (values?: object) => (values ? { ExpressionAttributeValues: values } : {});
  const put = (attributes: object, key: object = KEY) => call('PutItem', { Item: { ...key, ...attributes } });
  const update = (UpdateExpression: string, values?: object) =>
    call('UpdateItem', { Key: KEY, UpdateExpression, ReturnValues: 'ALL_NEW', ...given(values) }).body;
  const query = (input: object) =>
    call('Query', {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': KEY.pk },
      ...input,
    }).body;
  const querySecondShard = (input: object = {}) =>
    query({
      IndexName: 'due',
      KeyConditionExpression: 'dueShard = :shard',
      ExpressionAttributeValues: { ':shard': { S: '2' } },
      ...input,
    });
  /** Whether the condition holds for an item with these attributes. */
  const meets = (attributes: object, ConditionExpression: string, values: object): boolean => {
    put(attributes);
    const { status, body } = call('DeleteItem', { Key: KEY, ConditionExpression, ...given(values) });
    if (status !== 200) expect(body.__type).toBe(CONDITION_FAILED);
    return status === 200;
  };

  describe('conditions', () => {
    it('return the item that stood in the way when asked for ALL_OLD, and only then', () => {
      put({ version: { N: '3' } });
      const refused = { Item: KEY, ConditionExpression: 'attribute_not_exists(pk)' };
      expect(call('PutItem', { ...refused, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).toEqual({
        status: 400,
        body: {
          __type: CONDITION_FAILED,
          message: 'The conditional request failed',
          Item: { ...KEY, version: { N: '3' } },
        },
      });
      expect(call('PutItem', refused).body).not.toHaveProperty('Item');
    });

    it('compare lists, maps and sets by what is in them, whatever the order of names and members', () => {
      const muted = { M: { since: { N: '1' }, by: { L: [{ S: 'ana' }, { NULL: true }] } } };
      const same = { M: { by: { L: [{ S: 'ana' }, { NULL: true }] }, since: { N: '1.0' } } };
      expect(meets({ muted }, 'muted = :v', { ':v': same })).toBe(true);
      expect(meets({ muted }, 'muted IN (:v)', { ':v': same })).toBe(true);
      expect(meets({ muted }, 'muted <> :v', { ':v': { M: { since: { N: '2' } } } })).toBe(true);
      expect(meets({ holds: { L: [muted] } }, 'contains(holds, :v)', { ':v': same })).toBe(true);
      expect(meets({ tags: { SS: ['a', 'b'] } }, 'tags = :v', { ':v': { SS: ['b', 'a'] } })).toBe(true);
      expect(meets({ tags: { SS: ['a', 'b'] } }, 'tags = :v', { ':v': { SS: ['b'] } })).toBe(false);
    });

    it('know empty text and false as values', () => {
      const item = { note: { S: '' }, flag: { BOOL: false } };
      expect(meets(item, 'size(note) = :zero', { ':zero': { N: '0' } })).toBe(true);
      expect(meets(item, 'attribute_type(flag, :type)', { ':type': { S: 'BOOL' } })).toBe(true);
      expect(meets(item, 'flag IN (:false)', { ':false': { BOOL: false } })).toBe(true);
    });

    it('do not confuse an attribute with what every JavaScript object has', () => {
      expect(meets({}, 'attribute_exists(hasOwnProperty) OR toString = :v', { ':v': { S: '' } })).toBe(false);
    });

    it.each([
      ['((version = :v))', 'The expression has redundant parentheses'],
      ['version = version OR version = :v', 'must be distinct'],
      ['version BETWEEN :v AND :low', 'upper greater than or equal to the lower'],
      ['begins_with(version, :v)', 'Incorrect operand type'],
      ['exists(version) AND version = :v', 'Invalid function name'],
      ['version = :v version', 'Syntax error'],
      ['hold = :v', 'reserved keyword: hold'],
      ['pk.x = :v', 'Key attributes must be scalars'],
    ])('refuse %s', (ConditionExpression, reason) => {
      const values = {
        ':v': { N: '2' },
        ...(ConditionExpression.includes(':low') ? { ':low': { N: '1' } } : {}),
      };
      const { body } = call('DeleteItem', { Key: KEY, ConditionExpression, ...given(values) });
      expect(body).toMatchObject({ __type: VALIDATION, message: expect.stringContaining(reason) });
    });
  });

  describe('updates', () => {
    it('remove the list positions of the item as it was, in any order', () => {
      const letters = (text: string) => ({ L: [...text].map((S) => ({ S })) });
      put({ pages: letters('abcdef') });
      expect(update('REMOVE pages[0], pages[4], pages[1], pages[9]').Attributes.pages).toEqual(
        letters('cdf'),
      );
      put({ pages: { L: [letters('ab'), letters('cd')] } });
      expect(update('REMOVE pages[0], pages[1][0]').Attributes.pages).toEqual({ L: [letters('d')] });
    });

    it('compute every value from the item as it was', () => {
      put({ one: { N: '1' }, two: { N: '2' } });
      const { Attributes } = update('SET one = two, two = one + :ten REMOVE three', {
        ':ten': { N: '10' },
      });
      expect(Attributes).toEqual({ ...KEY, one: { N: '2' }, two: { N: '11' } });
    });

    it('leave the item as it was when they are refused', () => {
      put({ version: { N: '1' } });
      expect(update('SET version = :two, other = missing', { ':two': { N: '2' } }).__type).toBe(VALIDATION);
      expect(call('GetItem', { Key: KEY }).body.Item).toEqual({ ...KEY, version: { N: '1' } });
    });

    it('add exactly: 0.1 + 0.2 is 0.3, 10^15 + 1 keeps its last digit, as do 38 digits', () => {
      const sumOf = (a: string, b: string) => {
        put({ elapsedMs: { N: a } });
        return update('SET elapsedMs = elapsedMs + :b', { ':b': { N: b } }).Attributes.elapsedMs?.N;
      };
      expect(sumOf('0.1', '0.2')).toBe('0.3');
      expect(sumOf('1000000000000000', '1')).toBe('1000000000000001');
      expect(sumOf('9007199254740992', '1')).toBe('9007199254740993');
      expect(sumOf('99999999999999999999999999999999999998', '1')).toBe(
        '99999999999999999999999999999999999999',
      );
      expect(sumOf('-5e-130', '5e-130')).toBe('0');
    });
  });

  describe('numbers', () => {
    it.each([
      ['007', '7'],
      ['-0.00', '0'],
      ['1.50e3', '1500'],
      ['12e-4', '0.0012'],
      ['-.5', '-0.5'],
      ['1e125', `1${'0'.repeat(125)}`],
    ])('are stored in one spelling: %s as %s', (N, stored) => {
      put({ value: { N } });
      expect(call('GetItem', { Key: KEY }).body.Item.value).toEqual({ N: stored });
    });

    it.each(['', 'x', '1e', '.', '1e126', '1e-131', '1'.repeat(39)])('are refused: "%s"', (N) => {
      expect(put({ value: { N } }).body.__type).toBe(VALIDATION);
    });
  });

  describe('order of numbers', () => {
    it.each([
      ['9007199254740992', '9007199254740993'],
      ['-9007199254740993', '-9007199254740992'],
      ['999999999999999', '1000000000000000'],
      ['9', '10'],
      ['0.1', '0.10000000000000000000000000000000000001'],
    ])('is exact: %s before %s', (low, high) => {
      expect(meets({ version: { N: high } }, 'version > :v', { ':v': { N: low } })).toBe(true);
      expect(meets({ version: { N: low } }, 'version >= :v', { ':v': { N: high } })).toBe(false);
    });
  });

  describe('limits', () => {
    it('refuses an item of more than 400 KB of UTF-8, though it has fewer characters', () => {
      expect(put({ note: { S: 'é'.repeat(200 * 1024) } }).body).toMatchObject({
        __type: VALIDATION,
        message: 'Item size has exceeded the maximum allowed size',
      });
      expect(put({ note: { S: 'e'.repeat(400 * 1024 - 40) } }).status).toBe(200);
      expect(update('SET more = :more', { ':more': { S: 'e'.repeat(100) } }).__type).toBe(VALIDATION);
    });

    it('ends a page of 100 KB items with the 11th, which reaches 1 MB, and goes on after it', () => {
      for (let n = 10; n < 25; n++) {
        put({ note: { S: 'e'.repeat(100 * 1024) } }, { ...KEY, sk: { S: `event#${n}` } });
      }
      const first = query({});
      expect(first.Count).toBe(11);
      const second = query({ ExclusiveStartKey: first.LastEvaluatedKey });
      expect(second.Items.map(({ sk }) => sk?.S)).toEqual(['event#21', 'event#22', 'event#23', 'event#24']);
      expect(second.LastEvaluatedKey).toBeUndefined();
    });

    it('refuses a partition key of 2,049 bytes and a sort key of 1,025, and empty ones', () => {
      for (const key of [
        { pk: { S: 'x'.repeat(2049) } },
        { sk: { S: 'x'.repeat(1025) } },
        { pk: { S: '' } },
        { dueShard: { S: '' } },
      ]) {
        expect(put(key).body.__type).toBe(VALIDATION);
      }
    });
  });

  describe('indexes', () => {
    const row = (n: number, dueAt: number) =>
      put({ dueShard: { S: '2' }, dueAt: { N: String(dueAt) } }, { pk: { S: `alert#${n}` }, sk: KEY.sk });

    it('order entries of one moment by their key, and page through them without loss', () => {
      for (const n of [3, 1, 2, 4]) row(n, 1_000_000_000_000_000);
      row(5, 999_999_999_999_999);
      const seen: unknown[] = [];
      let page = querySecondShard({ Limit: 2 });
      for (
        ;
        page.LastEvaluatedKey;
        page = querySecondShard({ Limit: 2, ExclusiveStartKey: page.LastEvaluatedKey })
      ) {
        seen.push(...page.Items.map(({ pk }) => pk?.S));
      }
      seen.push(...page.Items.map(({ pk }) => pk?.S));
      expect(seen).toEqual(['alert#5', 'alert#1', 'alert#2', 'alert#3', 'alert#4']);
    });

    it('lose the entry of an item that loses half of its key', () => {
      row(1, 5);
      call('UpdateItem', { Key: { pk: { S: 'alert#1' }, sk: KEY.sk }, UpdateExpression: 'REMOVE dueAt' });
      expect(querySecondShard().Items).toEqual([]);
    });

    it('refuse consistent reads', () => {
      expect(querySecondShard({ ConsistentRead: true }).__type).toBe(VALIDATION);
    });
  });

  describe('order of text', () => {
    it('is that of its UTF-8 bytes: U+1F6A8 after U+FFFF', () => {
      expect(meets({ note: { S: '\u{1f6a8}' } }, 'note > :v', { ':v': { S: '\uffff' } })).toBe(true);
      for (const S of ['\u{1f6a8}', '\uffff', 'é', 'z']) put({}, { ...KEY, sk: { S } });
      expect(query({}).Items.map(({ sk }) => sk?.S)).toEqual(['z', 'é', '\uffff', '\u{1f6a8}']);
    });
  });

  describe('BatchGetItem', () => {
    const batch = (request: object) => table.handle('BatchGetItem', { RequestItems: { [ALERTS]: request } });

    it('returns the items that exist, in the order of their keys in the request', () => {
      for (const S of ['1', '2', '3']) put({ n: { N: S } }, { ...KEY, sk: { S } });
      const Keys = ['3', '9', '1'].map((S) => ({ ...KEY, sk: { S } }));
      expect(batch({ Keys, ProjectionExpression: 'n' }).body).toEqual({
        Responses: { [ALERTS]: [{ n: { N: '3' } }, { n: { N: '1' } }] },
        UnprocessedKeys: {},
      });
    });

    it('refuses 101 keys, and a key that comes twice', () => {
      const keys = (count: number) =>
        Array.from({ length: count }, (_, n) => ({ ...KEY, sk: { S: String(n) } }));
      expect(batch({ Keys: keys(100) }).status).toBe(200);
      expect(batch({ Keys: keys(101) }).body).toMatchObject({ __type: VALIDATION });
      expect(batch({ Keys: [KEY, KEY] }).body).toMatchObject({ __type: VALIDATION });
    });
  });

  describe('Scan', () => {
    it('goes through all partitions by key, in pages', () => {
      for (const pk of ['b', 'a', 'c'])
        for (const sk of ['2', '1']) put({}, { pk: { S: pk }, sk: { S: sk } });
      const first = call('Scan', { Limit: 3 }).body;
      const second = call('Scan', { ExclusiveStartKey: first.LastEvaluatedKey }).body;
      const seen = [...first.Items, ...second.Items].map(({ pk, sk }) => `${pk?.S}${sk?.S}`);
      expect(seen).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
    });
  });

  describe('what is not there', () => {
    it.each([
      ['PutItem', { Item: KEY, Expected: {} }, 'Expected'],
      ['PutItem', { Item: KEY, ReturnConsumedCapacity: 'TOTAL' }, 'ReturnConsumedCapacity = "TOTAL"'],
      ['Scan', { Segment: 0 }, 'Segment'],
      ['Query', { AttributesToGet: ['pk'] }, 'AttributesToGet'],
      ['CreateTable', { LocalSecondaryIndexes: [] }, 'LocalSecondaryIndexes'],
      ['TransactWriteItems', {}, 'TransactWriteItems'],
      ['toString', {}, 'the operation toString'],
    ])('%s with %j is refused by name', (operation, input, name) => {
      expect(call(operation, input)).toMatchObject({
        status: 400,
        body: { __type: 'tocsin.local#NotSupported', message: expect.stringContaining(name) },
      });
    });

    it.each(['PutItem', 'DeleteItem'])('%s has no new item to return', (operation) => {
      const named = operation === 'PutItem' ? { Item: KEY } : { Key: KEY };
      expect(call(operation, { ...named, ReturnValues: 'ALL_NEW' }).body.__type).toBe(VALIDATION);
    });

    it('a table or an index without that name is refused as AWS does', () => {
      expect(call('GetItem', { TableName: 'other', Key: KEY }).body.__type).toBe(
        'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      );
      expect(query({ IndexName: 'other' }).__type).toBe(VALIDATION);
      expect(table.handle('CreateTable', CREATE_ALERTS).body).toMatchObject({
        __type: 'com.amazonaws.dynamodb.v20120810#ResourceInUseException',
      });
    });
  });

  describe('for the world', () => {
    const due = (shard: string, dueAt: number) =>
      put(
        { dueShard: { S: shard }, dueAt: { N: String(dueAt) } },
        { pk: { S: `alert#${shard}` }, sk: KEY.sk },
      );

    it('knows the earliest moment over all shards, as items come, move and go', () => {
      expect(table.earliest(ALERTS, 'due')).toBeUndefined();
      due('0', 300);
      due('1', 100);
      due('2', 200);
      expect(table.earliest(ALERTS, 'due')).toBe(100);
      due('1', 400);
      expect(table.earliest(ALERTS, 'due')).toBe(200);
      call('DeleteItem', { Key: { pk: { S: 'alert#2' }, sk: KEY.sk } });
      expect(table.earliest(ALERTS, 'due')).toBe(300);
    });

    it('goes back to a snapshot, indexes included, as often as one likes', () => {
      due('0', 300);
      const snapshot = table.snapshot();
      for (let round = 0; round < 2; round++) {
        due('0', 100);
        due('2', 200);
        table.restore(snapshot);
        expect(table.items(ALERTS)).toHaveLength(1);
        expect(table.earliest(ALERTS, 'due')).toBe(300);
        expect(querySecondShard().Items).toEqual([]);
      }
    });

    it('keeps its own copy of what it is given', () => {
      const item = { ...KEY, holds: { M: { muted: { N: '1' } } } };
      call('PutItem', { Item: item });
      item.holds.M.muted.N = '2';
      expect(call('GetItem', { Key: KEY }).body.Item.holds).toEqual({ M: { muted: { N: '1' } } });
    });
  });
});
