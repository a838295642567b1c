/** What AWS would refuse, and the local world with it: a sender without a permission, a target with an unknown part. */
import { letsIn } from './aws/policies.ts';
import type { Queue } from './aws/queue.ts';
import { asList, ofType, type Properties, type Resource } from './template.ts';
import type { Place } from './template-attributes.ts';

export function checkQueueLetsIn(
  resources: readonly Resource[],
  queue: Queue,
  service: string,
  source: string,
  place: Place,
): void {
  const documents = ofType(resources, 'AWS::SQS::QueuePolicy')
    .filter(({ properties }) => asList(properties.Queues).includes(queue.url))
    .map(({ properties }) => properties.PolicyDocument!);
  const request = { service, action: 'sqs:SendMessage', resource: queue.arn, source, account: place.account };
  if (!letsIn(documents, request))
    throw new Error(`the policy of ${queue.name} does not let ${source} send to it`);
}

export function checkPermission(
  resources: readonly Resource[],
  functionArn: string,
  principal: string,
  source?: string,
): void {
  const name = functionArn.split(':').at(-1);
  const permitted = ofType(resources, 'AWS::Lambda::Permission').some(
    ({ properties }) =>
      [functionArn, name].includes(String(properties.FunctionName)) &&
      properties.Principal === principal &&
      (source === undefined || properties.SourceArn === undefined || properties.SourceArn === source),
  );
  if (!permitted) throw new Error(`no AWS::Lambda::Permission lets ${principal} invoke ${functionArn}`);
}

export function checkKnown(properties: Properties, known: readonly string[], owner: string): void {
  const unknown = Object.keys(properties).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`${owner}: the target's ${unknown.join(', ')} is not supported locally`);
}
