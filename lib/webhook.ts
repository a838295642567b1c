/** The senders' webhooks: PagerDuty's Events API v2 and Alertmanager, each into the intake queue. */
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from '../functions/intake/contract.ts';
import { createFunction, type FunctionSettings } from './function.ts';
import type { Intake } from './intake.ts';
import type { PublicApi } from './public-api.ts';
import type { State } from './state.ts';

export type WebhooksProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly intake: Intake;
  readonly api: PublicApi;
};

export class Webhooks extends Construct {
  readonly pagerDutyUrl: string;
  readonly alertmanagerUrl: string;

  constructor(scope: Construct, id: string, { settings, state, intake, api }: WebhooksProps) {
    super(scope, id);
    const fn = createFunction(this, {
      ...settings,
      bundle: 'webhook',
      description: 'Tocsin: takes the events of other senders',
    });
    state.connect(fn, { items: ['GetItem', 'UpdateItem'] });
    intake.connectSender(fn);
    for (const path of [PAGERDUTY_ROUTE, ALERTMANAGER_ROUTE]) {
      api.addRoute({
        path,
        methods: [HttpMethod.POST],
        fn,
        // Above what one sender's key may send in a minute, below what would take every function of an account.
        throttle: { rateLimit: 100, burstLimit: 200 },
        letsIn:
          "Senders sign in with a key of their own, in the body or the header as their format wants it; an authorizer sees no body. The function compares the key's hash in constant time.",
      });
    }
    this.pagerDutyUrl = `${api.url}${PAGERDUTY_ROUTE}`;
    this.alertmanagerUrl = `${api.url}${ALERTMANAGER_ROUTE}`;
  }
}
