/** A queue as Tocsin makes them all: hours of trouble dead-letter nothing; only our code gives a message up. */
import { Duration, Names } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OpsError } from '../functions/shared/errors.ts';
import { FUNCTION_TIMEOUT, type LambdaFunction } from './function.ts';
import { giveReason } from './grant-reason.ts';

/** As long as SQS keeps anything. */
const RETENTION = Duration.days(14);

/** The most that SQS allows. A failed message comes back within 30 s, so this is hours. Source: design, Queues */
const RECEIVES_MOST = 1_000;

/** AWS asks for six times the function's timeout. A function that crashed is not waited for longer. */
const VISIBILITY_TIMEOUT = Duration.seconds(6 * FUNCTION_TIMEOUT.toSeconds());

const BATCH_SIZE = 10;

/** Source: Lambda guide, Configuring permissions for an Amazon SQS event source mapping */
const POLLER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/**
 * A new account runs ten functions at once, and refuses to reserve any of them: two queues at three leave four
 * for the tick, the HTTP API, the audit and the operator. Source: aws-facts, Lambda
 */
export const CONSUMERS_MOST = 3;

export class QueueWithDeadLetters extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: { readonly queueName: string }) {
    super(scope, id);
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...common,
      queueName: `${props.queueName}-dead-letters`,
    });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      queueName: props.queueName,
      visibilityTimeout: VISIBILITY_TIMEOUT,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES_MOST },
    });
  }

  /** Lets the function take dead letters out, and put back those that stay. */
  connectRedriver(fn: LambdaFunction): void {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
        resources: [this.deadLetters.queueArn],
      }),
    );
  }

  /** Has the function called with what arrives, and lets it receive, delay and delete. */
  connectConsumer(fn: LambdaFunction, consumersMost = CONSUMERS_MOST): void {
    if (!Number.isInteger(consumersMost) || consumersMost < 2)
      throw new OpsError('rejected', `consumersMost is ${consumersMost}: use a whole number from 2`);
    // Not by CDK's SqsEventSource, which grants more; under its name, so that a deployed one stays.
    fn.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(this.queue.node)}`, {
      eventSourceArn: this.queue.queueArn,
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
      maxConcurrency: consumersMost,
    });
    const { queueArn } = this.queue;
    const poll = new PolicyStatement({ actions: POLLER_ACTIONS, resources: [queueArn] });
    fn.addToRolePolicy(poll);
    giveReason(fn.role!, poll, { unused: 'Lambda takes from the queue with this role.' });
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:ChangeMessageVisibility'], resources: [queueArn] }),
    );
  }
}
