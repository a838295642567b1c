import { afterAll, describe, expect, it } from 'vitest';
import { createVirtualWorld } from '../../local/virtual-world.ts';
import { getAtt, ref, removeAssemblies, writeAssembly } from '../support/tiny-assembly.ts';

const START_MS = Date.UTC(2026, 0, 5, 3);

const ECHO = `export const handler = async ({ body, isBase64Encoded }) => ({
  statusCode: 200,
  body: JSON.stringify({ bytes: body?.length ?? 0, start: body?.slice(0, 12), isBase64Encoded }),
});`;

afterAll(removeAssemblies);

function route(key: string) {
  return {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: ref('Api'),
      RouteKey: key,
      Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
    },
  };
}

function open(stage: object = {}) {
  const resources = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: ref('Api'), StageName: '$default', ...stage },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('Api'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: getAtt('Fn-echo'),
        PayloadFormatVersion: '2.0',
      },
    },
    Answer: route('GET /a/{token}'),
    Hook: route('POST /hook'),
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: getAtt('Fn-echo'), Principal: 'apigateway.amazonaws.com' },
    },
  };
  const assembly = writeAssembly({ main: { Resources: resources } }, { echo: { source: ECHO } });
  return createVirtualWorld({ assembly, startMs: START_MS });
}

describe('throttling', () => {
  const limits = {
    DefaultRouteSettings: { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3 },
    RouteSettings: { 'POST /hook': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 } },
  };
  const statuses = async (
    world: Awaited<ReturnType<typeof open>>,
    method: string,
    path: string,
    count: number,
  ) => {
    const answers = [];
    for (let n = 0; n < count; n += 1) answers.push(await world.request({ method, path }));
    return answers.map(({ status }) => status);
  };

  it('takes 3 at once where the stage says 3, 5 where the route says 5, and says so with 429', async () => {
    const world = await open(limits);
    expect(await statuses(world, 'GET', '/a/t', 4)).toEqual([200, 200, 200, 429]);
    expect(await statuses(world, 'POST', '/hook', 6)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await world.request({ method: 'POST', path: '/hook' })).toMatchObject({
      status: 429,
      body: '{"message":"Too Many Requests"}',
    });
  });

  it('takes 2 more a second on the clock of the world, and never more than 3 at once', async () => {
    const world = await open(limits);
    await statuses(world, 'GET', '/a/t', 3);
    await world.advanceBy(1_000);
    expect(await statuses(world, 'GET', '/a/t', 3)).toEqual([200, 200, 429]);
    await world.advanceBy(3_600_000);
    expect(await statuses(world, 'GET', '/a/t', 4)).toEqual([200, 200, 200, 429]);
  });

  it('is refused for a route that there is not', async () => {
    const RouteSettings = { 'POST /nowhere': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } };
    await expect(open({ RouteSettings })).rejects.toThrow('its RouteSettings name no route: POST /nowhere');
  });
});

describe('a body', () => {
  const post = async (type: string, body: string | Buffer) => {
    const world = await open();
    const answer = await world.request({
      method: 'POST',
      path: '/hook',
      headers: { 'content-type': type },
      body,
    });
    return { ...answer, ...JSON.parse(answer.body) };
  };

  it('of JSON is text, of anything binary base64, byte for byte', async () => {
    expect(await post('application/json; charset=utf-8', '{"a":"é"}')).toMatchObject({
      start: '{"a":"é"}',
      isBase64Encoded: false,
    });
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    expect(await post('application/octet-stream', bytes)).toMatchObject({
      start: bytes.toString('base64'),
      isBase64Encoded: true,
    });
  });

  it('of 5 MB is handed over, of 7 MB refused: Lambda takes 6', async () => {
    expect(await post('text/plain', 'x'.repeat(5_000_000))).toMatchObject({ status: 200, bytes: 5_000_000 });
    expect(await post('text/plain', 'x'.repeat(7_000_000))).toMatchObject({
      status: 413,
      message: 'Request Too Long',
    });
  });
});
