/** The second tick: another scheduler, another function, another role, the same work; what is due twice is done once. */
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { SECOND_TICK_PERIOD_MS } from '../functions/tick/contract.ts';
import { createFunction } from './function.ts';
import type { TickProps } from './tick.ts';

export class SecondTick extends Construct {
  constructor(scope: Construct, id: string, { settings, state, due }: TickProps) {
    super(scope, id);
    const fn = createFunction(this, {
      ...settings,
      bundle: 'second-tick',
      description: 'Tocsin: hands what is due soon to the due queue, should the tick not',
      memoryMb: 256,
    });
    state.connect(fn, { due: ['Query'] });
    due.connectSender(fn);
    // A rule, not EventBridge Scheduler: what is wrong with the one need not be wrong with the other.
    new Rule(this, 'EachTwoMinutes', {
      ruleName: `${settings.prefix}-second-tick`,
      description: 'Tocsin: the second tick',
      schedule: Schedule.rate(Duration.millis(SECOND_TICK_PERIOD_MS)),
      targets: [new FunctionTarget(fn, { retryAttempts: 2, maxEventAge: Duration.minutes(1) })],
    });
  }
}
