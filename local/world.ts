/** A world: what the template says, standing in this process, in the time that its clock tells. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type Alarm, type AlarmChange, openAlarms } from './aws/alarms.ts';
import { UnsupportedError } from './aws/call.ts';
import { cloudwatch } from './aws/cloudwatch.ts';
import { dynamodb } from './aws/dynamodb.ts';
import { type BusEvent, openEventBus, type Rule } from './aws/event-bus.ts';
import { connectEventSource } from './aws/event-source.ts';
import { openGate, type SdkCall } from './aws/gate.ts';
import { type HttpAnswered, openHttpApi, type PublicRequest } from './aws/http-api.ts';
import { lambda } from './aws/lambda.ts';
import { openLogs } from './aws/logs.ts';
import { readRoles } from './aws/policies.ts';
import type { Queue } from './aws/queue.ts';
import { openSmsAccount, type SmsState } from './aws/sms-account.ts';
import { sns } from './aws/sns.ts';
import { sqs } from './aws/sqs.ts';
import { ssm } from './aws/ssm.ts';
import { sts } from './aws/sts.ts';
import { type KeptSubscription, openSubscriptions } from './aws/subscriptions.ts';
import { type DeliveredMessage, openTopics, type Publication } from './aws/topics.ts';
import type { Task } from './clock.ts';
import { deployer } from './deploy.ts';
import type { ExternalRequest } from './functions/external.ts';
import { type Invocation, type InvocationRecord, openFunctions } from './functions/functions.ts';
import { type HttpRequest, type HttpResponse, httpModule } from './functions/http.ts';
import type { FunctionSettings, LogLine } from './functions/instance.ts';
import { uuidOf } from './functions/sandbox.ts';
import { forgotten } from './kept-state.ts';
import { record } from './records.ts';
import { runSchedules } from './run-schedules.ts';
import { readAssembly } from './template.ts';
import type { Place } from './template-attributes.ts';
import * as wire from './wire.ts';
import { readAlarms } from './wire-alarms.ts';
import { readRoutes } from './wire-http.ts';
import { readSchedules } from './wire-schedules.ts';
import { readSubscriptionFilters, readSubscriptions, readTopics } from './wire-topics.ts';
import type { WorldOptions } from './world-options.ts';

export type World = Awaited<ReturnType<typeof createWorld>>;

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

/** @throws Error naming what the template has and the local world does not know */
export async function createWorld(options: WorldOptions) {
  const { clock, keepRecords = true, keep = forgotten } = options;
  const place: Place = {
    account: ACCOUNT,
    region: REGION,
    endpoint: options.endpoint ?? 'http://aws.local',
    publicUrl: options.publicUrl ?? 'http://tocsin.local',
  };
  const assembly = readAssembly(options.assembly, place, options.edit);
  const calls = record<SdkCall>(keepRecords);
  const messages = record<DeliveredMessage>(keepRecords);
  const lines = record<LogLine>(keepRecords);
  const external = record<ExternalRequest>(keepRecords);
  const invocations = record<InvocationRecord>(false);
  const answered = record<HttpAnswered>(false);

  const tables = await options.openTables(wire.readTables(assembly));
  const { disturb = {} } = options;
  const queues = wire.readQueues(assembly, clock, options.journalOf, disturb.message);
  const settings = wire.readFunctions(assembly);
  const roles = new Map(readRoles(assembly.resources));
  const sms = openSmsAccount(ACCOUNT, keep<SmsState>('sms'));
  const subscriptions = openSubscriptions({
    randomBytes: options.randomBytes ?? randomBytes,
    clock,
    ...place,
    declared: readSubscriptions(assembly, queues, place),
    kept: keep<KeptSubscription[]>('subscriptions'),
    ask: ({ endpoint, topicArn }, email) => {
      const topic = topicArn.split(':').at(-1)!;
      messages.add({ at: clock.nowMs(), channel: 'email', to: endpoint, topic, ...email, delivered: true });
    },
  });
  const logs = openLogs(clock, ACCOUNT, readSubscriptionFilters(assembly, place), (arn, event) =>
    invokeLater(arn, event),
  );
  const standingTopics = readTopics(assembly);
  const topics = openTopics({
    clock,
    place,
    topics: standingTopics,
    subscriptions,
    sms,
    logs,
    deliver: messages.add,
    newId: () => (options.randomBytes ? uuidOf(options.randomBytes) : randomUUID()),
    lose: disturb.delivery,
  });

  const rules: Rule[] = [];
  const putEvent = openEventBus(rules, () => ({
    id: randomUUID(),
    time: new Date(clock.nowMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
    account: place.account,
    region: place.region,
  }));
  const alarms = openAlarms(clock, place, keep<Alarm[]>('alarms'), putEvent);

  const gate = openGate({
    clock,
    roles,
    inject: options.inject,
    onCall: calls.add,
    onPerform: options.onPerform,
    services: {
      dynamodb: dynamodb(tables, clock, (name) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`),
      sqs: sqs(queues),
      sns: sns({ topics, subscriptions, sms }),
      cloudwatch: cloudwatch({ alarms, nowMs: clock.nowMs, smsSpentUsd: () => sms.state.spentUsd }),
      lambda: lambda(() => functions),
      sts: sts(ACCOUNT),
      ssm: ssm((name) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name}`),
    },
  });
  const functions = openFunctions(settings, {
    clock,
    region: place.region,
    endpoint: place.endpoint,
    random: options.random ?? Math.random,
    randomBytes: options.randomBytes,
    startInstance: options.startInstance,
    onLog: lines.add,
    external: options.external,
    onExternal: external.add,
    onInvocation: invocations.add,
    httpFor: (instance) => httpModule((request) => gate(request, instance).catch(stopWorld), clock),
  });
  /** What the world cannot do must not look to a function like trouble that passes. */
  function stopWorld(error: unknown): never | Promise<never> {
    if (!(error instanceof UnsupportedError)) throw error;
    clock.track(Promise.reject(error));
    return new Promise<never>(() => undefined);
  }

  const invokeLater = (functionArn: string, event: unknown) => {
    const name = settings.find(({ arn }) => arn === functionArn)?.name;
    if (!name) throw new Error(`the template has no function ${functionArn}`);
    functions.invokeLater(name, event);
  };
  rules.push(...wire.readRules(assembly, { queues, invokeLater }, place));
  for (const source of wire.readEventSources(assembly, queues, settings, roles, place)) {
    connectEventSource(clock, source, functions.invoke);
  }
  runSchedules(readSchedules(assembly, roles), {
    clock,
    place,
    queues,
    invokeLater,
    isIdle: options.isIdle,
    disturb: disturb.schedule,
  });
  const deploy = deployer({ clock, place, roles, topics: standingTopics, queues, subscriptions, functions });

  return {
    place,
    nowMs: clock.nowMs,
    /** Does something at a moment, as from outside: before whatever is due then. */
    at: (atMs: number, task: Task) => clock.at(atMs, 'arrival', task),
    putAlarmState: (change: AlarmChange): void => alarms.put(change),
    deleteAlarm: (alarmName: string): void => alarms.delete(alarmName),
    putEvent: (event: BusEvent): void => putEvent(event),
    /** Publishes as from outside, to a topic by its name or ARN. */
    publish(nameOrArn: string, publication: Publication): string {
      const arn = nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:sns:${REGION}:${ACCOUNT}:${nameOrArn}`;
      const topic = topics.find(arn);
      if (!topic) throw new Error(`the template has no topic ${arn}`);
      return topics.publish(topic, publication);
    },
    /** From now on what goes to that number or email is lost, and not even a delivery report says so. */
    dropMessagesTo: topics.drop,
    deliverMessagesTo: topics.undrop,
    subscriptions,
    sms,
    /** What an audit can see of the ways to people, as one text that differs when something does. */
    accountFingerprint: (): string => `${subscriptions.fingerprint()} ${JSON.stringify(sms.state)}`,
    /** A request to the HTTP API. */
    request: openHttpApi(readRoutes(assembly, settings), clock, place, functions.invoke, answered.add) as (
      request: PublicRequest,
    ) => Promise<HttpResponse>,
    /**
     * Replaces what runs by what another assembly of the same stacks says, as `cdk deploy` does: functions, roles,
     * topics. Queues, rules, schedules and the table stay as they are.
     * @param untilMs  until then each invocation runs the old code or the new
     */
    deploy: (directory: string, untilMs: number): void =>
      deploy(readAssembly(directory, place, options.edit), untilMs),
    invoke: (functionName: string, payload: unknown): Promise<Invocation> =>
      functions.invoke(functionName, payload),
    /** A call that came through the endpoint: of a function, by its access key, or of somebody who may do everything. */
    callAws(request: HttpRequest): Promise<HttpResponse> {
      const instance = functions.byAccessKey(accessKeyOf(request));
      return gate(request, instance).catch(instance ? stopWorld : notImplemented);
    },
    functions: settings as readonly FunctionSettings[],
    queue(name: string): Queue {
      const queue = queues.find((one) => one.name === name);
      if (!queue) throw new Error(`the template has no queue ${name}`);
      return queue;
    },
    /** Whether any queue has given a message up. */
    hasDeadLetters: (): boolean =>
      queues.some(({ name, messages }) => name.endsWith('-dead-letters') && messages().length > 0),
    messages: messages.all,
    onMessage: messages.listen,
    calls: calls.all,
    onCall: calls.listen,
    onInvocation: invocations.listen,
    onHttpAnswer: answered.listen,
    queues: queues as readonly Queue[],
    /** The template's own alarms: see own-alarms.ts. */
    ownAlarms: readAlarms(assembly),
    /** What functions asked for outside of AWS. */
    external: external.all,
    logs: lines.all,
    onLog: lines.listen,
  };
}

function notImplemented(error: unknown): HttpResponse {
  if (!(error instanceof UnsupportedError)) throw error;
  return { status: 501, headers: { 'content-type': 'text/plain' }, body: `${error.message}\n` };
}

/** `Credential=KEY/20260105/eu-west-1/sqs/aws4_request` */
function accessKeyOf({ headers }: HttpRequest): string {
  return /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}
