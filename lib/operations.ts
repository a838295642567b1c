/** Everything that runs, from one file of procedures. */
import { CfnOutput, Tags } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { serializeOperations } from '../functions/operations/load-operations.ts';
import type { Operations as Procedures } from '../functions/operations/operations.ts';
import { AnswerPages } from './answer.ts';
import { Audit } from './audit.ts';
import { Contacts } from './contacts.ts';
import { StatusBoard } from './dashboard.ts';
import { Delivery } from './delivery.ts';
import { DueQueue } from './due-queue.ts';
import { EscalationAudit } from './escalation-audit.ts';
import { Intake } from './intake.ts';
import { Operator } from './operator.ts';
import { ownMetrics } from './own-metrics.ts';
import { Paging } from './paging.ts';
import { checkPrefix, DEFAULT_PREFIX } from './prefix.ts';
import { PublicApi } from './public-api.ts';
import { SecondTick } from './second-tick.ts';
import { State } from './state.ts';
import { Tick } from './tick.ts';
import { Watch } from './watch.ts';
import { Webhooks } from './webhook.ts';

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
  /**
   * The log group `sns/<region>/<account>/DirectPublishToPhoneNumber/Failure`, if the account has it already.
   * @default it is created
   */
  readonly smsFailureLogs?: ILogGroup | undefined;
  /**
   * Where the runbooks are read, without a slash at its end: alarms name `<runbooksUrl>/<alarm>.md`.
   * @default 'docs/runbooks', where they are in Tocsin's own sources
   */
  readonly runbooksUrl?: string | undefined;
  /**
   * A CloudWatch dashboard; beyond an account's first three it costs 3 USD a month.
   * @default true
   */
  readonly dashboard?: boolean | undefined;
};

/**
 * A team's operations: `new Operations(this, 'Ops', defineOperations({ … }))`.
 * What to tell the world about it is in its outputs.
 */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, procedures: Procedures, props: OperationsProps = {}) {
    super(scope, id);
    const { runbooksUrl = 'docs/runbooks', consumersMost, smsFailureLogs } = props;
    const prefix = checkPrefix(props.prefix ?? DEFAULT_PREFIX);
    const settings = { prefix, operationsJson: serializeOperations(procedures) };

    const state = props.state ?? new State(this, 'State', { prefix });
    const due = new DueQueue(this, 'Due', { prefix });
    const contacts = new Contacts(this, 'Contacts', { prefix, operations: procedures });
    const api = new PublicApi(this, 'Http', { prefix });
    const answers = new AnswerPages(this, 'Answers', { settings, state, due, api });
    const intake = new Intake(this, 'Intake', { settings, state, due, contacts, answers, consumersMost });
    const webhooks = new Webhooks(this, 'Webhooks', { settings, state, intake, api });
    new Paging(this, 'Paging', { settings, state, due, contacts, answers, consumersMost });
    new Tick(this, 'Tick', { settings, state, due });
    new SecondTick(this, 'SecondTick', { settings, state, due });
    new EscalationAudit(this, 'EscalationAudit', { settings, state, due, intake });
    const audit = new Audit(this, 'Audit', { settings, state, due, contacts, intake });
    const delivery = new Delivery(this, 'Delivery', { settings, due, smsFailureLogs });
    const operator = new Operator(this, 'Operator', {
      settings,
      state,
      due,
      contacts,
      answers,
      intake,
      audit,
    });
    const metrics = ownMetrics({ prefix, api, signals: intake.signals, due });
    new Watch(this, 'Watch', { prefix, contacts, metrics, runbooksUrl });
    if (props.dashboard ?? true) new StatusBoard(this, 'StatusBoard', { prefix, metrics, runbooksUrl });
    Tags.of(this).add('Application', prefix, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });

    this.tell({
      AnswerUrl: [api.url, 'Where the links in messages lead'],
      PagerDutyUrl: [webhooks.pagerDutyUrl, "For senders that speak PagerDuty's Events API v2"],
      AlertmanagerUrl: [webhooks.alertmanagerUrl, 'For the webhook_config of Alertmanager'],
      SignalsTopicArn: [
        intake.signalsTopic.topicArn,
        'An alarm action, for alarms whose events the rule does not get',
      ],
      SmsDeliveryStatusRoleArn: [
        delivery.smsLogsRole.roleArn,
        "For the account's SMS attribute DeliveryStatusIAMRole: then Tocsin hears of each SMS that did not arrive",
      ],
      OperatorPolicyArn: [operator.policy.managedPolicyArn, 'For those who use the command line'],
    });
  }

  private tell(outputs: Record<string, readonly [value: string, description: string]>): void {
    for (const [id, [value, description]] of Object.entries(outputs))
      new CfnOutput(this, id, { value, description });
  }
}
