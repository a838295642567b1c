/** The operator's commands: a function that only `tocsin` calls. Who may is IAM's decision. */
import { Construct } from 'constructs';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings } from './function.ts';
import type { State } from './state.ts';

export type OperatorProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
};

export class Operator extends Construct {
  constructor(scope: Construct, id: string, props: OperatorProps) {
    super(scope, id);
    const fn = createFunction(this, {
      ...props.settings,
      bundle: 'operate',
      description: 'Tocsin: lists, shows and answers alerts for the command line',
    });
    props.state.connect(fn, { items: ['GetItem', 'BatchGetItem', 'PutItem', 'Query'], feed: ['Query'] });
    props.due.connectSender(fn);
  }
}
