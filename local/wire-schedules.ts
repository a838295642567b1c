/** Reads the schedules of the template, EventBridge Scheduler's and those of rules, and what each gives to its target. */
import type { BusEvent } from './aws/event-bus.ts';
import type { Role } from './aws/policies.ts';
import { type Next, parseSchedule } from './aws/schedule-expression.ts';
import { type Assembly, ofType, type Properties } from './template.ts';
import type { Place } from './template-attributes.ts';
import { isFunction } from './wire.ts';
import { checkKnown, checkPermission } from './wire-checks.ts';

export type Schedule = {
  name: string;
  next: Next;
  targetArn: string;
  input: string | undefined;
  /** of a rule: its ARN */
  ruleArn?: string;
};

export function readSchedules(assembly: Assembly, roles: ReadonlyMap<string, Role>): Schedule[] {
  return [...readOwnSchedules(assembly, roles), ...readRuleSchedules(assembly)];
}

function readOwnSchedules({ resources }: Assembly, roles: ReadonlyMap<string, Role>): Schedule[] {
  return ofType(resources, 'AWS::Scheduler::Schedule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(({ attributes, properties, logicalId }) => {
      const target = properties.Target as Properties;
      checkKnown(target, ['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig'], logicalId);
      const { Mode } = properties.FlexibleTimeWindow as Properties;
      if (Mode !== 'OFF')
        throw new Error(`${logicalId}: schedules run without a flexible window in the local world`);
      const targetArn = String(target.Arn);
      const action = isFunction(targetArn) ? 'lambda:InvokeFunction' : 'sqs:SendMessage';
      if (!roles.get(String(target.RoleArn))?.allows(action, targetArn)) {
        throw new Error(`${logicalId}: its role ${target.RoleArn} lacks ${action} on ${targetArn}`);
      }
      return {
        name: attributes.Ref,
        next: parseSchedule(
          String(properties.ScheduleExpression),
          String(properties.ScheduleExpressionTimezone ?? 'UTC'),
        ),
        targetArn,
        input: target.Input === undefined ? undefined : String(target.Input),
      };
    });
}

/** Of rules that call functions; a rule has its clock in UTC. */
function readRuleSchedules({ resources }: Assembly): Schedule[] {
  return ofType(resources, 'AWS::Events::Rule')
    .filter(({ properties }) => properties.ScheduleExpression && properties.State !== 'DISABLED')
    .flatMap(({ attributes, properties }) =>
      ((properties.Targets ?? []) as Properties[]).map((target) => {
        checkKnown(target, ['Arn', 'Id', 'DeadLetterConfig', 'RetryPolicy'], attributes.Ref);
        const targetArn = String(target.Arn);
        checkPermission(resources, targetArn, 'events.amazonaws.com', attributes.Arn!);
        return {
          name: attributes.Ref,
          next: parseSchedule(String(properties.ScheduleExpression)),
          targetArn,
          input: undefined,
          ruleArn: attributes.Arn!,
        };
      }),
    );
}

/** Default event of a schedule without an Input. Source: EventBridge Scheduler guide, templated targets; EventBridge guide, rules */
export function scheduledEvent({ name, input, ruleArn }: Schedule, atMs: number, place: Place): unknown {
  if (input === undefined) {
    const event: BusEvent = ruleArn
      ? { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }
      : { source: 'aws.scheduler', 'detail-type': 'Scheduled Event', detail: '{}' };
    return {
      version: '0',
      ...event,
      account: place.account,
      region: place.region,
      time: iso(atMs),
      resources: [ruleArn ?? name],
    };
  }
  const text = input.replaceAll('<aws.scheduler.scheduled-time>', iso(atMs));
  return JSON.parse(text.replaceAll('<aws.scheduler.execution-id>', `local-${atMs}`));
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
