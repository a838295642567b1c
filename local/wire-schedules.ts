/** Reads the schedules of the template, and what each gives to its target. */
import type { BusEvent } from './aws/event-bus.ts';
import type { Role } from './aws/policies.ts';
import { type Next, parseSchedule } from './aws/schedule-expression.ts';
import { type Assembly, ofType, type Properties } from './template.ts';
import type { Place } from './template-attributes.ts';
import { isFunction } from './wire.ts';
import { checkKnown } from './wire-checks.ts';

export type Schedule = { name: string; next: Next; targetArn: string; input: string | undefined };

export function readSchedules({ resources }: Assembly, roles: ReadonlyMap<string, Role>): Schedule[] {
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

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
