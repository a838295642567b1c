/**
 * The tick with a hundred thousand open alerts beside the tick with a hundred, ten due in each: its bundle, and the
 * index of a real store on disk (dynalite over LevelDB), spoken to over HTTP. Not DynamoDB's own time: what grows.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { feedOf, keys, shardOf } from '../functions/shared/table.ts';
import { assemblyOf } from '../local/assembly-cache.ts';
import { startDynalite } from '../local/dynamodb/dynalite-table.ts';
import { readAssembly } from '../local/template.ts';
import { readTables } from '../local/wire.ts';
import { type Figure, figure, median, medianRatio } from './figure.ts';
import { answerOf, start } from './process.ts';
import type { TickTimings } from './tick-runner.ts';
import { environmentAt, OPERATIONS, type Workshop } from './workshop.ts';

/** Source: design, Numbers to hold */
const BOUND = 1.2;
const OPEN = { few: 100, many: 100_000 };
const DUE = 10;

const HOUR_MS = 3_600_000;
const PLACE = { account: '123456789012', region: 'eu-west-1', endpoint: 'http://aws.local', publicUrl: '' };

/** What DynamoDB takes at once, and how many such writes are under way. */
const BATCH = 25;
const WRITERS = 8;

export async function measureTick(workshop: Workshop): Promise<Figure[]> {
  const [table] = readTables(readAssembly(await assemblyOf(OPERATIONS), PLACE));
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tick-'));
  const tables = Object.keys(OPEN).map((name) => ({ name: `open-${name}`, properties: table!.properties }));
  const dynalite = await startDynalite(folder, tables);
  const stub = start(workshop.awsStub, [], {});
  try {
    for (const [name, count] of Object.entries(OPEN)) await fill(dynalite.url, `open-${name}`, count);
    const runner = start(workshop.tickRunner, [workshop.bundles.tick.real, 'open-few', 'open-many'], {
      ...environmentAt(`http://127.0.0.1:${await answerOf<number>(stub)}`),
      AWS_ENDPOINT_URL_DYNAMODB: dynalite.url,
    });
    const { fewMs, manyMs } = await answerOf<TickTimings>(runner);
    return [
      figure('tick', medianRatio(manyMs, fewMs), 'ratio', BOUND),
      figure(`tick:${OPEN.few}-open`, median(fewMs), 'ms', null),
      figure(`tick:${OPEN.many}-open`, median(manyMs), 'ms', null),
    ];
  } finally {
    stub.disconnect();
    await dynalite.stop();
    rmSync(folder, { recursive: true });
  }
}

/** So many open alerts, ten of them overdue, the others due from an hour on: of each what the tick reads of it. */
async function fill(endpoint: string, tableName: string, count: number): Promise<void> {
  const client = DynamoDBDocument.from(new DynamoDBClient({ ...CREDENTIALS, endpoint }));
  const nowMs = Date.now();
  const itemOf = (place: number) => {
    const key = keys.alert(place.toString(16).padStart(16, '0'));
    const dueAt = place < DUE ? nowMs - place : nowMs + HOUR_MS + place;
    return { ...key, dueShard: shardOf(key.pk), dueAt, feed: feedOf('open', key.pk), feedAt: nowMs };
  };
  let next = 0;
  const write = async () => {
    while (next < count) {
      const places = Array.from({ length: Math.min(BATCH, count - next) }, () => next++);
      const puts = places.map((place) => ({ PutRequest: { Item: itemOf(place) } }));
      const { UnprocessedItems } = await client.batchWrite({ RequestItems: { [tableName]: puts } });
      if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('dynalite left items unwritten');
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  client.destroy();
}

const CREDENTIALS = {
  region: PLACE.region,
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
};
