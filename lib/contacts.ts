/** Where messages to people go: a topic per responder with an email, the watchers' topic, and SMS to a number. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Operations, Responder } from '../functions/operations/operations.ts';
import { watchersOf } from '../functions/operations/watchers.ts';
import type { PagingEnv } from '../functions/paging/contract.ts';
import { type LambdaFunction, setEnvironment } from './function.ts';
import { giveReason } from './grant-reason.ts';

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

  /** Tells the function where people are, and lets it publish to them, to the watchers, and to nobody else's topic. */
  connectPublisher(fn: LambdaFunction): void {
    this.connectMessenger(fn);
    allow(fn, ['sns:Publish'], [this.watchers]);
  }

  /** As a publisher, and to people alone. */
  connectMessenger(fn: LambdaFunction): void {
    this.tellTopics(fn);
    allow(fn, ['sns:Publish'], this.responders);
    const sms = new PolicyStatement({ actions: ['sns:Publish'], notResources: ['arn:*:sns:*:*:*'] });
    fn.addToRolePolicy(sms);
    giveReason(fn.role!, sms, { wide: 'A phone number has no ARN: allowed is whatever is no topic.' });
  }

  /** Lets the function confirm the subscriptions of our topics. */
  connectConfirmer(fn: LambdaFunction): void {
    this.tellTopics(fn);
    allow(fn, ['sns:ConfirmSubscription'], [...this.responders, this.watchers]);
  }

  /** Lets the function look at the subscriptions of our topics, and make anew those that are gone. */
  connectAuditor(fn: LambdaFunction): void {
    this.tellTopics(fn);
    const actions = ['sns:ListSubscriptionsByTopic', 'sns:Subscribe'];
    allow(fn, actions, [...this.responders, this.watchers]);
  }

  private tellTopics(fn: LambdaFunction): void {
    setEnvironment<PagingEnv>(fn, {
      RESPONDER_TOPIC_ARN_PREFIX: this.responderTopicArnPrefix,
      WATCHERS_TOPIC_ARN: this.watchers.topicArn,
    });
  }
}

function allow(fn: LambdaFunction, actions: string[], topics: readonly Topic[]): void {
  if (topics.length === 0) return;
  fn.addToRolePolicy(new PolicyStatement({ actions, resources: topics.map((topic) => topic.topicArn) }));
}

function subscribeAll(topic: Topic, key: string, { email, phone }: Responder): void {
  if (email) subscribe(topic, `${key}-Email`, SubscriptionProtocol.EMAIL, email);
  if (phone) subscribe(topic, `${key}-Sms`, SubscriptionProtocol.SMS, phone);
}

function subscribe(topic: Topic, id: string, protocol: SubscriptionProtocol, endpoint: string): void {
  new Subscription(topic, id, { topic, protocol, endpoint });
}
