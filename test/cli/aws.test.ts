import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutesIn, sampleAlert, team } from '../support/sample-alert.ts';
import { ACCOUNT, ARN, awsEnv, type Call, runTocsin, type Scripted, startAwsStub } from './run-tocsin.ts';

const alert = sampleAlert({ id: '3b2c9a0000000000' });
const HEADING = `AWS account ${ACCOUNT}, eu-west-1`;

let script: (call: Call) => Scripted;
let stub: Awaited<ReturnType<typeof startAwsStub>>;
beforeAll(async () => {
  stub = await startAwsStub((call) => script(call));
});
afterAll(() => stub.stop());

/** A stack that answers each command with one answer. */
function answering(answers: Record<string, Scripted>): void {
  stub.calls.length = 0;
  const known: Record<string, Scripted> = {
    sts: { answer: 'who asked' },
    operations: { answer: { kind: 'ok', operations: team, nowMs: minutesIn(5) } },
    ...answers,
  };
  script = ({ service, payload }) =>
    known[String(payload?.command ?? service)] ?? { status: 500, error: 'ServiceException' };
}

const onAws = (...args: string[]) => runTocsin([...args, '--target', 'aws'], awsEnv(stub.url));

describe('tocsin --target aws', () => {
  it('says which account and Region on its first line, and asks the function tocsin-operate', async () => {
    answering({ list: { answer: { kind: 'ok', alerts: [alert], total: 1 } } });
    const { code, stdout, stderr } = await onAws('alerts');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first, , line] = stdout.split('\n');
    expect(first).toBe(`${HEADING} at ${stub.url} (tocsin)`);
    expect(line).toMatch(
      /^3b2c9a {3}critical {3}triggered {3}5 min {3}checkout: orders-5xx-rate {3}level 1: Ana$/,
    );
    expect(stub.calls.map((call) => call.function)).toContain('tocsin-operate');
  });

  it('takes another prefix, and the target from TOCSIN_TARGET', async () => {
    answering({ list: { answer: { kind: 'ok', alerts: [], total: 0 } } });
    const env = { ...awsEnv(stub.url), TOCSIN_TARGET: 'aws' };
    const { stdout } = await runTocsin(['alerts', '--prefix', 'shop'], env);
    expect(stdout).toContain('(shop)\nNo open alerts. All is quiet.\n');
    expect(stub.calls.map((call) => call.function)).toContain('shop-operate');
  });

  it('prints JSON alone on stdout, and says where on stderr', async () => {
    answering({ list: { answer: { kind: 'ok', alerts: [alert], total: 9_812 } } });
    const { stdout, stderr } = await onAws('alerts', '--json');
    expect(JSON.parse(stdout)).toEqual(alert);
    expect(stderr).toBe(
      `${HEADING} at ${stub.url} (tocsin)\nthe latest 1 of 9,812; those before them: --skip 1\n`,
    );
  });

  it('works where the endpoint knows no STS: the account stays unknown', async () => {
    answering({
      sts: { status: 501, error: 'NotImplemented' },
      list: { answer: { kind: 'ok', alerts: [], total: 0 } },
    });
    expect((await onAws('alerts')).stdout).toMatch(/^AWS account unknown, eu-west-1/);
  });

  it.each<[string, Record<string, Scripted>, string[], number]>([
    ['expired', { sts: { status: 403, error: 'ExpiredToken' } }, ['have expired', 'sign in again'], 2],
    ['unknown', { sts: { status: 403, error: 'InvalidClientTokenId' } }, ['not accept', 'AWS_PROFILE'], 2],
    [
      'not allowed to invoke',
      { list: { status: 403, error: 'AccessDeniedException' } },
      [ARN, 'may not invoke tocsin-operate', 'managed policy tocsin-operator'],
      2,
    ],
    [
      'without the function',
      { list: { status: 404, error: 'ResourceNotFoundException' } },
      ['no function tocsin-operate in account 123456789012, eu-west-1', '--prefix', 'npm run deploy'],
      2,
    ],
    [
      'failing',
      { list: { functionError: 'out of memory' } },
      ['tocsin-operate failed: out of memory', '/aws/lambda/tocsin-operate'],
      1,
    ],
    ['ill', { list: { status: 500, error: 'ServiceException' } }, ['ServiceException'], 1],
  ])('says what to do when it is %s', async (_, answers, parts, exitCode) => {
    answering(answers);
    const { code, stderr } = await onAws('alerts');
    for (const part of parts) expect(stderr).toContain(part);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(exitCode);
  });

  it.each([
    [
      'no credentials',
      { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
      'no AWS credentials',
    ],
    [
      'a profile that is not there',
      { AWS_ACCESS_KEY_ID: undefined, AWS_PROFILE: 'nobody' },
      "there is no profile 'nobody' (AWS_PROFILE)",
    ],
    [
      'a profile that is not there, and so no Region',
      { AWS_ACCESS_KEY_ID: undefined, AWS_REGION: undefined, AWS_PROFILE: 'nobody' },
      "there is no profile 'nobody' (AWS_PROFILE)",
    ],
    ['no Region', { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined }, 'no AWS Region: set AWS_REGION'],
    [
      'an endpoint where nobody listens',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      'cannot reach http://127.0.0.1:9',
    ],
  ])('says what to do with %s', async (_, env, message) => {
    answering({});
    const { code, stdout, stderr } = await runTocsin(['alerts', '--target', 'aws'], {
      ...awsEnv(stub.url),
      ...env,
    });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(stdout).toBe('');
    expect(code).not.toBe(0);
  });

  it('takes AWS_DEFAULT_REGION where there is no AWS_REGION', async () => {
    answering({ list: { answer: { kind: 'ok', alerts: [], total: 0 } } });
    const env = { ...awsEnv(stub.url), AWS_REGION: undefined, AWS_DEFAULT_REGION: 'us-east-2' };
    const { stdout } = await runTocsin(['alerts', '--target', 'aws'], env);
    expect(stdout).toContain(`AWS account ${ACCOUNT}, us-east-2`);
  });

  it('asks again when it was throttled, and escalates once when the answer is lost', async () => {
    let throttled = 0;
    answering({});
    script = ({ payload }) => {
      if (payload?.command === 'operations') return { answer: { kind: 'ok', operations: team, nowMs: 0 } };
      if (payload?.command !== 'escalate') return { answer: {} };
      throttled += 1;
      return throttled === 1
        ? { status: 429, error: 'TooManyRequestsException' }
        : { status: 502, error: 'ServiceException', message: 'the answer is lost' };
    };
    const { code, stderr } = await onAws('escalate', alert.id);
    expect(stderr).toContain('the answer is lost');
    expect(code).toBe(1);
    expect(throttled).toBe(2);
  });
});

describe('tocsin doctor --target aws', () => {
  const healthy = {
    operations: { answer: { kind: 'ok', operations: team, nowMs: 0 } },
    audit: { answer: { kind: 'ok', findings: [], checkedAt: 0 } },
    ssm: { answer: { Parameter: { Value: '30' } } },
  };

  /** The audit and SSM have no command in what they are asked. */
  function asking(answers: Record<string, Scripted>): void {
    const known: Record<string, Scripted> = { sts: { answer: '' }, ...healthy, ...answers };
    script = ({ service, payload }) =>
      known[service === 'lambda' ? (payload?.audit ? 'audit' : String(payload?.command)) : service]!;
  }

  it('looks at credentials, Region and bootstrap, and exits 0 when all is well', async () => {
    asking({});
    const { code, stdout } = await onAws('doctor');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(1)).toEqual([
      `ok       Credentials and Region: ${ARN}, eu-west-1`,
      "ok       CDK's bootstrap: version 30",
      '',
      '2 checks: nothing to do.',
      '',
    ]);
  });

  it.each<[string, Record<string, Scripted>, number, string]>([
    [
      'is missing',
      { ssm: { status: 400, error: 'ParameterNotFound' } },
      1,
      'not there in this account and Region',
    ],
    ['is version 5', { ssm: { answer: { Parameter: { Value: '5' } } } }, 1, 'version 5, older than 6'],
    ['cannot be read', { ssm: { status: 400, error: 'ValidationException' } }, 1, 'could not be read'],
    [
      'is not for an operator to read',
      { ssm: { status: 400, error: 'AccessDeniedException' } },
      0,
      'not looked at, you may not read it',
    ],
  ])('says so when the bootstrap %s', async (_, answers, exitCode, message) => {
    asking(answers);
    const { code, stdout } = await onAws('doctor');
    expect(stdout).toContain(message);
    expect(code).toBe(exitCode);
  });

  it.each<[string, Record<string, Scripted>, string]>([
    [
      'credentials are expired',
      { sts: { status: 403, error: 'ExpiredToken' } },
      'Connection: the AWS credentials have expired',
    ],
    [
      'operate may not be invoked',
      { operations: { status: 403, error: 'AccessDeniedException' } },
      'Function tocsin-operate: ',
    ],
    [
      'audit is not there',
      { audit: { status: 404, error: 'ResourceNotFoundException' } },
      'Function tocsin-audit: there is no function tocsin-audit',
    ],
  ])('exits 2 when %s', async (_, answers, message) => {
    asking(answers);
    const { code, stdout } = await onAws('doctor');
    expect(stdout).toContain(`FAILURE  ${message}`);
    expect(code).toBe(2);
  });
});
