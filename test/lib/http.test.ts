import { beforeAll, describe, expect, it } from 'vitest';
import { resourcesOf, resourceWith, synthesizeForTest, type Template } from './synthesized.ts';

let template: Template;
beforeAll(async () => {
  template = (await synthesizeForTest()).operations;
});

const ROUTES = ['GET /a', 'GET /a/{token}', 'POST /a/{token}', 'POST /v1/alertmanager', 'POST /v2/enqueue'];

const stageOf = () => resourcesOf(template, 'AWS::ApiGatewayV2::Stage')[0]!;

describe('PublicApi', () => {
  it('is one API with 5 routes, and answers no other', () => {
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::Api').map(({ Properties }) => Properties.Name)).toEqual([
      'tocsin',
    ]);
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(
      ({ Properties }) => Properties.RouteKey,
    );
    expect(routes.sort()).toEqual(ROUTES);
  });

  it.each([
    ['GET /a', 5, 10],
    ['GET /a/{token}', 20, 40],
    ['POST /a/{token}', 20, 40],
    ['POST /v1/alertmanager', 100, 200],
    ['POST /v2/enqueue', 100, 200],
  ])('takes %s at most %i times a second, %i at once', (route, rate, burst) => {
    expect(stageOf().Properties.RouteSettings[route]).toEqual({
      ThrottlingRateLimit: rate,
      ThrottlingBurstLimit: burst,
    });
  });

  it('bounds every route that it has', () => {
    expect(Object.keys(stageOf().Properties.RouteSettings).sort()).toEqual(ROUTES);
  });

  it('makes its stage after the routes that the stage names', () => {
    const routes = Object.entries(template.Resources).filter(
      ([, { Type }]) => Type === 'AWS::ApiGatewayV2::Route',
    );
    expect(stageOf().DependsOn).toEqual(expect.arrayContaining(routes.map(([id]) => id)));
  });

  it('logs the route, but never the path with its token', () => {
    const { Format } = stageOf().Properties.AccessLogSettings;
    expect(Format).toContain('$context.routeKey');
    expect(Format).not.toMatch(/\$context\.(path|http)/i);
  });
});

describe('Webhooks', () => {
  it.each([
    ['PagerDutyUrl', '/v2/enqueue'],
    ['AlertmanagerUrl', '/v1/alertmanager'],
  ])('tells in %s the address of the API that ends in %s', (output, path) => {
    const [, { Value }] = Object.entries(template.Outputs).find(([id]) => id.includes(output))!;
    const { id } = resourceWith(template, 'AWS::ApiGatewayV2::Api', 'Name', 'tocsin');
    expect(Value).toEqual({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'ApiEndpoint'] }, path]] });
  });
});
