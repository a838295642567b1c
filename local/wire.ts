/** Reads from the template's resources what there is, and what is connected to what. */
import type { BusEvent, Rule } from './aws/event-bus.ts';
import type { EventSource } from './aws/event-source.ts';
import type { Route } from './aws/http-api.ts';
import type { Role } from './aws/policies.ts';
import { type Journal, openQueue, type Queue } from './aws/queue.ts';
import { type Next, parseSchedule } from './aws/schedule-expression.ts';
import type { Subscription, Topic } from './aws/topics.ts';
import type { Clock } from './clock.ts';
import type { TemplateTable } from './dynamodb/dynalite-table.ts';
import type { FunctionSettings } from './functions/functions.ts';
import { type Assembly, asList, ofType, type Properties, type Resource } from './template.ts';
import type { Place } from './template-attributes.ts';
import { checkKnown, checkPermission, checkQueueLetsIn } from './wire-checks.ts';

export type Schedule = { name: string; next: Next; targetArn: string; input: string | undefined };

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

export function readTopics({ resources }: Assembly, queues: readonly Queue[], place: Place): Topic[] {
  const subscriptions = ofType(resources, 'AWS::SNS::Subscription');
  return ofType(resources, 'AWS::SNS::Topic').map(({ attributes, properties, logicalId }) => {
    if (properties.FifoTopic) throw new Error(`${logicalId}: FIFO topics are not supported locally`);
    return {
      name: attributes.TopicName!,
      arn: attributes.Ref,
      subscriptions: [
        ...((properties.Subscription as Properties[] | undefined) ?? []),
        ...subscriptions
          .filter((one) => one.properties.TopicArn === attributes.Ref)
          .map((one) => one.properties),
      ].map((one) => readSubscription(one, attributes.Ref, resources, queues, place)),
    };
  });
}

function readSubscription(
  properties: Properties,
  topicArn: string,
  resources: readonly Resource[],
  queues: readonly Queue[],
  place: Place,
): Subscription {
  const { Protocol, Endpoint, RawMessageDelivery, FilterPolicy } = properties;
  if (FilterPolicy) throw new Error(`${topicArn}: filter policies are not supported locally`);
  if (Protocol === 'email' || Protocol === 'sms') return { protocol: Protocol, endpoint: String(Endpoint) };
  if (Protocol !== 'sqs')
    throw new Error(`${topicArn}: the subscription protocol ${Protocol} is not supported locally`);
  const queue = byArn(queues, String(Endpoint));
  checkQueueLetsIn(resources, queue, 'sns.amazonaws.com', topicArn, place);
  return { protocol: 'sqs', queue, raw: RawMessageDelivery === true || RawMessageDelivery === 'true' };
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

export function readSchedules({ resources }: Assembly, roles: ReadonlyMap<string, Role>): Schedule[] {
  return ofType(resources, 'AWS::Scheduler::Schedule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(({ attributes, properties, logicalId }) => {
      const target = properties.Target as Properties;
      checkKnown(target, ['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig'], logicalId);
      const zone = properties.ScheduleExpressionTimezone ?? 'UTC';
      const { Mode } = properties.FlexibleTimeWindow as Properties;
      if (zone !== 'UTC' || Mode !== 'OFF') {
        throw new Error(
          `${logicalId}: schedules run in UTC and without a flexible window in the local world`,
        );
      }
      const targetArn = String(target.Arn);
      const action = isFunction(targetArn) ? 'lambda:InvokeFunction' : 'sqs:SendMessage';
      if (!roles.get(String(target.RoleArn))?.allows(action, targetArn)) {
        throw new Error(`${logicalId}: its role ${target.RoleArn} lacks ${action} on ${targetArn}`);
      }
      return {
        name: attributes.Ref,
        next: parseSchedule(String(properties.ScheduleExpression)),
        targetArn,
        input: target.Input === undefined ? undefined : String(target.Input),
      };
    });
}

/** Default event of a schedule without an Input. Source: EventBridge Scheduler guide, templated targets */
export function scheduledEvent({ name, input }: Schedule, atMs: number, place: Place): unknown {
  if (input === undefined) {
    const event: BusEvent = { source: 'aws.scheduler', 'detail-type': 'Scheduled Event', detail: '{}' };
    return {
      version: '0',
      ...event,
      account: place.account,
      region: place.region,
      time: iso(atMs),
      resources: [name],
    };
  }
  const text = input.replaceAll('<aws.scheduler.scheduled-time>', iso(atMs));
  return JSON.parse(text.replaceAll('<aws.scheduler.execution-id>', `local-${atMs}`));
}

export function readRoutes({ resources }: Assembly, functions: readonly FunctionSettings[]): Route[] {
  for (const { attributes, logicalId } of ofType(resources, 'AWS::ApiGatewayV2::Stage')) {
    if (attributes.Ref !== '$default')
      throw new Error(`${logicalId}: only the stage $default is supported locally`);
  }
  const integrations = new Map(
    ofType(resources, 'AWS::ApiGatewayV2::Integration').map((one) => [one.attributes.Ref, one.properties]),
  );
  return ofType(resources, 'AWS::ApiGatewayV2::Route').map(({ properties, logicalId }) => {
    const authorization = properties.AuthorizationType ?? 'NONE';
    if (authorization !== 'NONE')
      throw new Error(`${logicalId}: ${authorization} authorization is not supported locally`);
    const integration = integrations.get(String(properties.Target).replace('integrations/', ''));
    if (integration?.IntegrationType !== 'AWS_PROXY' || integration.PayloadFormatVersion !== '2.0') {
      throw new Error(`${logicalId}: its integration is not AWS_PROXY in payload format 2.0`);
    }
    const arn = /arn:aws:lambda:[^/]*/.exec(String(integration.IntegrationUri))?.[0];
    const fn = functions.find((one) => one.arn === arn);
    if (!fn) throw new Error(`${logicalId}: its integration names no function of the template`);
    checkPermission(resources, fn.arn, 'apigateway.amazonaws.com');
    return { key: String(properties.RouteKey), functionName: fn.name };
  });
}

function isFunction(arn: string): boolean {
  return arn.startsWith('arn:aws:lambda:');
}

function byArn(queues: readonly Queue[], arn: string): Queue {
  const queue = queues.find((one) => one.arn === arn);
  if (!queue) throw new Error(`the template has no queue ${arn}`);
  return queue;
}

function byName(functions: readonly FunctionSettings[], nameOrArn: string): FunctionSettings {
  const fn = functions.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
  if (!fn) throw new Error(`the template has no function ${nameOrArn}`);
  return fn;
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
