/** The escalation audit: each five minutes, whether every open alert goes on. It needs neither tick, nor their index. */
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ESCALATION_AUDIT_PERIOD_MS } from '../functions/watchers/contract.ts';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings } from './function.ts';
import type { Intake } from './intake.ts';
import { callOnSchedule } from './schedule.ts';
import type { State } from './state.ts';

export type EscalationAuditProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
  readonly intake: Intake;
};

export class EscalationAudit extends Construct {
  constructor(scope: Construct, id: string, { settings, state, due, intake }: EscalationAuditProps) {
    super(scope, id);
    const fn = createFunction(this, {
      ...settings,
      bundle: 'escalation-audit',
      description: 'Tocsin: looks whether every open alert goes on, and re-drives what does not',
      timeout: Duration.minutes(1),
    });
    state.connect(fn, {
      items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'Query'],
      feed: ['Query'],
    });
    due.connectRedriver(fn);
    intake.connectRedriver(fn);
    callOnSchedule(this, fn, {
      EachFiveMinutes: {
        name: `${settings.prefix}-escalation-audit`,
        description: 'Tocsin: does every open alert go on?',
        expression: `rate(${Duration.millis(ESCALATION_AUDIT_PERIOD_MS).toMinutes()} minutes)`,
        // The next one comes anyway.
        retryFor: Duration.minutes(1),
      },
    });
  }
}
