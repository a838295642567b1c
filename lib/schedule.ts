/** Calls a function on schedules, through a role that may call this one alone. */
import { type Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { LambdaFunction } from './function.ts';
import { giveReason } from './grant-reason.ts';

export type ScheduledCall = {
  readonly name: string;
  readonly description: string;
  /** `rate(…)`, or `cron(…)` in UTC */
  readonly expression: string;
  /** @default what EventBridge Scheduler sends by itself */
  readonly input?: object;
  /** a call that cannot be made is tried twice again within this time */
  readonly retryFor: Duration;
};

/** @param calls by the id of their construct */
export function callOnSchedule(
  scope: Construct,
  fn: LambdaFunction,
  calls: Readonly<Record<string, ScheduledCall>>,
): void {
  const caller = new Role(scope, 'CallerRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });
  // By hand, not by the construct's target: that one also grants every version and alias.
  const call = new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] });
  const { policyDependable } = caller.addToPrincipalPolicy(call);
  giveReason(caller, call, { unused: 'EventBridge Scheduler calls the function with this role.' });
  for (const [id, { name, description, expression, input, retryFor }] of Object.entries(calls)) {
    const schedule = new CfnSchedule(scope, id, {
      name,
      description,
      scheduleExpression: expression,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: fn.functionArn,
        roleArn: caller.roleArn,
        ...(input ? { input: JSON.stringify(input) } : {}),
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: retryFor.toSeconds() },
      },
    });
    // Otherwise the first calls may be refused.
    if (policyDependable) schedule.node.addDependency(policyDependable);
  }
}
