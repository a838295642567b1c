/** What intake is measured against: its clients, and its calls in the same steps up to the first page. No rules. */
import { PublishCommand } from '@aws-sdk/client-sns';
import type { SQSEvent } from 'aws-lambda';
import { openSnsClient } from '../functions/paging/sns.sender.ts';
import { openQueueClient } from '../functions/shared/due-queue.ts';
import { openTable } from '../functions/shared/table.store.ts';

const { client, name: TableName } = openTable(process.env.TABLE_NAME ?? '');
const sns = openSnsClient();
export const queues = openQueueClient();
const TopicArn = `${process.env.RESPONDER_TOPIC_ARN_PREFIX}ana`;
const ADDRESSES = [{ PhoneNumber: '+12025550101' }, { TopicArn }];

export async function handler({ Records }: SQSEvent) {
  await Promise.all(Records.map(({ body }) => receive(JSON.parse(body))));
  return { batchItemFailures: [] };
}

async function receive({ detail }: { detail: Record<string, unknown> }) {
  const Key = { pk: `alert#${detail.alarmName}`, sk: 'current' };
  await client.get({ TableName, Key, ConsistentRead: true });
  const Item = { ...Key, ...detail };
  await client.put({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' });
  await Promise.all(
    ADDRESSES.map((address) => page(address, `${detail.alarmName} ${JSON.stringify(detail.state)}`)),
  );
}

async function page(address: (typeof ADDRESSES)[number], Message: string) {
  const Key = { pk: `contact#${JSON.stringify(address)}`, sk: 'slot' };
  const UpdateExpression = 'SET leaseUntil = :until';
  const ExpressionAttributeValues = { ':until': Date.now() + 30_000 };
  await Promise.all([
    client.update({ TableName, Key, UpdateExpression, ExpressionAttributeValues, ReturnValues: 'ALL_NEW' }),
    client.put({ TableName, Item: { pk: `link#${Math.random()}`, sk: 'link', sentAt: Date.now() } }),
  ]);
  await sns.send(new PublishCommand({ ...address, Message }));
}
