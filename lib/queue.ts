/** A queue as Tocsin makes them all: hours of trouble dead-letter nothing; only our code gives a message up. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OpsError } from '../functions/shared/errors.ts';
import { FUNCTION_TIMEOUT } from './function.ts';

/** As long as SQS keeps anything. */
const RETENTION = Duration.days(14);

/** The most that SQS allows. A failed message comes back within 30 s, so this is hours. Source: design, Queues */
const RECEIVES_MOST = 1_000;

/** AWS asks for six times the function's timeout. A function that crashed is not waited for longer. */
const VISIBILITY_TIMEOUT = Duration.seconds(6 * FUNCTION_TIMEOUT.toSeconds());

const BATCH_SIZE = 10;

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

  /** Has the function called with what arrives, and lets it receive, delay and delete. */
  connectConsumer(fn: IFunction, consumersMost = CONSUMERS_MOST): void {
    if (!Number.isInteger(consumersMost) || consumersMost < 2)
      throw new OpsError('rejected', `consumersMost is ${consumersMost}: use a whole number from 2`);
    fn.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: BATCH_SIZE,
        reportBatchItemFailures: true,
        maxConcurrency: consumersMost,
      }),
    );
  }
}
