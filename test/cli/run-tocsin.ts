/** Runs the command line in this process, and an endpoint that speaks as AWS does for it to talk to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import { main } from '../../cli/main.ts';

export type Ran = { code: number; stdout: string; stderr: string };

/** What the endpoint answers a call with: a service's error, or a function's answer. */
export type Scripted =
  | { answer: unknown }
  | { status: number; error: string; message?: string }
  | { functionError: string };

export type Call = {
  service: 'sts' | 'ssm' | 'lambda';
  function?: string;
  payload?: Record<string, unknown>;
};

const REGION = 'eu-west-1';
export const ACCOUNT = '123456789012';
export const ARN = `arn:aws:sts::${ACCOUNT}:assumed-role/operator/ana`;

/** @param env  for the time of the run; undefined unsets */
export async function runTocsin(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const ran: Ran = { code: 0, stdout: '', stderr: '' };
  const before = { env: { ...process.env }, exitCode: process.exitCode };
  const streams = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      ran[name] += String(text);
      return true;
    }),
  );
  const signals = (['SIGINT', 'SIGTERM'] as const).map((name) => [name, process.rawListeners(name)] as const);
  const onError = process.stdout.rawListeners('error');
  Object.assign(process.env, env);
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete process.env[name];
  process.exitCode = 0;
  try {
    await main(['node', 'tocsin', ...args]);
    ran.code = Number(process.exitCode);
  } finally {
    for (const stream of streams) stream.mockRestore();
    for (const [name, listeners] of signals) removeNew(process, name, listeners);
    removeNew(process.stdout, 'error', onError);
    process.env = before.env;
    process.exitCode = before.exitCode;
  }
  return ran;
}

/** Credentials and Region of nobody, and an endpoint in AWS's place. */
export function awsEnv(endpoint: string): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

/** Speaks Lambda's, STS's and SSM's protocols on a port of its own. */
export async function startAwsStub(script: (call: Call) => Scripted) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(request.url ?? '')?.[1];
    const isSsm = String(request.headers['x-amz-target']).startsWith('AmazonSSM.');
    const service = invoked ? 'lambda' : isSsm ? 'ssm' : 'sts';
    const call: Call = {
      service,
      ...(invoked && { function: invoked }),
      ...(service !== 'sts' && { payload: JSON.parse(body) as Record<string, unknown> }),
    };
    calls.push(call);
    const scripted = script(call);
    if ('error' in scripted) {
      const { status, error, message = error } = scripted;
      const isXml = service === 'sts';
      response.writeHead(status, {
        'x-amzn-errortype': error,
        'content-type': isXml ? 'text/xml' : 'application/json',
      });
      response.end(
        isXml
          ? `<ErrorResponse><Error><Type>Sender</Type><Code>${error}</Code><Message>${message}</Message></Error></ErrorResponse>`
          : JSON.stringify({ __type: error, Message: message, message }),
      );
    } else if ('functionError' in scripted) {
      response.writeHead(200, { 'x-amz-function-error': 'Unhandled' });
      response.end(JSON.stringify({ errorType: 'Error', errorMessage: scripted.functionError }));
    } else {
      response.writeHead(200);
      response.end(service === 'sts' ? IDENTITY : JSON.stringify(scripted.answer));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    invocations: () => calls.filter(({ service }) => service === 'lambda').map(({ payload }) => payload),
    stop: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>${ARN}</Arn><UserId>AROAEXAMPLE:ana</UserId><Account>${ACCOUNT}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

function removeNew(emitter: NodeJS.EventEmitter, name: string, before: readonly unknown[]): void {
  for (const listener of emitter.rawListeners(name)) {
    if (!before.includes(listener)) emitter.removeListener(name, listener as () => void);
  }
}
