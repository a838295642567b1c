/**
 * The local world in a process of its own: real clock, real sockets, its table on disk. Tells its parent of each message
 * that SNS accepts, and frees the slots when it is told to, so that the next alert waits for nobody's minute.
 * Arguments: the operations file, the data folder.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import type { AnswerWith } from '../cli/operator.ts';
import { keys } from '../functions/shared/table.ts';
import { startLocalWorld } from '../local/start.ts';
import { monotonicMs } from './figure.ts';

export type FromWorld =
  | { kind: 'started'; url: string; secret: string }
  | { kind: 'message'; atMs: number }
  | { kind: ToWorld };

export type ToWorld = 'free-slot' | 'idle';

const LOOK_EVERY_MS = 20;

const tell = (message: FromWorld) => void process.send?.(message);
const [operationsFile = '', dataDir = ''] = process.argv.slice(2);
const local = await startLocalWorld({
  ...{ port: 0, speed: 1, noStory: true, operationsFile, dataDir },
  onMessage: () => tell({ kind: 'message', atMs: monotonicMs() }),
});
const table = DynamoDBDocument.from(
  new DynamoDBClient({
    endpoint: local.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  }),
);
const TableName = local.world.functions.map(({ env }) => env.TABLE_NAME).find((name) => name !== undefined);

process.on('message', async (wanted: ToWorld) => {
  if (wanted === 'free-slot') await table.delete({ TableName, Key: keys.slot('ana', 'sms') });
  else while (isBusy()) await pause(LOOK_EVERY_MS);
  tell({ kind: wanted });
});
process.on('disconnect', () => process.exit());

const added = await local.world.invoke('tocsin-operate', {
  command: 'keys-add',
  name: 'bench',
  by: 'cli:bench',
});
const { secret } = (added as { payload: AnswerWith<'secret'> }).payload;
tell({ kind: 'started', url: local.url, secret });

/** What is delayed has its time yet to come, such as the review of open alerts in ten minutes. */
function isBusy(): boolean {
  return ['tocsin-intake', 'tocsin-due'].some((name) =>
    local.world
      .queue(name)
      .messages()
      .some(({ state }) => state !== 'delayed'),
  );
}
