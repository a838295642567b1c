/** Delivery reports: SNS logs each SMS that did not arrive, and a function hands that to the due queue. */
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  FilterPattern,
  type ILogGroup,
  LogGroup,
  RetentionDays,
  SubscriptionFilter,
} from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings } from './function.ts';
import { giveReason } from './grant-reason.ts';

export type DeliveryProps = {
  readonly settings: FunctionSettings;
  readonly due: DueQueue;
  /** @default it is created */
  readonly smsFailureLogs?: ILogGroup | undefined;
};

/** cdk-nag's words for `…/Failure:*`, which a group that is not ours is known by. */
const STREAMS_OF_THE_GROUP =
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:sns/<AWS::Region>/<AWS::AccountId>/DirectPublishToPhoneNumber/Failure:*]';

const WHY_ANY_STREAM = 'SNS names the streams of its log.';

const LOGS_ACTIONS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

export class Delivery extends Construct {
  /** SNS writes its logs with it, once the account's SMS attribute `DeliveryStatusIAMRole` names it */
  readonly smsLogsRole: Role;

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const { settings, due } = props;
    const fn = createFunction(this, {
      ...settings,
      bundle: 'delivery',
      description: 'Tocsin: hands over which SMS did not arrive',
    });
    due.connectSender(fn);

    const failureLogs = props.smsFailureLogs ?? this.createFailureLogs();
    new SubscriptionFilter(this, 'SmsFailures', {
      logGroup: failureLogs,
      destination: new LambdaDestination(fn),
      filterPattern: FilterPattern.allEvents(),
    });
    this.smsLogsRole = this.createLogsRole(failureLogs);
  }

  private createFailureLogs(): LogGroup {
    return new LogGroup(this, 'SmsFailureLogs', {
      logGroupName: smsFailureLogsName(Stack.of(this)),
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private createLogsRole(logs: ILogGroup): Role {
    // No condition on the account: AWS does not say that SNS sends it here, and if it does not, no log is ever written.
    const role = new Role(this, 'SmsLogsRole', { assumedBy: new ServicePrincipal('sns.amazonaws.com') });
    // AWS asks for all three, also where the group is there already.
    for (const write of logs.grant(role, ...LOGS_ACTIONS).principalStatements)
      giveReason(role, write, { unused: 'SNS writes its log with this role.', wide: WHY_ANY_STREAM });
    Validations.of(role).acknowledge({ id: STREAMS_OF_THE_GROUP, reason: WHY_ANY_STREAM });
    return role;
  }
}

/** SNS decides the name. Source: AWS knowledge center, "How do I monitor SMS text messages in Amazon SNS?" */
export function smsFailureLogsName({ region, account }: Stack): string {
  return `sns/${region}/${account}/DirectPublishToPhoneNumber/Failure`;
}
