/** The table's edge: its client, and how a conditional write that failed is read. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

export type Table = { client: DynamoDBDocument; name: string };

/** Builds the client. Timeouts leave room for a second attempt within a function's 10 s. */
export function openTable(name: string): Table {
  const client = new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });
  return {
    name,
    client: DynamoDBDocument.from(client, { marshallOptions: { removeUndefinedValues: true } }),
  };
}

/** What a query answers, page after page, at most `most` items. */
export async function queryAll(
  { client, name }: Table,
  query: Omit<QueryCommandInput, 'TableName' | 'Limit' | 'ExclusiveStartKey'>,
  most = Number.POSITIVE_INFINITY,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await client.query({
      ...query,
      TableName: name,
      ...(Number.isFinite(most) && { Limit: most - items.length }),
      ExclusiveStartKey: from,
    });
    items.push(...(Items ?? []));
    from = LastEvaluatedKey;
  } while (from && items.length < most);
  return items;
}

/** True when the write was refused by its own condition, and by nothing else. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}
