/** Reads the HTTP API of the template: its routes, each with its function and its limit. */
import type { Route } from './aws/http-api.ts';
import type { Throttle } from './aws/token-bucket.ts';
import type { FunctionSettings } from './functions/instance.ts';
import { type Assembly, ofType, type Properties } from './template.ts';
import { checkPermission } from './wire-checks.ts';

export function readRoutes({ resources }: Assembly, functions: readonly FunctionSettings[]): Route[] {
  const throttleOf = readThrottles(resources);
  const integrations = new Map(
    ofType(resources, 'AWS::ApiGatewayV2::Integration').map((one) => [one.attributes.Ref, one.properties]),
  );
  return ofType(resources, 'AWS::ApiGatewayV2::Route').map(({ properties, logicalId }) => {
    const authorization = properties.AuthorizationType ?? 'NONE';
    if (authorization !== 'NONE')
      throw new Error(`${logicalId}: ${authorization} authorization is not supported locally`);
    const integration = integrations.get(String(properties.Target).replace('integrations/', ''));
    if (integration?.IntegrationType !== 'AWS_PROXY' || integration.PayloadFormatVersion !== '2.0') {
      throw new Error(`${logicalId}: its integration is not AWS_PROXY in payload format 2.0`);
    }
    const arn = /arn:aws:lambda:[^/]*/.exec(String(integration.IntegrationUri))?.[0];
    const fn = functions.find((one) => one.arn === arn);
    if (!fn) throw new Error(`${logicalId}: its integration names no function of the template`);
    checkPermission(resources, fn.arn, 'apigateway.amazonaws.com');
    const key = String(properties.RouteKey);
    return { apiId: String(properties.ApiId), key, functionName: fn.name, throttle: throttleOf(key) };
  });
}

/** @returns the limit of a route: its own, or the stage's for each */
function readThrottles(resources: Assembly['resources']): (routeKey: string) => Throttle | undefined {
  const apis = ofType(resources, 'AWS::ApiGatewayV2::Api');
  const [stage, ...others] = ofType(resources, 'AWS::ApiGatewayV2::Stage');
  if (apis.length > 1 || others.length > 0)
    throw new Error('the template has more than one HTTP API or stage: the local world has one address');
  if (!stage) return () => undefined;
  const { attributes, logicalId, properties } = stage;
  if (attributes.Ref !== '$default')
    throw new Error(`${logicalId}: only the stage $default is supported locally`);
  const own = (properties.RouteSettings ?? {}) as Record<string, Properties>;
  const keys = ofType(resources, 'AWS::ApiGatewayV2::Route').map((route) => route.properties.RouteKey);
  const unknown = Object.keys(own).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new Error(`${logicalId}: its RouteSettings name no route: ${unknown}`);
  return (key) => throttle({ ...(properties.DefaultRouteSettings as Properties | undefined), ...own[key] });
}

function throttle({ ThrottlingRateLimit, ThrottlingBurstLimit }: Properties): Throttle | undefined {
  if (ThrottlingRateLimit === undefined || ThrottlingBurstLimit === undefined) return undefined;
  return { ratePerS: Number(ThrottlingRateLimit), burst: Number(ThrottlingBurstLimit) };
}
