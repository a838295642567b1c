/** The answer pages: what the link in a message opens. GET shows, POST acts. */
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { ANSWER_ROUTE, CUT_ANSWER_ROUTE } from '../functions/console/contract.ts';
import type { PagingEnv } from '../functions/paging/contract.ts';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings, type LambdaFunction, setEnvironment } from './function.ts';
import type { PublicApi } from './public-api.ts';
import type { State } from './state.ts';

export type AnswerPagesProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
  readonly api: PublicApi;
};

export class AnswerPages extends Construct {
  private readonly url: string;

  constructor(scope: Construct, id: string, { settings, state, due, api }: AnswerPagesProps) {
    super(scope, id);
    this.url = api.url;
    const fn = createFunction(this, {
      ...settings,
      bundle: 'answer',
      description: 'Tocsin: the page behind the link in a message',
    });
    state.connect(fn, { items: ['GetItem', 'PutItem', 'UpdateItem', 'Query'] });
    due.connectSender(fn);
    api.addRoute({
      path: ANSWER_ROUTE,
      methods: [HttpMethod.GET, HttpMethod.POST],
      fn,
      // A whole team that presses at once stays below it; somebody who guesses tokens does not.
      throttle: { rateLimit: 20, burstLimit: 40 },
      letsIn:
        'Whoever holds a link is let in: 128 random bits, one per message, bound to its responder, stored hashed.',
    });
    api.addRoute({
      path: CUT_ANSWER_ROUTE,
      methods: [HttpMethod.GET],
      fn,
      throttle: { rateLimit: 5, burstLimit: 10 },
      letsIn: 'It shows that the link is not known, and nothing else.',
    });
  }

  /** Tells the function where links lead. */
  connectLinks(fn: LambdaFunction): void {
    setEnvironment<PagingEnv>(fn, { ANSWER_URL: this.url });
  }
}
