/** Run as a program: moves alerts' due times without end, and prints each write once it is acknowledged. */
import { startDynalite } from '../../../local/dynamodb/dynalite-table.ts';
import { ALERT_TABLE, ALERTS } from './alert-table.ts';

const WRITERS = 8;

const folder = process.argv[2]!;
const { handle } = await startDynalite(folder, [{ name: ALERTS, properties: ALERT_TABLE }]);

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));

async function write(writer: number): Promise<never> {
  for (let version = 1; ; version++) {
    const { status } = await handle('PutItem', {
      TableName: ALERTS,
      Item: {
        pk: { S: `alert#${writer}` },
        sk: { S: 'current' },
        version: { N: String(version) },
        dueShard: { S: '0' },
        dueAt: { N: String(version * 100 + writer) },
      },
    });
    if (status === 200) process.stdout.write(`${writer} ${version}\n`);
  }
}
