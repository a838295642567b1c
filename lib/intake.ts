/** Intake: alarms of this account and Region, from the default bus and from a topic, into one queue. */
import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { CLOUDWATCH_DETAIL_TYPES, type IntakeEnv } from '../functions/intake/contract.ts';
import type { EscalationAuditEnv } from '../functions/watchers/contract.ts';
import type { AnswerPages } from './answer.ts';
import type { Contacts } from './contacts.ts';
import type { DueQueue } from './due-queue.ts';
import {
  createFunction,
  type FunctionSettings,
  type LambdaFunction,
  setEnvironment,
  versionOf,
} from './function.ts';
import { QueueWithDeadLetters } from './queue.ts';
import type { State } from './state.ts';
import { OWN_ALARMS } from './watch.ts';

export type IntakeProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
  readonly contacts: Contacts;
  readonly answers: AnswerPages;
  readonly consumersMost?: number | undefined;
};

export class Intake extends Construct {
  readonly signals: QueueWithDeadLetters;
  /** an alarm that has this topic among its actions is heard as well, and once if both ways */
  readonly signalsTopic: Topic;
  private readonly codeVersion: string;

  constructor(scope: Construct, id: string, props: IntakeProps) {
    super(scope, id);
    const { prefix } = props.settings;
    this.signals = new QueueWithDeadLetters(this, 'Signals', { queueName: `${prefix}-intake` });
    const { queue, deadLetters } = this.signals;

    // What a source cannot put into the queue for a day is kept where unreadable signals are, and alarms with them.
    new Rule(this, 'CloudWatchAlarms', {
      description: 'Tocsin: every change of a CloudWatch alarm, less those on Tocsin itself',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: CLOUDWATCH_DETAIL_TYPES,
        detail: { alarmName: [{ 'anything-but': OWN_ALARMS.map((name) => `${prefix}-${name}`) }] },
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
    });
    this.signalsTopic = this.createSignalsTopic(prefix);

    this.codeVersion = versionOf('intake', props.settings);
    const fn = createFunction(this, {
      ...props.settings,
      bundle: 'intake',
      description: 'Tocsin: a signal becomes or changes an alert, and the first page goes out',
    });
    this.signals.connectConsumer(fn, props.consumersMost);
    setEnvironment<IntakeEnv>(fn, {
      INTAKE_QUEUE_URL: queue.queueUrl,
      INTAKE_DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl,
      CODE_VERSION: this.codeVersion,
    });
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
    );
    props.state.connect(fn, { items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'] });
    props.due.connectSender(fn);
    props.contacts.connectPublisher(fn);
    props.answers.connectLinks(fn);
  }

  /** Tells the function where the intake queue is, and lets it send to it. */
  connectSender(fn: LambdaFunction): void {
    setEnvironment<{ INTAKE_QUEUE_URL: string }>(fn, { INTAKE_QUEUE_URL: this.signals.queue.queueUrl });
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.signals.queue.queueArn] }),
    );
  }

  /** Lets the function take dead letters out and put them back, and tells it which code would read them now. */
  connectRedriver(fn: LambdaFunction): void {
    this.connectSender(fn);
    this.signals.connectRedriver(fn);
    setEnvironment<EscalationAuditEnv>(fn, {
      INTAKE_DEAD_LETTER_QUEUE_URL: this.signals.deadLetters.queueUrl,
      CODE_VERSION: this.codeVersion,
    });
  }

  private createSignalsTopic(prefix: string): Topic {
    const { queue, deadLetters } = this.signals;
    const topic = new Topic(this, 'SignalsTopic', { topicName: `${prefix}-signals`, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        actions: ['sns:Publish'],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    topic.addSubscription(
      new SqsSubscription(queue, { rawMessageDelivery: true, deadLetterQueue: deadLetters }),
    );
    return topic;
  }
}
