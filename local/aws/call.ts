/** A call to AWS as the SDK sends it: which service, which action, with what; and the answer in the same dialect. */
import type { HttpRequest, HttpResponse } from '../functions/http.ts';

export type Input = Record<string, unknown>;

export type AwsCall = {
  service: 'dynamodb' | 'sqs' | 'sns' | 'cloudwatch' | 'lambda' | 'events';
  action: string;
  input: Input;
  answer(output: unknown): HttpResponse;
  refuse(error: AwsError): HttpResponse;
};

/** A refusal as AWS would give it. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Something that AWS has and the local world has not: the world stops. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
}

const JSON_SERVICES: Record<string, AwsCall['service']> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  GraniteServiceVersion20100801: 'cloudwatch',
  AWSEvents: 'events',
};

const INVOCATION = /^\/2015-03-31\/functions\/([^/?]+)\/invocations/;

/** @throws UnsupportedError naming what was called */
export function readCall(request: HttpRequest): AwsCall {
  const target = request.headers['x-amz-target'];
  if (target) return readJsonCall(request, target);
  const invocation = INVOCATION.exec(request.path);
  if (invocation) return readInvocation(request, decodeURIComponent(invocation[1]!));
  const form = new URLSearchParams(request.body);
  if (form.get('Version') === '2010-03-31') return readSnsCall(form);
  throw new UnsupportedError(
    `${request.method} ${request.path.split('?')[0]} is no call that the local world answers: add its service in local/aws/call.ts`,
  );
}

function readJsonCall(request: HttpRequest, target: string): AwsCall {
  const [prefix = '', action = ''] = target.split('.');
  const service = JSON_SERVICES[prefix];
  if (!service) throw new UnsupportedError(`the local world has no ${prefix}: add it in local/aws/call.ts`);
  const type = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
  const answer = (status: number, body: unknown): HttpResponse => ({
    status,
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
  });
  return {
    service,
    action,
    input: JSON.parse(request.body || '{}') as Input,
    answer: (output) => answer(200, output),
    refuse: ({ code, message, status }) =>
      answer(status, { __type: `com.amazonaws.${service}#${code}`, message }),
  };
}

function readInvocation(request: HttpRequest, name: string): AwsCall {
  return {
    service: 'lambda',
    action: 'Invoke',
    input: {
      FunctionName: name.replace(/^arn:.*:function:/, ''),
      InvocationType: request.headers['x-amz-invocation-type'] ?? 'RequestResponse',
      Payload: request.body === '' ? {} : (JSON.parse(request.body) as unknown),
    },
    answer: (output) => {
      const { status, functionError, payload } = output as {
        status: number;
        functionError?: string;
        payload: unknown;
      };
      return {
        status,
        headers: {
          'content-type': 'application/json',
          'x-amz-executed-version': '$LATEST',
          ...(functionError ? { 'x-amz-function-error': functionError } : {}),
        },
        body: status === 202 ? '' : JSON.stringify(payload ?? null),
      };
    },
    refuse: ({ code, message, status }) => ({
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
      body: JSON.stringify({ Type: 'User', Message: message }),
    }),
  };
}

function readSnsCall(form: URLSearchParams): AwsCall {
  const action = form.get('Action') ?? '';
  const xml = (status: number, body: string): HttpResponse => ({
    status,
    headers: { 'content-type': 'text/xml' },
    body,
  });
  return {
    service: 'sns',
    action,
    input: nested(form),
    answer: (output) =>
      xml(
        200,
        `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${action}Result>${elements(output as Input)}</${action}Result><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${action}Response>`,
      ),
    refuse: ({ code, message, status }) =>
      xml(
        status,
        `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>${elements({ Code: code, Message: message })}</Error><RequestId>local</RequestId></ErrorResponse>`,
      ),
  };
}

/** `A.entry.1.Name=x` → `{ A: [{ Name: 'x' }] }`; `Action` and `Version` are no input. */
function nested(form: URLSearchParams): Input {
  const input: Input = {};
  for (const [path, value] of form) {
    if (path === 'Action' || path === 'Version') continue;
    let at = input;
    const parts = path.split('.').filter((part) => part !== 'entry' && part !== 'member');
    for (const part of parts.slice(0, -1)) {
      at[part] ??= {};
      at = at[part] as Input;
    }
    at[parts.at(-1)!] = value;
  }
  return input;
}

function elements(output: Input): string {
  return Object.entries(output)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
