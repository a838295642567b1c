/** The tick: each minute, what is due soon is handed to the due queue. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings } from './function.ts';
import type { State } from './state.ts';

export type TickProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
};

export class Tick extends Construct {
  constructor(scope: Construct, id: string, props: TickProps) {
    super(scope, id);
    const fn = createFunction(this, {
      ...props.settings,
      bundle: 'tick',
      description: 'Tocsin: hands what is due soon to the due queue',
      memoryMb: 256,
    });
    props.state.connect(fn, { due: ['Query'] });
    props.due.connectSender(fn);

    const caller = new Role(this, 'CallerRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    // By hand, not by the construct's target: that one also grants every version and alias.
    const { policyDependable } = caller.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }),
    );
    const schedule = new CfnSchedule(this, 'EachMinute', {
      name: `${props.settings.prefix}-tick`,
      description: 'Tocsin: the tick',
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: fn.functionArn,
        roleArn: caller.roleArn,
        // The next tick comes anyway, and finds the same rows.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 60 },
      },
    });
    // Otherwise the first ticks may be refused.
    if (policyDependable) schedule.node.addDependency(policyDependable);
  }
}
