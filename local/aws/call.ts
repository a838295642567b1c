/** A call to AWS as the SDK sends it: which service, which action, with what; and the answer in the same dialect. */
import type { HttpRequest, HttpResponse } from '../functions/http.ts';
import { openQueryAnswers, readForm } from './query-protocol.ts';

export type Input = Record<string, unknown>;

export type AwsCall = {
  service: 'dynamodb' | 'sqs' | 'sns' | 'cloudwatch' | 'lambda' | 'events' | 'sts' | 'ssm';
  action: string;
  input: Input;
  /** whether somebody stands behind it: SNS takes some calls from anybody */
  isSigned: boolean;
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
  AmazonSSM: 'ssm',
};

/** By the version of their API, which a form names. */
const QUERY_SERVICES: Record<string, { service: AwsCall['service']; namespace: string }> = {
  '2010-03-31': { service: 'sns', namespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
  '2011-06-15': { service: 'sts', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
};

const INVOCATION = /^\/2015-03-31\/functions\/([^/?]+)\/invocations/;
const ACCOUNT_SETTINGS = /^\/2016-08-19\/account-settings\/?$/;

/** @throws UnsupportedError naming what was called */
export function readCall(request: HttpRequest): AwsCall {
  const call = recognise(request);
  if (call) return { ...call, isSigned: request.headers.authorization !== undefined };
  throw new UnsupportedError(
    `${request.method} ${request.path.split('?')[0]} is no call that the local world answers: add its service in local/aws/call.ts`,
  );
}

type Unsigned = Omit<AwsCall, 'isSigned'>;

function recognise(request: HttpRequest): Unsigned | undefined {
  const target = request.headers['x-amz-target'];
  if (target) return readJsonCall(request, target);
  const invocation = INVOCATION.exec(request.path);
  if (invocation) return readInvocation(request, decodeURIComponent(invocation[1]!));
  if (ACCOUNT_SETTINGS.test(request.path)) return readLambdaCall('GetAccountSettings');
  // A link of SNS in an email has it in its query.
  const form = new URLSearchParams(request.body || request.path.split('?')[1]);
  const query = QUERY_SERVICES[form.get('Version') ?? ''];
  if (!query) return undefined;
  const action = form.get('Action') ?? '';
  return {
    service: query.service,
    action,
    input: readForm(form),
    ...openQueryAnswers(action, query.namespace),
  };
}

function readJsonCall(request: HttpRequest, target: string): Unsigned {
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

function readInvocation(request: HttpRequest, name: string): Unsigned {
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
    refuse: refuseRest,
  };
}

function readLambdaCall(action: string): Unsigned {
  const headers = { 'content-type': 'application/json' };
  return {
    service: 'lambda',
    action,
    input: {},
    answer: (output) => ({ status: 200, headers, body: JSON.stringify(output) }),
    refuse: refuseRest,
  };
}

function refuseRest({ code, message, status }: AwsError): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ Type: 'User', Message: message }),
  };
}
