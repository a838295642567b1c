/** Reads the topics of the template, who is subscribed to them, and who reads which log group. */
import type { SubscriptionFilter } from './aws/logs.ts';
import type { Queue } from './aws/queue.ts';
import type { DeclaredSubscription } from './aws/subscriptions.ts';
import type { Topic } from './aws/topics.ts';
import { type Assembly, ofType, type Properties, type Resource } from './template.ts';
import type { Place } from './template-attributes.ts';
import { byArn } from './wire.ts';
import { checkPermission, checkQueueLetsIn } from './wire-checks.ts';

export function readTopics({ resources }: Assembly): Topic[] {
  return ofType(resources, 'AWS::SNS::Topic').map(({ attributes, properties, logicalId }) => {
    if (properties.FifoTopic) throw new Error(`${logicalId}: FIFO topics are not supported locally`);
    return { name: attributes.TopicName!, arn: attributes.Ref };
  });
}

export function readSubscriptions(
  { resources }: Assembly,
  queues: readonly Queue[],
  place: Place,
): DeclaredSubscription[] {
  const ofTopics = ofType(resources, 'AWS::SNS::Topic').flatMap(({ attributes, properties }) =>
    ((properties.Subscription as Properties[] | undefined) ?? []).map((one) => ({
      ...one,
      TopicArn: attributes.Ref,
    })),
  );
  const alone = ofType(resources, 'AWS::SNS::Subscription').map(({ properties }) => properties);
  return [...ofTopics, ...alone].map((one) => readSubscription(one, resources, queues, place));
}

function readSubscription(
  properties: Properties,
  resources: readonly Resource[],
  queues: readonly Queue[],
  place: Place,
): DeclaredSubscription {
  const { Protocol, Endpoint, RawMessageDelivery, FilterPolicy } = properties;
  const topicArn = String(properties.TopicArn);
  const endpoint = String(Endpoint);
  if (FilterPolicy) throw new Error(`${topicArn}: filter policies are not supported locally`);
  if (Protocol === 'email' || Protocol === 'sms') return { topicArn, protocol: Protocol, endpoint };
  if (Protocol !== 'sqs')
    throw new Error(`${topicArn}: the subscription protocol ${Protocol} is not supported locally`);
  const queue = byArn(queues, endpoint);
  checkQueueLetsIn(resources, queue, 'sns.amazonaws.com', topicArn, place);
  const raw = RawMessageDelivery === true || RawMessageDelivery === 'true';
  return { topicArn, protocol: 'sqs', endpoint, queue, raw };
}

/** Functions that are handed what is written into a log group. */
export function readSubscriptionFilters({ resources }: Assembly, place: Place): SubscriptionFilter[] {
  return ofType(resources, 'AWS::Logs::SubscriptionFilter').map(({ attributes, logicalId, properties }) => {
    if (properties.FilterPattern !== '')
      throw new Error(`${logicalId}: a filter pattern other than '' is not supported locally`);
    const logGroup = String(properties.LogGroupName);
    const functionArn = String(properties.DestinationArn);
    const logGroupArn = `arn:aws:logs:${place.region}:${place.account}:log-group:${logGroup}:*`;
    checkPermission(resources, functionArn, 'logs.amazonaws.com', logGroupArn);
    return { name: attributes.Ref, logGroup, functionArn };
  });
}
