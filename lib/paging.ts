/** Paging: what is due, escalations, retries and turns of a contact's slot, from the due queue. */
import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AnswerPages } from './answer.ts';
import type { Contacts } from './contacts.ts';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings } from './function.ts';
import { giveReason } from './grant-reason.ts';
import type { State } from './state.ts';

export type PagingProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
  readonly contacts: Contacts;
  readonly answers: AnswerPages;
  readonly consumersMost?: number | undefined;
};

const ALARM_READS = ['cloudwatch:DescribeAlarms', 'cloudwatch:ListAlarmMuteRules'];

const WHY_ANY_ALARM =
  'Any alarm of the account may be held as muted. DescribeAlarms answers for composite alarms only when granted on *, and ListAlarmMuteRules has no resource to name. Both only read.';

export class Paging extends Construct {
  constructor(scope: Construct, id: string, props: PagingProps) {
    super(scope, id);
    const fn = createFunction(this, {
      ...props.settings,
      bundle: 'page',
      description: 'Tocsin: does what is due: escalates, sends, retries, reminds',
    });
    props.due.connectConsumer(fn, props.consumersMost);
    props.due.connectSender(fn);
    props.state.connect(fn, {
      items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
      feed: ['Query'],
    });
    props.contacts.connectPublisher(fn);
    props.answers.connectLinks(fn);
    const readAlarms = new PolicyStatement({ actions: ALARM_READS, resources: ['*'] });
    fn.addToRolePolicy(readAlarms);
    giveReason(fn.role!, readAlarms, { wide: WHY_ANY_ALARM });
    Validations.of(this).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: WHY_ANY_ALARM });
  }
}
