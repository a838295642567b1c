/** The template's own CloudWatch alarms, evaluated: who asks for it sees their messages at the subscribers of their topics. */
import { type Metrics, openMetrics } from './aws/metrics.ts';
import type { Queue } from './aws/queue.ts';
import type { TemplateAlarm } from './wire-alarms.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;

/** A minute is looked at when what belongs to it has been reported. */
const AFTER_MS = 30_000;

/** SQS leaves out of the age what was received so often and put back. Source: SQS guide, ApproximateAgeOfOldestMessage */
const RECEIVES_COUNTED = 3;

/** Every run of every schedule has to be made: what is left out reports nothing, and that is what the alarms are about. */
export function evaluateOwnAlarms(world: World): void {
  const startMs = Math.ceil(world.nowMs() / MINUTE_MS) * MINUTE_MS;
  const metrics = openMetrics();
  world.onLog(({ line, at }) => metrics.putLine(line, at));
  world.onInvocation(({ at, function: name, failed }) => {
    const of = { namespace: 'AWS/Lambda', dimensions: { FunctionName: name } };
    metrics.put({ ...of, name: 'Invocations' }, at, 1);
    metrics.put({ ...of, name: 'Errors' }, at, failed ? 1 : 0);
  });
  world.onHttpAnswer(({ at, apiId, status }) => {
    const of = { namespace: 'AWS/ApiGateway', dimensions: { ApiId: apiId } };
    metrics.put({ ...of, name: '5xx' }, at, status >= 500 ? 1 : 0);
  });
  const queues = world.queues.map((queue) => watchQueue(queue, metrics));
  const on = new Set<string>();

  const evaluate = (minuteEndMs: number): void => {
    for (const measure of queues) measure(minuteEndMs - MINUTE_MS);
    for (const alarm of world.ownAlarms) {
      const isDue = minuteEndMs % alarm.periodMs === 0;
      const fromMs = minuteEndMs - alarm.periods * alarm.periodMs;
      const isOn = isDue && fromMs >= startMs ? isAlarmed(alarm, metrics, fromMs) : undefined;
      if (isOn === undefined || isOn === on.has(alarm.name)) continue;
      if (isOn) on.add(alarm.name);
      else on.delete(alarm.name);
      tell(world, alarm, isOn);
    }
    world.at(minuteEndMs + MINUTE_MS + AFTER_MS, () => evaluate(minuteEndMs + MINUTE_MS));
  };
  world.at(startMs + MINUTE_MS + AFTER_MS, () => evaluate(startMs + MINUTE_MS));
}

/** @returns undefined: its state stays */
function isAlarmed(alarm: TemplateAlarm, metrics: Metrics, fromMs: number): boolean | undefined {
  const values = Array.from({ length: alarm.periods }, (_, n) => {
    const periodMs = fromMs + n * alarm.periodMs;
    return valueIn(alarm, metrics, periodMs, periodMs + alarm.periodMs);
  });
  if (alarm.missing === 'ignore' && values.includes(undefined)) return undefined;
  return values.every((value) => (value === undefined ? alarm.missing === 'breaching' : alarm.isOn(value)));
}

function valueIn(
  { metrics: wanted, expression }: TemplateAlarm,
  metrics: Metrics,
  fromMs: number,
  untilMs: number,
): number | undefined {
  const values = Object.entries(wanted).map(
    ([id, metric]) => [id, metrics.read(metric, metric.statistic, fromMs, untilMs)] as const,
  );
  if (values.some(([, value]) => value === undefined)) return undefined;
  return compute(expression, Object.fromEntries(values) as Record<string, number>);
}

/** As much of CloudWatch's metric math as our own alarms use: operators, AND, IF. */
function compute(expression: string, values: Record<string, number>): number {
  const script = expression.replaceAll(' AND ', ' && ').replaceAll('IF(', 'when(');
  const when = (condition: unknown, then: number, otherwise: number) => (condition ? then : otherwise);
  return Number(
    new Function('when', ...Object.keys(values), `return ${script};`)(when, ...Object.values(values)),
  );
}

/** The change is an event on the default bus as well: that intake leaves it out is for its rule to do. */
function tell(world: World, { name, description, actions }: TemplateAlarm, isOn: boolean): void {
  world.putAlarmState({
    alarmName: name,
    state: isOn ? 'ALARM' : 'OK',
    reason: 'Threshold Crossed',
    description,
  });
  if (!isOn) return;
  for (const topic of actions)
    world.publish(topic, { subject: `ALARM: "${name}" in EU (Ireland)`, body: description });
}

/** @returns reports what the queue looks like now, for the minute that begins then */
function watchQueue(queue: Queue, metrics: Metrics): (minuteMs: number) => void {
  const of = { namespace: 'AWS/SQS', dimensions: { QueueName: queue.name } };
  let before = { ...queue.traffic };
  return (minuteMs) => {
    const messages = queue.messages().filter(({ state }) => state !== 'delayed');
    const { received, deleted } = queue.traffic;
    const isIdle = messages.length === 0 && received === before.received;
    // SQS reports nothing about a queue that is idle.
    if (isIdle) return;
    const put = (name: string, value: number) => metrics.put({ ...of, name }, minuteMs, value);
    const counted = messages.filter(({ receives }) => receives < RECEIVES_COUNTED);
    const oldestMs = Math.min(minuteMs + MINUTE_MS, ...counted.map(({ sentMs }) => sentMs));
    put('ApproximateAgeOfOldestMessage', (minuteMs + MINUTE_MS - oldestMs) / 1000);
    put('ApproximateNumberOfMessagesVisible', messages.filter(({ state }) => state === 'visible').length);
    put('NumberOfMessagesReceived', received - before.received);
    put('NumberOfMessagesDeleted', deleted - before.deleted);
    before = { received, deleted };
  };
}
