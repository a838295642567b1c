/** Everything that runs, from one file of procedures. */
import { CfnOutput, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { serializeOperations } from '../functions/operations/load-operations.ts';
import type { Operations as Procedures } from '../functions/operations/operations.ts';
import { AnswerPages } from './answer.ts';
import { Contacts } from './contacts.ts';
import { DueQueue } from './due-queue.ts';
import { Intake } from './intake.ts';
import { Operator } from './operator.ts';
import { Paging } from './paging.ts';
import { State } from './state.ts';
import { Tick } from './tick.ts';
import { Watch } from './watch.ts';

export type OperationsProps = {
  /**
   * Begins the name of everything that has one: two of them can share an account.
   * @default 'tocsin'
   */
  readonly prefix?: string | undefined;
  /**
   * Where alerts are kept; best in a stack of its own.
   * @default a table beside the rest
   */
  readonly state?: State | undefined;
  /**
   * The most functions that take from a queue at once, for each of the two queues, from 2.
   * @default 3, which fits into the ten of a new account
   */
  readonly consumersMost?: number | undefined;
};

/**
 * A team's operations: `new Operations(this, 'Ops', defineOperations({ … }))`.
 * What to tell the world about it is in its outputs: the signals topic, the table, the address of the answer pages.
 */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, procedures: Procedures, props: OperationsProps = {}) {
    super(scope, id);
    const { prefix = 'tocsin', consumersMost } = props;
    const settings = { prefix, operationsJson: serializeOperations(procedures) };

    const state = props.state ?? new State(this, 'State', { prefix });
    const due = new DueQueue(this, 'Due', { prefix });
    const contacts = new Contacts(this, 'Contacts', { prefix, operations: procedures });
    const answers = new AnswerPages(this, 'Answers', { settings, state, due });
    const intake = new Intake(this, 'Intake', { settings, state, due, contacts, answers, consumersMost });
    new Paging(this, 'Paging', { settings, state, due, contacts, answers, consumersMost });
    new Tick(this, 'Tick', { settings, state, due });
    new Operator(this, 'Operator', { settings, state, due });
    new Watch(this, 'Watch', { prefix, contacts, signals: intake.signals, due });
    Tags.of(this).add('Application', prefix);

    new CfnOutput(this, 'AnswerUrl', { value: answers.url, description: 'Where the links in messages lead' });
    new CfnOutput(this, 'SignalsTopicArn', {
      value: intake.signalsTopic.topicArn,
      description: 'An alarm action, for alarms whose events the rule does not get',
    });
  }
}
