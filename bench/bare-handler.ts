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
const SITUATION = { pk: 'situation', sk: 'current' };
const CONTACTS = [{ PhoneNumber: '+12025550101' }, { TopicArn }];

export async function handler({ Records }: SQSEvent) {
  await Promise.all(Records.map(({ body }) => receive(JSON.parse(body).detail)));
}

async function receive(alarm: Record<string, unknown>) {
  const Key = { pk: `alert#${alarm.alarmName}`, sk: 'current' };
  await Promise.all([Key, SITUATION].map((key) => client.get({ TableName, Key: key, ConsistentRead: true })));
  await client.put({
    TableName,
    Item: { ...Key, ...alarm },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  const Message = `${alarm.alarmName} ${JSON.stringify(alarm.state)}`;
  await Promise.all(CONTACTS.map((contact) => page(contact, Message, Date.now())));
}

async function page(contact: object, Message: string, now: number) {
  const Key = { pk: `contact#${Object.values(contact)}`, sk: 'slot' };
  const UpdateExpression = 'SET leaseUntil = :until, leaseId = :id';
  const ConditionExpression = 'attribute_not_exists(leaseUntil) OR leaseUntil <= :now';
  const ExpressionAttributeValues = { ':now': now, ':until': now + 30_000, ':id': `lease-${now}` };
  const claim = { TableName, Key, UpdateExpression, ConditionExpression, ExpressionAttributeValues };
  const Item = { pk: `link#${Math.random()}`, sk: 'link', sentAt: now, contact };
  await Promise.all([client.update({ ...claim, ReturnValues: 'ALL_NEW' }), client.put({ TableName, Item })]);
  await sns.send(new PublishCommand({ ...contact, Message }));
}
