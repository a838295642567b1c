/** The HTTP API of the template: its routes, each to its function, in payload format 2.0. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Invoke } from '../functions/functions.ts';
import type { HttpResponse } from '../functions/http.ts';
import { type Throttle, tokenBucket } from './token-bucket.ts';

export type Route = {
  apiId: string;
  key: string;
  functionName: string;
  throttle?: Throttle | undefined;
};

/** What a function was asked for; what API Gateway refuses by itself is no 5xx. */
export type HttpAnswered = { at: number; apiId: string; status: number };

export type PublicRequest = {
  method: string;
  /** with its query */
  path: string;
  headers?: Record<string, string>;
  /** as it came */
  body?: string | Buffer;
};

type Answer = {
  statusCode?: number;
  headers?: Record<string, unknown>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
};

const SOURCE_IP = '127.0.0.1';

/** What Lambda takes at once, with what API Gateway puts around a body. Source: Lambda quotas */
const PAYLOAD_MOST_BYTES = 6 * 1024 * 1024;

export function openHttpApi(
  routes: readonly Route[],
  clock: Clock,
  place: { account: string; publicUrl: string },
  invoke: Invoke,
  onAnswer: (answered: HttpAnswered) => void = () => undefined,
) {
  const buckets = new Map(
    routes.flatMap(({ key, throttle }) => (throttle ? [[key, tokenBucket(clock, throttle)]] : [])),
  );
  return async (request: PublicRequest): Promise<HttpResponse> => {
    const [path = '/', query = ''] = request.path.split(/\?(.*)/s);
    const found = find(routes, request.method, path);
    if (!found) return message(404, 'Not Found');
    const take = buckets.get(found.route.key);
    if (take && !take()) return message(429, 'Too Many Requests');
    const sent = event(request, path, query, found, clock.nowMs(), place);
    if (Buffer.byteLength(JSON.stringify(sent)) > PAYLOAD_MOST_BYTES) return message(413, 'Request Too Long');
    const result = await invoke(found.route.functionName, sent);
    const answer =
      result.kind === 'failed' ? message(500, 'Internal Server Error') : response(result.payload);
    onAnswer({ at: clock.nowMs(), apiId: found.route.apiId, status: answer.status });
    return answer;
  };
}

type Found = { route: Route; parameters: Record<string, string> };

/** Of several routes that fit, the one that names most. */
function find(routes: readonly Route[], method: string, path: string): Found | undefined {
  const fitting = routes.flatMap((route): (Found & { names: number })[] => {
    if (route.key === '$default') return [{ route, parameters: {}, names: -1 }];
    const [routeMethod, routePath = ''] = route.key.split(' ');
    if (routeMethod !== method && routeMethod !== 'ANY') return [];
    const pattern = routePath.replace(
      /\{(\w+)(\+?)\}/g,
      (_, name, greedy) => `(?<${name}>${greedy ? '.+' : '[^/]+'})`,
    );
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (!match) return [];
    const parameters = Object.entries(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    return [{ route, parameters: Object.fromEntries(parameters), names: -parameters.length }];
  });
  return fitting.sort((a, b) => b.names - a.names)[0];
}

/** Source: API Gateway guide, payload format version 2.0 */
function event(
  { method, headers = {}, body }: PublicRequest,
  path: string,
  query: string,
  { route, parameters }: Found,
  nowMs: number,
  { account, publicUrl }: { account: string; publicUrl: string },
) {
  const host = new URL(publicUrl).host;
  const sent = Object.fromEntries(
    Object.entries({ host, ...headers }).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { cookie, ...rest } = sent as Record<string, string>;
  const isText =
    body === undefined ||
    /^(text\/|application\/(json|javascript|xml|.*\+(json|xml)))/.test(sent['content-type'] ?? 'text/plain');
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers: rest,
    ...(query === '' ? {} : { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    requestContext: {
      accountId: account,
      apiId: 'local',
      domainName: host,
      domainPrefix: 'local',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: SOURCE_IP, userAgent: sent['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: '$default',
      time: new Date(nowMs).toUTCString(),
      timeEpoch: nowMs,
    },
    ...(body === undefined ? {} : { body: Buffer.from(body).toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText,
  };
}

/** An answer without a statusCode is a body. */
function response(payload: unknown): HttpResponse {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload ?? ''),
    };
  }
  const { statusCode = 200, headers = {}, cookies, body = '', isBase64Encoded } = payload as Answer;
  return {
    status: statusCode,
    headers: {
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      ...(cookies ? { 'set-cookie': cookies.join(', ') } : {}),
    },
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
}

/** What API Gateway itself answers. */
function message(status: number, text: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: text }),
  };
}
