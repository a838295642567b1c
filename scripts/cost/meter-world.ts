/** A virtual world whose calls take as long as AWS's, and in which everything that a bill counts is counted. */

import { SMS_SEPTETS, septetsOf } from '../../functions/paging/gsm7.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { SECOND_TICK_LOOKAHEAD_MS } from '../../functions/tick/contract.ts';
import type { SdkCall } from '../../local/aws/gate.ts';
import type { PublicRequest } from '../../local/aws/http-api.ts';
import { type MemoryTable, memoryTable } from '../../local/dynamodb/memory-table.ts';
import type { HttpResponse } from '../../local/functions/http.ts';
import type { LogLine } from '../../local/functions/instance.ts';
import { ofType, type Resource, readAssembly } from '../../local/template.ts';
import { createVirtualWorld, type VirtualWorld } from '../../local/virtual-world.ts';
import { assumptions } from './data.ts';
import { lambdaUsage, type Work } from './lambda-usage.ts';
import { meterTable } from './meter-table.ts';
import { Usage } from './usage.ts';

export type MeteredWorld = Awaited<ReturnType<typeof openMeteredWorld>>;

/** What nobody's function did: messages of SNS, requests to the HTTP API, what AWS puts into queues. */
export const NOBODY = '';

/** Of a text that takes more than one message. Source: 3GPP TS 23.040, 9.2.3.24.1: seven septets go to its header */
const PART_SEPTETS = SMS_SEPTETS - 7;
const SQS_REQUEST_BYTES = 64 * 1024;
const GB = 1e9;

const FREE_CALLS: ReadonlySet<string> = new Set(['lambda', 'sts', 'ssm']);

/** As far as the template's texts go, an address makes no difference. */
export const PLACE = {
  account: '123456789012',
  region: 'us-east-1',
  endpoint: 'http://aws',
  publicUrl: 'http://http',
};
/** As long as those of API Gateway: links stand in text messages. */
const PUBLIC_URL = 'https://abcdefghij.execute-api.us-east-1.amazonaws.com';

export async function openMeteredWorld(options: { assembly: string; startMs: number; everyTick?: boolean }) {
  const { resources } = readAssembly(options.assembly, PLACE);
  const usages = new Map<string, Usage>();
  const works = new Map<string, Work>();
  const metrics = new Map<string, Set<number>>();
  const sqsBatches = { sends: 0, bySdk: 0 };
  let performing: SdkCall | undefined;

  const usageOf = (name: string): Usage => {
    const usage = usages.get(name) ?? new Usage();
    usages.set(name, usage);
    return usage;
  };
  const workOf = (name: string, requestId: string, at: number): Work => {
    const work = works.get(requestId) ?? { function: name, startMs: at, endMs: at, calls: 0 };
    works.set(requestId, work);
    return work;
  };

  const world: VirtualWorld = await createVirtualWorld({
    ...options,
    publicUrl: PUBLIC_URL,
    keepRecords: false,
    tables: tablesThatSeemDue(),
    engine: (tables) =>
      meterTable(tables, resources, ({ kind, units, cause }) =>
        usageOf(performing?.function ?? NOBODY).add(
          kind === 'write' ? 'dynamodb-write' : 'dynamodb-read',
          cause,
          units,
        ),
      ),
    inject: ({ service }) => ({ kind: 'delay', ms: latencyMs(service) }),
    onPerform: (call) => {
      performing = call;
    },
    disturb: {
      message: () => {
        sqsBatches.sends += 1;
        return undefined;
      },
    },
  });

  world.onCall((call) => {
    const { function: name, requestId, at, service, action, input } = call;
    if (!name || !requestId) throw new OpsError('bug', `nobody's ${service} ${action} is counted`);
    const work = workOf(name, requestId, at);
    work.calls += 1;
    work.endMs = Math.max(work.endMs, at + latencyMs(service));
    const usage = usageOf(name);
    if (service === 'sns') usage.add('sns-request', `${name}: ${action}`, 1);
    else if (service === 'cloudwatch') usage.add('cloudwatch-request', `${name}: ${action}`, 1);
    else if (service === 'sqs') {
      const entries = (input.Entries as { MessageBody?: string }[] | undefined) ?? [input];
      const bytes = entries.reduce(
        (sum, { MessageBody = '' }) => sum + Buffer.byteLength(MessageBody as string),
        0,
      );
      usage.add('sqs-request', `${name}: ${action}`, Math.max(1, Math.ceil(bytes / SQS_REQUEST_BYTES)));
      if (action.startsWith('Send')) sqsBatches.bySdk += entries.length;
    } else if (service !== 'dynamodb' && !FREE_CALLS.has(service))
      throw new OpsError('bug', `count what ${service} ${action} costs in meter-world.ts`);
  });
  world.onLog((line) => {
    if (line.requestId) workOf(line.function, line.requestId, line.at);
    usageOf(line.function).add('log-gb', line.function, logBytes(line.line) / GB);
    noteMetrics(line, metrics);
    if (isFailure(line)) throw new OpsError('bug', `a function failed in the simulated month: ${line.line}`);
  });
  world.onMessage(({ channel, body, delivered }) => {
    if (!delivered) throw new OpsError('bug', `a message was dropped in the simulated month: ${body}`);
    if (channel === 'email') usageOf(NOBODY).add('email', 'pages and notices', 1);
    else usageOf(NOBODY).add('sms-part', 'pages and reminders', smsParts(body));
  });
  for (const { queue, functionName } of readConsumers(resources))
    tapQueue(world, queue, functionName, usageOf);

  return {
    ...world,
    resources,
    /** a request to the HTTP API, as a person's browser makes it */
    async request(request: PublicRequest): Promise<HttpResponse> {
      const answer = await world.request(request);
      if (answer.status >= 400 && answer.status !== 410 && answer.status !== 409)
        throw new OpsError('bug', `${request.method} ${request.path} was answered with ${answer.status}`);
      const usage = usageOf(NOBODY);
      usage.add('http-request', 'answer pages', 1);
      usage.add('data-out', 'answer pages', Buffer.byteLength(answer.body) / GB);
      usage.add(
        'log-gb',
        'access log',
        (assumptions.logs.accessLogBytes + assumptions.logs.bytesPerEvent) / GB,
      );
      return answer;
    },
    /** What each function used since the world began, and nobody. */
    readUsage(): ReadonlyMap<string, Usage> {
      const all = new Map([...usages].map(([name, usage]) => [name, copyOf(usage)]));
      const memory = new Map(world.functions.map(({ name, memoryMb }) => [name, memoryMb]));
      for (const [name, usage] of lambdaUsage([...works.values()], memory, scheduledFunctions(resources))) {
        const whole = all.get(name) ?? new Usage();
        whole.addAll(usage);
        all.set(name, whole);
      }
      const nobody = all.get(NOBODY) ?? new Usage();
      nobody.add('sqs-request', 'put there by EventBridge and SNS', sqsBatches.sends - sqsBatches.bySdk);
      all.set(NOBODY, nobody);
      return all;
    },
    /** How often each function was called. */
    countCalls(): ReadonlyMap<string, number> {
      const counts = new Map<string, number>();
      for (const { function: name } of works.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
      return counts;
    },
    /** In how many different hours each metric of its own was written. */
    readMetricHours: (): ReadonlyMap<string, number> =>
      new Map([...metrics].map(([name, hours]) => [name, hours.size])),
  };
}

/**
 * The world leaves out a tick when the next one is early enough for what is due. It would have handed that over all the
 * same, which costs: so all that a tick looks ahead to seems to be due by then.
 */
function tablesThatSeemDue(): MemoryTable {
  const tables = memoryTable();
  return {
    ...tables,
    earliest(tableName, indexName) {
      const earliestMs = tables.earliest(tableName, indexName);
      return earliestMs === undefined ? undefined : earliestMs - SECOND_TICK_LOOKAHEAD_MS;
    },
  };
}

function latencyMs(service: string): number {
  const { latencyMs: known } = assumptions;
  return known[service as 'dynamodb'] ?? known.other;
}

function logBytes(line: string): number {
  return Buffer.byteLength(line) + assumptions.logs.bytesPerEvent;
}

/** A text within the GSM alphabet, as Tocsin's all are, or one of UCS-2. */
export function smsParts(body: string): number {
  const septets = septetsOf(body);
  if (Number.isNaN(septets)) return body.length <= 70 ? 1 : Math.ceil(body.length / 67);
  return septets <= SMS_SEPTETS ? 1 : Math.ceil(septets / PART_SEPTETS);
}

/** Without faults there is nothing to warn of. */
function isFailure({ line }: LogLine): boolean {
  return line.startsWith('ERROR ') || /"level":"(WARN|ERROR|CRITICAL)"/.test(line);
}

/** Source: CloudWatch guide, embedded metric format */
function noteMetrics({ line, at }: LogLine, metrics: Map<string, Set<number>>): void {
  if (!line.includes('"_aws"')) return;
  const said = JSON.parse(line) as Record<string, unknown> & {
    _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  };
  for (const { Namespace, Dimensions, Metrics } of said._aws.CloudWatchMetrics)
    for (const { Name } of Metrics)
      for (const dimensions of Dimensions) {
        const name = [Namespace, Name, ...dimensions.map((one) => `${one}=${String(said[one])}`)].join(' ');
        metrics.set(name, (metrics.get(name) ?? new Set()).add(Math.floor(at / 3_600_000)));
      }
}

function readConsumers(resources: readonly Resource[]): { queue: string; functionName: string }[] {
  return ofType(resources, 'AWS::Lambda::EventSourceMapping').map(({ properties }) => ({
    queue: String(properties.EventSourceArn).split(':').at(-1)!,
    functionName: String(properties.FunctionName).split(':').at(-1)!,
  }));
}

/**
 * Each batch is a receive that was not empty and one delete. A row that is due within two seconds is waited for, and
 * Lambda bills waiting. Source: functions/tick/take-due.ts
 */
function tapQueue(
  world: VirtualWorld,
  name: string,
  functionName: string,
  usageOf: (name: string) => Usage,
): void {
  const queue = world.queue(name);
  const { receive } = queue;
  const memoryGb = world.functions.find((one) => one.name === functionName)!.memoryMb / 1024;
  queue.receive = (...options) => {
    const batch = receive(...options);
    if (batch.length === 0) return batch;
    const usage = usageOf(functionName);
    usage.add('sqs-request', `${name}: received and deleted`, 2);
    const waits = batch
      .map(({ body }) => (JSON.parse(body) as { dueAt?: number }).dueAt ?? 0)
      .map((dueAt) => dueAt - world.nowMs())
      .filter((ms) => ms > 0 && ms <= 2_000);
    if (waits.length > 0)
      usage.add(
        'lambda-gb-s',
        `${functionName}, waiting for the second`,
        (Math.max(...waits) / 1000) * memoryGb,
      );
    return batch;
  };
}

/** Functions that a schedule calls: they are called so often that they stay warm. */
export function scheduledFunctions(resources: readonly Resource[]): ReadonlySet<string> {
  const targets = [
    ...ofType(resources, 'AWS::Scheduler::Schedule').map(
      ({ properties }) => properties.Target as { Arn: string },
    ),
    ...ofType(resources, 'AWS::Events::Rule')
      .filter(({ properties }) => properties.ScheduleExpression)
      .flatMap(({ properties }) => properties.Targets as { Arn: string }[]),
  ];
  return new Set(targets.map(({ Arn }) => Arn.split(':').at(-1)!));
}

function copyOf(usage: Usage): Usage {
  const copy = new Usage();
  copy.addAll(usage);
  return copy;
}
