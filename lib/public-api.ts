/** What the internet may call: one HTTP API for the answer pages and the senders' webhooks, bounded route by route. */
import { Lazy, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  type HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { LambdaFunction } from './function.ts';

/** Requests a second, and as many at once. */
export type Throttle = { readonly rateLimit: number; readonly burstLimit: number };

export type PublicRoute = {
  readonly path: string;
  readonly methods: HttpMethod[];
  readonly fn: LambdaFunction;
  readonly throttle: Throttle;
  /** why it needs no authorizer: who is let in, and by what */
  readonly letsIn: string;
};

/** The route, never the path: the path of a link holds its token. */
const ACCESS_LOG = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  error: '$context.error.message',
});

export class PublicApi extends Construct {
  /** without a slash at its end */
  readonly url: string;
  private readonly api: HttpApi;
  private readonly stage: HttpStage;
  /** by route key, in CloudFormation's words */
  private readonly routeSettings: Record<string, object> = {};

  constructor(scope: Construct, id: string, { prefix }: { readonly prefix: string }) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', { apiName: prefix, createDefaultStage: false });
    const accessLog = new LogGroup(this, 'AccessLog', {
      // Under this name API Gateway need not be added to the account's log policy, which has a size limit.
      logGroupName: `/aws/vendedlogs/${prefix}-http`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(ACCESS_LOG),
      },
    });
    (this.stage.node.defaultChild as CfnStage).routeSettings = Lazy.any({
      produce: () => this.routeSettings,
    });
    this.url = this.api.apiEndpoint;
  }

  addRoute({ path, methods, fn, throttle, letsIn }: PublicRoute): void {
    const integration = new HttpLambdaIntegration('Function', fn);
    for (const route of this.api.addRoutes({ path, methods, integration })) {
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: letsIn });
      // The stage names the route, so the route comes first.
      this.stage.node.addDependency(route);
    }
    for (const method of methods) {
      this.routeSettings[`${method} ${path}`] = {
        ThrottlingRateLimit: throttle.rateLimit,
        ThrottlingBurstLimit: throttle.burstLimit,
      };
    }
  }

  /** Answers 5xx of all routes together: metrics by route are billed. */
  metricServerErrors(options: MetricOptions): Metric {
    return this.api.metricServerError(options);
  }
}
