/** The answer pages: what the link in a message opens. GET shows, POST acts. */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ANSWER_ROUTE } from '../functions/console/contract.ts';
import type { PagingEnv } from '../functions/paging/contract.ts';
import type { DueQueue } from './due-queue.ts';
import { createFunction, type FunctionSettings, type LambdaFunction, setEnvironment } from './function.ts';
import type { State } from './state.ts';

export type AnswerPagesProps = {
  readonly settings: FunctionSettings;
  readonly state: State;
  readonly due: DueQueue;
};

/** A whole team that presses at once stays below it; somebody who guesses tokens does not. */
const THROTTLE = { rateLimit: 20, burstLimit: 40 };

/** The route, never the path: the path holds the token. */
const ACCESS_LOG = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  error: '$context.error.message',
});

export class AnswerPages extends Construct {
  /** without a slash at its end */
  readonly url: string;

  constructor(scope: Construct, id: string, props: AnswerPagesProps) {
    super(scope, id);
    const { prefix } = props.settings;
    const fn = createFunction(this, {
      ...props.settings,
      bundle: 'answer',
      description: 'Tocsin: the page behind the link in a message',
    });
    props.state.connect(fn, { items: ['GetItem', 'PutItem', 'Query'] });
    props.due.connectSender(fn);

    const api = new HttpApi(this, 'Api', { apiName: `${prefix}-answer`, createDefaultStage: false });
    api.addRoutes({
      path: ANSWER_ROUTE,
      methods: [HttpMethod.GET, HttpMethod.POST],
      integration: new HttpLambdaIntegration('Answer', fn),
    });
    Validations.of(api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Whoever holds a link is let in: 128 random bits, one per message, bound to its responder, stored hashed.',
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      // Under this name API Gateway need not be added to the account's log policy, which has a size limit.
      logGroupName: `/aws/vendedlogs/${prefix}-answer`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: api,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(ACCESS_LOG),
      },
    });
    this.url = api.apiEndpoint;
  }

  /** Tells the function where links lead. */
  connectLinks(fn: LambdaFunction): void {
    setEnvironment<PagingEnv>(fn, { ANSWER_URL: this.url });
  }
}
