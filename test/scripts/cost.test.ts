import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../../lib/bundles.ts';
import { memoryTable } from '../../local/dynamodb/memory-table.ts';
import { createTableRequest } from '../../local/dynamodb/table-definition.ts';
import type { Resource } from '../../local/template.ts';
import { freeUsd, priceUsage } from '../../scripts/cost/compute-cost.ts';
import { assumptions, prices } from '../../scripts/cost/data.ts';
import { generateTeam } from '../../scripts/cost/generate-team.ts';
import { lambdaUsage } from '../../scripts/cost/lambda-usage.ts';
import { meterTable, type Units } from '../../scripts/cost/meter-table.ts';
import { smsParts } from '../../scripts/cost/meter-world.ts';
import { readOptions } from '../../scripts/cost/options.ts';
import { BEGIN, END, replaceBlock } from '../../scripts/cost/replace-block.ts';
import { Usage } from '../../scripts/cost/usage.ts';

describe('readOptions', () => {
  it('asks for 5 alerts a day and 4 responders, 50 and 20, 5,000 and 200 when nothing is said', () => {
    expect(readOptions([]).settings).toEqual([
      { alertsPerDay: 5, responders: 4, smsShare: 1 },
      { alertsPerDay: 50, responders: 20, smsShare: 1 },
      { alertsPerDay: 5_000, responders: 200, smsShare: 1 },
    ]);
  });

  it('takes one setting, with a share of SMS and a price', () => {
    const options = readOptions([
      '--alerts-per-day',
      '0',
      '--responders',
      '12',
      '--sms-share',
      '0.25',
      '--sms-price',
      '0.075',
    ]);
    expect(options.settings).toEqual([{ alertsPerDay: 0, responders: 12, smsShare: 0.25 }]);
    expect(options.smsUsd).toBe(0.075);
  });

  it.each([
    [['--sms-share', '1.5'], '--sms-share is "1.5": give a number from 0 to 1'],
    [['--sms-share', 'half'], '--sms-share is "half": give a number from 0 to 1'],
    [['--alerts-per-day', '2.5'], '--alerts-per-day is "2.5": give a whole number from 0 to 100000'],
    [['--alerts-per-day', ''], '--alerts-per-day is "": give a whole number'],
    [['--alerts-per-day=-1'], '--alerts-per-day is "-1": give a whole number'],
    [['--responders', '0'], '--responders is "0": give a whole number from 1 to 5000'],
    [['--write', '--responders', '5', '--json'], 'leave out --responders, --json'],
    [['--seats', '4'], "Unknown option '--seats'"],
    [['5'], "Unexpected argument '5'"],
  ])('refuses %s', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});

describe('priceUsage', () => {
  const usage = new Usage();
  usage.add('dynamodb-write', 'alerts', 1_500_000);
  usage.add('dynamodb-write', 'alerts', 500_000);
  usage.add('sqs-request', 'polling', 3_500_000);
  usage.add('email', 'pages', 500);

  it('prices 2,000,000 write units at 1.25, and puts the dearest first', () => {
    expect(priceUsage(usage, prices).map(({ cause, usd }) => [cause, Number(usd.toFixed(4))])).toEqual([
      ['polling', 1.4],
      ['alerts', 1.25],
      ['pages', 0.01],
    ]);
  });

  it('a free million of SQS is worth 0.40, 500 free emails 0.01', () => {
    expect(freeUsd(usage, prices)).toBeCloseTo(0.41, 10);
  });
});

describe('meterTable', () => {
  const TableName = 'units';
  const index = (IndexName: string, hash: string, range: string) => ({
    IndexName,
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' },
      { AttributeName: range, KeyType: 'RANGE' },
    ],
    Projection: { ProjectionType: 'KEYS_ONLY' },
  });
  const properties = {
    TableName,
    AttributeDefinitions: [
      ['pk', 'S'],
      ['sk', 'S'],
      ['dueShard', 'S'],
      ['dueAt', 'N'],
    ].map(([AttributeName, AttributeType]) => ({
      AttributeName: AttributeName!,
      AttributeType: AttributeType!,
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [index('due', 'dueShard', 'dueAt')],
  };
  const key = { pk: { S: 'alert#1' }, sk: { S: 'current' } };
  const open = (projection = 'KEYS_ONLY') => {
    const tables = memoryTable();
    tables.handle('CreateTable', createTableRequest(TableName, properties));
    const resource: Resource = {
      stack: 'state',
      logicalId: 'Table',
      type: 'AWS::DynamoDB::Table',
      properties: {
        ...properties,
        GlobalSecondaryIndexes: [
          { ...index('due', 'dueShard', 'dueAt'), Projection: { ProjectionType: projection } },
        ],
      },
      attributes: { Ref: TableName },
    };
    const units: Units[] = [];
    const engine = meterTable(tables, [resource], (one) => units.push(one));
    return {
      /** what the request costs: `write 3 alerts` */
      cost(operation: string, input: Record<string, unknown>): string[] {
        units.length = 0;
        engine.handle(operation, 'RequestItems' in input ? input : { TableName, ...input });
        return units.map((one) => `${one.kind} ${one.units} ${one.cause}`);
      },
    };
  };
  const item = (bytes: number, due?: number) => ({
    ...key,
    ...(due === undefined ? {} : { dueShard: { S: '3' }, dueAt: { N: String(due) } }),
    text: { S: 'x'.repeat(bytes) },
  });

  it('a write takes a unit for each begun KB of the larger of old and new', () => {
    const table = open();
    expect(table.cost('PutItem', { Item: item(2_500) })).toEqual(['write 3 alerts']);
    expect(table.cost('PutItem', { Item: item(100) })).toEqual(['write 3 alerts']);
    expect(table.cost('PutItem', { Item: item(100) })).toEqual(['write 1 alerts']);
    expect(table.cost('DeleteItem', { Key: key })).toEqual(['write 1 alerts']);
  });

  it('an index takes 1 unit for a new entry, 2 for another moment, none for the same, 1 for one that ends', () => {
    const table = open();
    expect(table.cost('PutItem', { Item: item(10, 60) })).toEqual([
      'write 1 alerts',
      'write 1 index due, alerts',
    ]);
    expect(table.cost('PutItem', { Item: item(20, 60) })).toEqual(['write 1 alerts']);
    expect(table.cost('PutItem', { Item: item(20, 90) })).toEqual([
      'write 1 alerts',
      'write 2 index due, alerts',
    ]);
    expect(table.cost('PutItem', { Item: item(20) })).toEqual([
      'write 1 alerts',
      'write 1 index due, alerts',
    ]);
  });

  it('a write whose condition fails takes what stands there, and nothing of an index', () => {
    const table = open();
    table.cost('PutItem', { Item: item(1_500) });
    const refused = { Item: item(10, 60), ConditionExpression: 'attribute_not_exists(pk)' };
    expect(table.cost('PutItem', refused)).toEqual(['write 2 alerts']);
  });

  it('a read takes a unit for each begun 4 KB, half of it when it need not be consistent, and one of nothing as well', () => {
    const table = open();
    expect(table.cost('GetItem', { Key: key, ConsistentRead: true })).toEqual(['read 1 alerts']);
    table.cost('PutItem', { Item: item(5_000, 60) });
    expect(table.cost('GetItem', { Key: key, ConsistentRead: true })).toEqual(['read 2 alerts']);
    expect(table.cost('GetItem', { Key: key })).toEqual(['read 1 alerts']);
    const other = { ...key, pk: { S: 'alert#2' } };
    const both = { [TableName]: { Keys: [key, other], ConsistentRead: true } };
    expect(table.cost('BatchGetItem', { RequestItems: both })).toEqual(['read 2 alerts', 'read 1 alerts']);
    const due = {
      IndexName: 'due',
      KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
      ExpressionAttributeValues: { ':shard': { S: '3' }, ':until': { N: '90' } },
    };
    expect(table.cost('Query', due)).toEqual(['read 0.5 index due']);
    const count = { ...due, Select: 'COUNT' };
    expect(table.cost('Query', count)).toEqual(['read 0.5 index due']);
  });

  it('says so when it does not know what something costs', () => {
    expect(() => open().cost('Scan', {})).toThrow('count the units of a Scan');
    expect(() => open().cost('Query', { FilterExpression: 'a = b' })).toThrow('Query with FilterExpression');
    expect(() => open('ALL')).toThrow('the index due holds more than keys');
  });
});

describe('smsParts', () => {
  it('160 septets are one part, 161 two, 307 three; one character outside of the alphabet leaves 70', () => {
    expect([160, 161, 306, 307].map((length) => smsParts('a'.repeat(length)))).toEqual([1, 2, 2, 3]);
    expect(smsParts('я'.repeat(70))).toBe(1);
    expect(smsParts('я'.repeat(71))).toBe(2);
  });
});

describe('lambdaUsage', () => {
  const { initMs, keptWarmMinutes, mbPerVcpu, vcpuMsPerCall, vcpuMsPerInvocation } = assumptions.lambda;
  const memory = new Map([['page', 512]]);
  const at = (startMs: number) => ({ function: 'page', startMs, endMs: startMs + 40, calls: 3 });
  const startsOf = (startsMs: number[], warm = new Set<string>()) => {
    const usage = lambdaUsage(startsMs.map(at), memory, warm).get('page')!;
    const starting = usage.lines().find(({ cause }) => cause.endsWith('starting'));
    return (starting?.quantity ?? 0) / ((initMs / 1000) * 0.5);
  };

  it('bills the time of its calls and what it computes, by its memory', () => {
    const usage = lambdaUsage([at(0)], memory, new Set(['page'])).get('page')!;
    const computesMs = (vcpuMsPerInvocation + 3 * vcpuMsPerCall) * (mbPerVcpu / 512);
    expect(usage.quantityOf('lambda-gb-s')).toBeCloseTo(((40 + computesMs) / 1000) * 0.5, 10);
    expect(usage.quantityOf('lambda-request')).toBe(1);
  });

  it('starts anew for the first call, for one beside another, and for one that comes too late', () => {
    const lateMs = (keptWarmMinutes + 1) * 60_000;
    expect(startsOf([0, 5_000])).toBeCloseTo(1, 10);
    expect(startsOf([0, 10])).toBeCloseTo(2, 10);
    expect(startsOf([0, lateMs])).toBeCloseTo(2, 10);
    expect(startsOf([0, lateMs], new Set(['page']))).toBe(0);
  });
});

describe('generateTeam', () => {
  it('has 1, 2, 2 and 2 people on call by level, one each where there are only 4, and the last where there are fewer', () => {
    const sizes = (responders: number) => generateTeam(responders).levels.map(({ length }) => length);
    expect(sizes(50)).toEqual([1, 2, 2, 2]);
    expect(sizes(4)).toEqual([1, 1, 1, 1]);
    expect(generateTeam(2).levels).toEqual([
      ['responder-1'],
      ['responder-2'],
      ['responder-2'],
      ['responder-2'],
    ]);
  });
});

describe('docs/cost.md', () => {
  const docs = readFileSync(join(PROJECT, 'docs/cost.md'), 'utf8');
  const written = docs.slice(docs.indexOf(BEGIN), docs.indexOf(END));

  it('has the tables of the command, by the price list that is in use', () => {
    expect(written).toContain(`List prices of ${prices.region}, ${prices.dated}`);
    for (const { product } of prices.seats) expect(written).toContain(product);
  });

  it('says what the README says: the three totals', () => {
    const [, row = ''] = /\| \*\*together\*\* +\|(.*)\|/.exec(written) ?? [];
    const totals = row.split('|').map((cell) => cell.trim());
    expect(totals).toHaveLength(3);
    const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
    const paragraph = readme.slice(readme.indexOf('**What it costs.**')).split('\n\n')[0]!;
    for (const total of totals) expect(paragraph).toContain(total);
  });

  it('keeps what stands around the block', () => {
    expect(replaceBlock(`before\n${BEGIN}\nold\n${END}\nafter`, 'new')).toBe(
      `before\n${BEGIN}\n\nnew\n\n${END}\nafter`,
    );
    expect(() => replaceBlock('nothing', 'new')).toThrow('has no lines');
  });
});
