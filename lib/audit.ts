/** The audit: can everybody be reached, does everything run? Each five minutes, each day, and for `tocsin doctor`. */
import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AuditEnv, AuditEvent } from '../functions/doctor/contract.ts';
import type { Contacts } from './contacts.ts';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings, type LambdaFunction, setEnvironment } from './function.ts';
import { giveReason } from './grant-reason.ts';
import type { Intake } from './intake.ts';
import { callOnSchedule } from './schedule.ts';
import type { State } from './state.ts';

export type AuditProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
  readonly contacts: Contacts;
  readonly intake: Intake;
};

/** It asks AWS about one contact after another; no queue waits for it. */
const TIMEOUT = Duration.minutes(1);

/** What AWS answers for the account as a whole; and a subscription, which is no resource in AWS's reference of IAM. */
const ACCOUNT_READS = [
  'sns:GetSubscriptionAttributes',
  'sns:ListPhoneNumbersOptedOut',
  'sns:CheckIfPhoneNumberIsOptedOut',
  'sns:GetSMSAttributes',
  'sns:GetSMSSandboxAccountStatus',
  'sns:ListSMSSandboxPhoneNumbers',
  'cloudwatch:GetMetricStatistics',
  'lambda:GetAccountSettings',
];

const WHY_THE_ACCOUNT =
  "Opt-outs, the SMS sandbox, the spend and its limit, and the limit of concurrent functions are the account's, and a subscription is no resource: these actions have none to name. All only read.";

const CONTACTS: AuditEvent = { audit: 'contacts' };
const ALL: AuditEvent = { audit: 'all' };

export class Audit extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, { settings, state, due, contacts, intake }: AuditProps) {
    super(scope, id);
    this.fn = createFunction(this, {
      ...settings,
      bundle: 'audit',
      description: 'Tocsin: looks whether everybody can be reached and everything runs',
      timeout: TIMEOUT,
    });
    state.connect(this.fn, { items: ['GetItem', 'PutItem', 'UpdateItem'], due: ['Query'] });
    contacts.connectAuditor(this.fn);
    due.connectSender(this.fn);
    intake.connectSender(this.fn);
    setEnvironment<AuditEnv>(this.fn, {
      INTAKE_DEAD_LETTER_QUEUE_URL: intake.signals.deadLetters.queueUrl,
      DUE_DEAD_LETTER_QUEUE_URL: due.deadLetters.queueUrl,
    });
    this.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:GetQueueAttributes'],
        resources: [intake.signals, due].flatMap((one) => [one.queue.queueArn, one.deadLetters.queueArn]),
      }),
    );
    const readAccount = new PolicyStatement({ actions: ACCOUNT_READS, resources: ['*'] });
    this.fn.addToRolePolicy(readAccount);
    giveReason(this.fn.role!, readAccount, { wide: WHY_THE_ACCOUNT });
    Validations.of(this).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: WHY_THE_ACCOUNT });

    callOnSchedule(this, this.fn, {
      EachFiveMinutes: {
        name: `${settings.prefix}-audit-contacts`,
        description: 'Tocsin: can everybody be reached?',
        expression: 'rate(5 minutes)',
        input: CONTACTS,
        // The next one comes anyway.
        retryFor: Duration.minutes(1),
      },
      EachDay: {
        name: `${settings.prefix}-audit-all`,
        description: 'Tocsin: all that `tocsin doctor` looks at',
        expression: 'cron(0 7 * * ? *)',
        input: ALL,
        retryFor: Duration.hours(1),
      },
    });
  }
}
