/** The tick: each minute, what is due soon is handed to the due queue. */
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings } from './function.ts';
import { callOnSchedule } from './schedule.ts';
import type { State } from './state.ts';

export type TickProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
};

export class Tick extends Construct {
  constructor(scope: Construct, id: string, { settings, state, due }: TickProps) {
    super(scope, id);
    const fn = createFunction(this, {
      ...settings,
      bundle: 'tick',
      description: 'Tocsin: hands what is due soon to the due queue',
      memoryMb: 256,
    });
    state.connect(fn, { items: ['PutItem'], due: ['Query'] });
    due.connectSender(fn);
    callOnSchedule(this, fn, {
      EachMinute: {
        name: `${settings.prefix}-tick`,
        description: 'Tocsin: the tick',
        expression: 'rate(1 minute)',
        // The next tick comes anyway, and finds the same rows.
        retryFor: Duration.minutes(1),
      },
    });
  }
}
