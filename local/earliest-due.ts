/** When the next row of a table on disk is due: asked for again only after something was written. */
import { DUE_INDEX, SHARDS } from '../functions/shared/table.ts';
import type { TableEngine } from './aws/dynamodb.ts';

type Answer = { Items?: { dueAt?: { N?: string } }[] };

export function earliestDue(engine: TableEngine, tableName: string) {
  let known: Promise<number | undefined> | undefined;

  const ofShard = async (shard: number): Promise<number[]> => {
    const { status, body } = await engine.handle('Query', {
      TableName: tableName,
      IndexName: DUE_INDEX,
      KeyConditionExpression: 'dueShard = :shard',
      ExpressionAttributeValues: { ':shard': { S: String(shard) } },
      Limit: 1,
    });
    if (status !== 200) throw new Error(`the due index cannot be read: ${JSON.stringify(body)}`);
    return ((body as Answer).Items ?? []).map(({ dueAt }) => Number(dueAt?.N));
  };
  const ask = async () => {
    const shards = await Promise.all(Array.from({ length: SHARDS }, (_, shard) => ofShard(shard)));
    const moments = shards.flat();
    return moments.length > 0 ? Math.min(...moments) : undefined;
  };

  return {
    /** epoch milliseconds; absent when no row is due ever */
    ms(): Promise<number | undefined> {
      known ??= ask();
      return known;
    },
    /** Something was written, or is about to be. */
    forget() {
      known = undefined;
    },
  };
}
