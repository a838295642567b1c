/** The due queue: whoever moves a moment near puts its row here, with its delay. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { EscalationAuditEnv } from '../functions/watchers/contract.ts';
import { type LambdaFunction, setEnvironment } from './function.ts';
import { QueueWithDeadLetters } from './queue.ts';

export class DueQueue extends QueueWithDeadLetters {
  constructor(scope: Construct, id: string, props: { readonly prefix: string }) {
    super(scope, id, { queueName: `${props.prefix}-due` });
  }

  /** Lets the function take dead letters out, and put them back into the queue. */
  override connectRedriver(fn: LambdaFunction): void {
    super.connectRedriver(fn);
    this.connectSender(fn);
    setEnvironment<EscalationAuditEnv>(fn, { DUE_DEAD_LETTER_QUEUE_URL: this.deadLetters.queueUrl });
  }

  /** Tells the function where the due queue is, and lets it send to it. */
  connectSender(fn: LambdaFunction): void {
    setEnvironment<{ DUE_QUEUE_URL: string }>(fn, { DUE_QUEUE_URL: this.queue.queueUrl });
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
    );
  }
}
