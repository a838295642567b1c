/**
 * Random requests for the table of alerts, of the kinds that both engines answer as AWS does.
 * Left out, since dynalite differs from AWS there: equality of lists and maps, empty text and false in BETWEEN,
 * IN, size and attribute_type, two list positions removed at once, order of text beyond U+FFFF in conditions,
 * order of index entries with the same sort key, ReturnValues that a deletion does not have.
 * `memory-table.test.ts` has those.
 */
import fc from 'fast-check';
import { ALERTS } from './alert-table.ts';

export type TableRequest = { operation: string; input: Record<string, unknown> };

const PARTITIONS = ['alert#a', 'alert#b', 'contact#ana#sms'];
const SORT_KEYS = ['current', 'ended#0001', 'event#0001#1', 'event#0001#2', 'event#0002#1', 'ü#🚨'];
const SHARDS = ['0', '1'];

/** Around the limits of a double's integers, of either sign, in several spellings. */
const NUMBERS = [
  ...['0', '1', '2', '3', '9', '10', '11', '99', '-1', '-10', '-1.5', '0.1', '0.2', '1.0', '1e3', '007'],
  ...['999999999999999', '1000000000000000', '1000000000000001', '9007199254740993', '9007199254740992'],
  ...['-1000000000000001', '123456789012345678901234567890', '1764000000000', '1764000000001', '80.25'],
];
const TEXTS = ['triggered', 'acknowledged', 'resolved', 'trig', 'ütf', '日本', 'a b', 'Z', 'a'];
const MAYBE_EMPTY_TEXTS = [...TEXTS, '', '🚨 on fire', '\uffff'];

const number = fc.constantFrom(...NUMBERS).map((N) => ({ N }));
const text = fc.constantFrom(...TEXTS).map((S) => ({ S }));
const anyText = fc.constantFrom(...MAYBE_EMPTY_TEXTS).map((S) => ({ S }));
const bool = fc.boolean().map((BOOL) => ({ BOOL }));
const nothing = fc.constant({ NULL: true });
const tags = fc.subarray(TEXTS, { minLength: 1 }).map((SS) => ({ SS }));
const counts = fc.subarray(['1', '2', '3.5', '1000'], { minLength: 1 }).map((NS) => ({ NS }));
const page = fc
  .record({ id: text, status: anyText, attempt: number, claim: fc.oneof(nothing, number) })
  .map((M) => ({ M }));
const pages = fc.array(page, { maxLength: 3 }).map((L) => ({ L }));
const hold = fc
  .record({ since: number, by: anyText, note: fc.oneof(nothing, bool) }, { requiredKeys: ['since'] })
  .map((M) => ({ M }));
const holds = fc.record({ muted: hold, recovering: hold }, { requiredKeys: [] }).map((M) => ({ M }));

const key = fc.record({ pk: fc.nat(PARTITIONS.length - 1), sk: fc.nat(SORT_KEYS.length - 1) });
type Key = { pk: number; sk: number };
const wireKey = ({ pk, sk }: Key) => ({ pk: { S: PARTITIONS[pk] }, sk: { S: SORT_KEYS[sk] } });

/** Index sort keys that no two items share. */
const dueAtOf = ({ pk, sk }: Key, rank: number) => ({ N: String(rank * 100 + pk * 10 + sk) });
const titleOf = ({ pk, sk }: Key, rank: number) => ({ S: `${TEXTS[rank]}-${pk}${sk}` });
const rank = fc.nat(TEXTS.length - 1);
const shard = fc.constantFrom(...SHARDS).map((S) => ({ S }));

const item = fc
  .tuple(
    key,
    rank,
    fc.record(
      {
        status: text,
        version: number,
        acknowledged: bool,
        note: fc.oneof(anyText, nothing),
        tags,
        counts,
        pages,
        holds,
        dueShard: shard,
        feed: shard,
      },
      { requiredKeys: ['version'] },
    ),
  )
  .map(([key, rank, rest]) => ({
    ...rest,
    ...wireKey(key),
    dueAt: dueAtOf(key, rank),
    title: titleOf(key, rank),
  }));

/** An expression with the names and values that it uses. */
type Expression = { text: string; names?: Record<string, string>; values?: Record<string, unknown> };

const comparator = fc.constantFrom('=', '<>', '<', '<=', '>', '>=');
const STATUS = { '#status': 'status' };

const test: fc.Arbitrary<Expression> = fc.oneof(
  fc
    .constantFrom('version', 'acknowledged', 'holds.muted.since', 'pages[0].attempt', 'pages', 'missing')
    .chain((path) =>
      fc.constantFrom(`attribute_exists(${path})`, `attribute_not_exists(${path})`).map((text) => ({ text })),
    ),
  fc
    .tuple(
      fc.constantFrom('version', 'holds.muted.since', 'pages[1].attempt', 'tags', 'missing'),
      comparator,
      number,
    )
    .map(([path, operator, value]) => ({ text: `${path} ${operator} :n`, values: { ':n': value } })),
  fc
    .tuple(comparator, fc.oneof(text, number))
    .map(([operator, value]) => ({ text: `#status ${operator} :s`, names: STATUS, values: { ':s': value } })),
  fc
    .tuple(fc.constantFrom('=', '<>'), fc.oneof(bool, nothing, anyText))
    .map(([operator, value]) => ({ text: `note ${operator} :b`, values: { ':b': value } })),
  fc.tuple(number, number).map(([low, high]) => ({
    text: 'version BETWEEN :low AND :high',
    values: { ':low': low, ':high': high },
  })),
  fc.tuple(text, text).map(([one, two]) => ({
    text: '#status IN (:one, :two)',
    names: STATUS,
    values: { ':one': one, ':two': two },
  })),
  fc
    .tuple(
      fc.constantFrom('#status', 'tags'),
      fc.constantFrom('begins_with', 'contains'),
      fc.oneof(text, number),
    )
    .map(([path, name, value]) => ({
      text: `${name}(${path}, :part)`,
      ...(path === '#status' ? { names: STATUS } : {}),
      values: { ':part': value },
    })),
  fc
    .tuple(
      fc.constantFrom('#status', 'version', 'pages', 'holds', 'tags'),
      fc.constantFrom('S', 'N', 'L', 'M', 'SS', 'X'),
    )
    .map(([path, type]) => ({
      text: `attribute_type(${path}, :type)`,
      ...(path === '#status' ? { names: STATUS } : {}),
      values: { ':type': { S: type } },
    })),
  fc
    .tuple(fc.constantFrom('#status', 'pages', 'holds', 'tags', 'counts', 'version'), comparator, fc.nat(3))
    .map(([path, operator, size]) => ({
      text: `size(${path}) ${operator} :size`,
      ...(path === '#status' ? { names: STATUS } : {}),
      values: { ':size': { N: String(size) } },
    })),
);

/** Placeholders of the second test get a suffix, so that both can stand in one expression. */
function apart({ text, names, values }: Expression): Expression {
  const rename = (record?: Record<string, unknown>) =>
    record && Object.fromEntries(Object.entries(record).map(([name, value]) => [`${name}2`, value]));
  return {
    text: text.replace(/[:#]\w+/g, '$&2'),
    names: rename(names) as Record<string, string> | undefined,
    values: rename(values),
  };
}

const condition: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 3, arbitrary: test },
  { weight: 1, arbitrary: test.map((inner) => ({ ...inner, text: `NOT (${inner.text})` })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(test, test, fc.constantFrom('AND', 'OR', 'and not'))
      .map(([left, second, operator]) => {
        const right = apart(second);
        return {
          text: `${left.text} ${operator} (${right.text})`,
          names: { ...left.names, ...right.names },
          values: { ...left.values, ...right.values },
        };
      }),
  },
);

const REFUSED_CHANGES: Expression[] = [
  { text: 'SET pk = :x', values: { ':x': { S: 'x' } } },
  { text: 'SET dueShard.x = :x', values: { ':x': { S: 'x' } } },
  { text: 'SET version = :x, version = :x', values: { ':x': { N: '1' } } },
  { text: 'SET holds = :x, holds.muted = :x', values: { ':x': { N: '1' } } },
  { text: 'SET state = :x', values: { ':x': { N: '1' } } },
  { text: 'SET note = :x', values: { ':x': { S: 'x' }, ':unused': { S: 'x' } } },
  { text: 'SET note = :x', values: { ':y': { S: 'x' } } },
  { text: 'SET note = nothing(:x)', values: { ':x': { S: 'x' } } },
  { text: 'SET note = :x SET version = :x', values: { ':x': { S: 'x' } } },
  { text: 'ADD version :x', values: { ':x': { S: 'x' } } },
  { text: 'SET note = ' },
];

const change: fc.Arbitrary<Expression> = fc.oneof(
  fc.constantFrom(...REFUSED_CHANGES),
  fc.constantFrom<Expression>(
    { text: 'REMOVE holds.muted' },
    { text: 'REMOVE pages[0], note' },
    { text: 'REMOVE dueShard, feed' },
    { text: 'REMOVE acknowledged SET version = :one', values: { ':one': { N: '1' } } },
    { text: 'SET version = holds.muted.since' },
  ),
  number.map((value) => ({ text: 'SET version = if_not_exists(version, :n) + :n', values: { ':n': value } })),
  fc
    .tuple(fc.constantFrom('+', '-'), number)
    .map(([sign, value]) => ({ text: `SET version = version ${sign} :n`, values: { ':n': value } })),
  fc.tuple(shard, anyText).map(([value, note]) => ({
    text: 'SET dueShard = :shard, note = :note',
    values: { ':shard': value, ':note': note },
  })),
  pages.map((value) => ({ text: 'SET pages = list_append(pages, :more)', values: { ':more': value } })),
  fc
    .tuple(fc.constantFrom('pages[0]', 'pages[7]', 'pages[0].claim', 'holds.muted', 'holds.muted.by'), number)
    .map(([path, value]) => ({ text: `SET ${path} = :n`, values: { ':n': value } })),
  hold.map((value) => ({
    text: 'SET holds.#hold = if_not_exists(holds.#hold, :hold), #status = :s',
    names: { '#hold': 'recovering', ...STATUS },
    values: { ':hold': value, ':s': { S: 'triggered' } },
  })),
  tags.map((value) => ({ text: 'ADD tags :tags', values: { ':tags': value } })),
  tags.map((value) => ({ text: 'DELETE tags :tags', values: { ':tags': value } })),
  fc
    .tuple(counts, number)
    .map(([value, more]) => ({ text: 'ADD counts :c, version :n', values: { ':c': value, ':n': more } })),
);

const conditional = fc.option(condition, { nil: undefined, freq: 2 });
const returned = fc.constantFrom({}, { ReturnValues: 'NONE' }, { ReturnValues: 'ALL_OLD' });

function withExpressions(parts: Record<string, Expression | undefined>): Record<string, unknown> {
  const given = Object.entries(parts).filter(([, part]) => part !== undefined) as [string, Expression][];
  const names = Object.assign({}, ...given.map(([, part]) => part.names));
  const values = Object.assign({}, ...given.map(([, part]) => part.values));
  return {
    ...Object.fromEntries(given.map(([parameter, part]) => [parameter, part.text])),
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}

const put = fc.tuple(item, conditional, returned).map(([Item, ConditionExpression, options]) => ({
  operation: 'PutItem',
  input: { Item, ...options, ...withExpressions({ ConditionExpression }) },
}));

const update = fc
  .tuple(
    key,
    change,
    conditional.map((part) => part && apart(part)),
    fc.constantFrom('NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'),
  )
  .map(([key, UpdateExpression, ConditionExpression, ReturnValues]) => ({
    operation: 'UpdateItem',
    input: {
      Key: wireKey(key),
      ReturnValues,
      ...withExpressions({ UpdateExpression, ConditionExpression }),
    },
  }));

const remove = fc.tuple(key, conditional, returned).map(([key, ConditionExpression, options]) => ({
  operation: 'DeleteItem',
  input: { Key: wireKey(key), ...options, ...withExpressions({ ConditionExpression }) },
}));

const projection = fc.option(
  fc.constantFrom<Expression>(
    { text: 'version, holds.muted.since' },
    { text: 'pages[1].id, pages[0], pk' },
    { text: '#status, note', names: STATUS },
    { text: 'holds, holds.muted' },
    { text: 'status' },
  ),
  { nil: undefined },
);

const get = fc.tuple(key, projection).map(([key, ProjectionExpression]) => ({
  operation: 'GetItem',
  input: { Key: wireKey(key), ConsistentRead: true, ...withExpressions({ ProjectionExpression }) },
}));

/** Each source of a query, with values for its partition and its sort key. */
const SOURCES = [
  {
    index: undefined,
    hash: 'pk',
    hashes: PARTITIONS,
    range: 'sk',
    type: 'S',
    ranges: [...SORT_KEYS, 'e', 'event#', 'event#0001'],
  },
  {
    index: 'due',
    hash: 'dueShard',
    hashes: SHARDS,
    range: 'dueAt',
    type: 'N',
    ranges: ['-1', '0', '101', '1e2', '225', '400', '805'],
  },
  {
    index: 'feed',
    hash: 'feed',
    hashes: SHARDS,
    range: 'title',
    type: 'S',
    ranges: [...TEXTS, 'trig-', 'zz'],
  },
] as const;

const query = fc.constantFrom(...SOURCES).chain((source) => {
  const value = fc.constantFrom(...source.ranges).map((given) => ({ [source.type]: given }));
  const range: fc.Arbitrary<Expression> = fc.oneof(
    fc.constant({ text: '' }),
    fc
      .tuple(fc.constantFrom('=', '<', '<=', '>', '>=', '<>'), value)
      .map(([operator, low]) => ({ text: ` AND ${source.range} ${operator} :low`, values: { ':low': low } })),
    fc.tuple(value, value).map(([low, high]) => ({
      text: ` AND ${source.range} BETWEEN :low AND :high`,
      values: { ':low': low, ':high': high },
    })),
    value.map((low) => ({ text: ` AND begins_with(${source.range}, :low)`, values: { ':low': low } })),
  );
  return fc
    .record({
      hash: fc.constantFrom(...source.hashes),
      range,
      filter: fc.option(test.map(apart), { nil: undefined }),
      isForward: fc.boolean(),
      limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      isCount: fc.boolean(),
    })
    .map(({ hash, range, filter, isForward, limit, isCount }) => ({
      operation: 'Query',
      input: {
        ...(source.index ? { IndexName: source.index } : {}),
        ScanIndexForward: isForward,
        ...(limit ? { Limit: limit } : {}),
        ...(isCount ? { Select: 'COUNT' } : {}),
        ...withExpressions({
          KeyConditionExpression: {
            text: `${source.hash} = :hash${range.text}`,
            values: { ':hash': { S: hash }, ...range.values },
          },
          FilterExpression: filter,
        }),
      },
    }));
});

/** A life of the table. */
export const requests: fc.Arbitrary<TableRequest[]> = fc.array(
  fc
    .oneof(
      { weight: 5, arbitrary: put },
      { weight: 5, arbitrary: update },
      { weight: 2, arbitrary: remove },
      { weight: 1, arbitrary: get },
      { weight: 3, arbitrary: query },
    )
    .map(({ operation, input }) => ({ operation, input: { TableName: ALERTS, ...input } })),
  { minLength: 20, maxLength: 60 },
);

/** Every partition of the table and of both indexes. */
export const WHOLE_CONTENT: TableRequest[] = SOURCES.flatMap(({ index, hash, hashes }) =>
  hashes.map((value) => ({
    operation: 'Query',
    input: {
      TableName: ALERTS,
      ...(index ? { IndexName: index } : {}),
      KeyConditionExpression: `${hash} = :hash`,
      ExpressionAttributeValues: { ':hash': { S: value } },
    },
  })),
);

/** Every key that the requests may use. */
export const ALL_KEYS = PARTITIONS.flatMap((pk) => SORT_KEYS.map((sk) => ({ pk: { S: pk }, sk: { S: sk } })));
