/** Where messages to people go: a topic per responder with an email, the watchers' topic, and SMS to a number. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Operations, Responder } from '../functions/operations/operations.ts';
import { watchersOf } from '../functions/operations/watchers.ts';
import type { PagingEnv } from '../functions/paging/contract.ts';
import { type LambdaFunction, setEnvironment } from './function.ts';

export type ContactsProps = { readonly prefix: string; readonly operations: Operations };

export class Contacts extends Construct {
  /** reaches people through SNS alone: nothing of ours has to work for it */
  readonly watchers: Topic;
  private readonly responders: readonly Topic[];
  private readonly responderTopicArnPrefix: string;

  constructor(scope: Construct, id: string, { prefix, operations }: ContactsProps) {
    super(scope, id);
    const responderTopicPrefix = `${prefix}-responder-`;
    this.responderTopicArnPrefix = Stack.of(this).formatArn({
      service: 'sns',
      resource: responderTopicPrefix,
    });

    const people = Object.entries(operations.responders);
    this.responders = people.flatMap(([key, responder]) => {
      if (!responder.email) return [];
      const topic = new Topic(this, `Responder-${key}`, {
        topicName: `${responderTopicPrefix}${key}`,
        displayName: 'Tocsin',
        enforceSSL: true,
      });
      subscribe(topic, 'Email', SubscriptionProtocol.EMAIL, responder.email);
      return [topic];
    });

    this.watchers = new Topic(this, 'Watchers', {
      topicName: `${prefix}-watchers`,
      displayName: 'Tocsin',
      enforceSSL: true,
    });
    for (const [key, responder] of people.filter(([key]) => watchersOf(operations).has(key))) {
      subscribeAll(this.watchers, key, responder);
    }
    // An alarm that may not publish is silent, and nothing says so.
    this.watchers.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OurAlarms',
        actions: ['sns:Publish'],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: [this.watchers.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }

  /** Tells the function where people are, and lets it publish to them and to nobody else's topic. */
  connectPublisher(fn: LambdaFunction): void {
    this.connect(fn, ['sns:Publish']);
    // A phone number has no ARN: allowed is whatever is not a topic. Source: aws-facts, SNS
    fn.addToRolePolicy(new PolicyStatement({ actions: ['sns:Publish'], notResources: ['arn:*:sns:*:*:*'] }));
  }

  /** Lets the function confirm the subscriptions of our topics. */
  connectConfirmer(fn: LambdaFunction): void {
    this.connect(fn, ['sns:ConfirmSubscription']);
  }

  /** Lets the function look at the subscriptions of our topics, and make anew those that are gone. */
  connectAuditor(fn: LambdaFunction): void {
    this.connect(fn, ['sns:ListSubscriptionsByTopic', 'sns:Subscribe']);
  }

  private connect(fn: LambdaFunction, actions: string[]): void {
    setEnvironment<PagingEnv>(fn, {
      RESPONDER_TOPIC_ARN_PREFIX: this.responderTopicArnPrefix,
      WATCHERS_TOPIC_ARN: this.watchers.topicArn,
    });
    const topics = [...this.responders, this.watchers];
    fn.addToRolePolicy(new PolicyStatement({ actions, resources: topics.map((topic) => topic.topicArn) }));
  }
}

function subscribeAll(topic: Topic, key: string, { email, phone }: Responder): void {
  if (email) subscribe(topic, `${key}-Email`, SubscriptionProtocol.EMAIL, email);
  if (phone) subscribe(topic, `${key}-Sms`, SubscriptionProtocol.SMS, phone);
}

function subscribe(topic: Topic, id: string, protocol: SubscriptionProtocol, endpoint: string): void {
  new Subscription(topic, id, { topic, protocol, endpoint });
}
