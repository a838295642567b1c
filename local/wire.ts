/** Reads from the template's resources what there is, and what is connected to what. */
import type { Rule } from './aws/event-bus.ts';
import type { EventSource } from './aws/event-source.ts';
import type { Role } from './aws/policies.ts';
import { type DisturbMessage, type Journal, openQueue, type Queue } from './aws/queue.ts';
import type { Clock } from './clock.ts';
import type { TemplateTable } from './dynamodb/dynalite-table.ts';
import type { FunctionSettings } from './functions/instance.ts';
import { type Assembly, asList, ofType, type Properties } from './template.ts';
import type { Place } from './template-attributes.ts';
import { checkKnown, checkPermission, checkQueueLetsIn } from './wire-checks.ts';

type Target = { Arn: string };

const RECEIVER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Lambda's own default where the template sets none: as many as a new account has. */
const CONCURRENCY_MOST = 10;

export function readTables({ resources }: Assembly): TemplateTable[] {
  return ofType(resources, 'AWS::DynamoDB::Table').map(({ attributes, properties }) => ({
    name: attributes.Ref,
    properties,
  }));
}

export function readQueues(
  { resources }: Assembly,
  clock: Clock,
  journalOf?: (queueName: string) => Journal,
  disturb?: DisturbMessage,
): Queue[] {
  const made = ofType(resources, 'AWS::SQS::Queue').map(({ attributes, properties, logicalId }) => {
    if (properties.FifoQueue) throw new Error(`${logicalId}: FIFO queues are not supported locally`);
    const queue = openQueue(clock, {
      name: attributes.QueueName!,
      url: attributes.Ref,
      arn: attributes.Arn!,
      visibilityMs: Number(properties.VisibilityTimeout ?? 30) * 1000,
      delayMs: Number(properties.DelaySeconds ?? 0) * 1000,
      journal: journalOf?.(attributes.QueueName!),
      disturb,
    });
    return { queue, redrive: properties.RedrivePolicy as Properties | undefined };
  });
  const queues = made.map(({ queue }) => queue);
  for (const { queue, redrive } of made) {
    if (redrive)
      queue.redriveTo(byArn(queues, String(redrive.deadLetterTargetArn)), Number(redrive.maxReceiveCount));
  }
  return queues;
}

export function readFunctions(assembly: Assembly): FunctionSettings[] {
  return ofType(assembly.resources, 'AWS::Lambda::Function').map(({ attributes, properties }) => ({
    name: attributes.Ref,
    arn: attributes.Arn!,
    roleArn: String(properties.Role),
    directory: assembly.assetDirectory(String((properties.Code as Properties).S3Key)),
    env: ((properties.Environment as Properties | undefined)?.Variables ?? {}) as Record<string, string>,
    timeoutMs: Number(properties.Timeout ?? 3) * 1000,
    memoryMb: Number(properties.MemorySize ?? 128),
  }));
}

export function readEventSources(
  { resources }: Assembly,
  queues: readonly Queue[],
  functions: readonly FunctionSettings[],
  roles: ReadonlyMap<string, Role>,
  place: Place,
): EventSource[] {
  return ofType(resources, 'AWS::Lambda::EventSourceMapping').map(({ logicalId, properties }) => {
    if (properties.FilterCriteria) throw new Error(`${logicalId}: filters are not supported locally`);
    const queue = byArn(queues, String(properties.EventSourceArn));
    const fn = byName(functions, String(properties.FunctionName));
    const role = roles.get(fn.roleArn);
    for (const action of RECEIVER_ACTIONS) {
      if (!role?.allows(action, queue.arn))
        throw new Error(`${logicalId}: ${fn.name} lacks ${action} on ${queue.arn}`);
    }
    const scaling = properties.ScalingConfig as Properties | undefined;
    return {
      queue,
      functionName: fn.name,
      batchSize: Number(properties.BatchSize ?? 10),
      maximumConcurrency: Number(scaling?.MaximumConcurrency ?? CONCURRENCY_MOST),
      reportsFailures: asList(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'),
      region: place.region,
    };
  });
}

/** What a rule can reach: a queue, or a function. */
type Reach = { queues: readonly Queue[]; invokeLater: (functionArn: string, event: unknown) => void };

export function readRules({ resources }: Assembly, reach: Reach, place: Place): Rule[] {
  return ofType(resources, 'AWS::Events::Rule')
    .filter(({ properties }) => properties.EventPattern && properties.State !== 'DISABLED')
    .map(({ attributes, properties }) => ({
      name: attributes.Ref,
      pattern: properties.EventPattern as Record<string, unknown>,
      targets: ((properties.Targets ?? []) as Properties[]).map((target) => {
        checkKnown(target, ['Arn', 'Id', 'DeadLetterConfig', 'RetryPolicy'], attributes.Ref);
        const { Arn } = target as Target;
        if (isFunction(Arn)) {
          checkPermission(resources, Arn, 'events.amazonaws.com', attributes.Arn!);
          return (event: unknown) => reach.invokeLater(Arn, event);
        }
        const queue = byArn(reach.queues, Arn);
        checkQueueLetsIn(resources, queue, 'events.amazonaws.com', attributes.Arn!, place);
        return (event: unknown) => void queue.send(JSON.stringify(event));
      }),
    }));
}

export function isFunction(arn: string): boolean {
  return arn.startsWith('arn:aws:lambda:');
}

export function byArn(queues: readonly Queue[], arn: string): Queue {
  const queue = queues.find((one) => one.arn === arn);
  if (!queue) throw new Error(`the template has no queue ${arn}`);
  return queue;
}

function byName(functions: readonly FunctionSettings[], nameOrArn: string): FunctionSettings {
  const fn = functions.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
  if (!fn) throw new Error(`the template has no function ${nameOrArn}`);
  return fn;
}
