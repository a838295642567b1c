/** The operator's commands: a function that only `tocsin` calls. Who may is IAM's decision. */
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AnswerPages } from './answer.ts';
import type { Audit } from './audit.ts';
import type { Contacts } from './contacts.ts';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings } from './function.ts';
import { giveReason } from './grant-reason.ts';
import type { Intake } from './intake.ts';
import type { State } from './state.ts';

export type OperatorProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
  readonly contacts: Contacts;
  readonly answers: AnswerPages;
  readonly intake: Intake;
  readonly audit: Audit;
};

export class Operator extends Construct {
  /** for the people who use the command line: nothing else of the account is open to them by it */
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: OperatorProps) {
    super(scope, id);
    const { settings, state, due, contacts, answers, intake, audit } = props;
    const fn = createFunction(this, {
      ...settings,
      bundle: 'operate',
      description: 'Tocsin: answers the command line',
    });
    state.connect(fn, {
      items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'Query'],
      feed: ['Query'],
    });
    due.connectSender(fn);
    intake.connectSender(fn);
    contacts.connectMessenger(fn);
    contacts.connectConfirmer(fn);
    answers.connectLinks(fn);

    const call = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [fn.functionArn, audit.fn.functionArn],
    });
    this.policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: `${settings.prefix}-operator`,
      description: 'Lets its holder use the command line of Tocsin',
      statements: [call],
    });
    giveReason(this.policy, call, { unused: 'People call with it, from the command line.' });
  }
}
