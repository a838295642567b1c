/** One running copy of a function, as Lambda starts it: its code, its surroundings, and the end that a crash puts to it. */
import type { Clock } from '../clock.ts';
import { type AnswerExternal, type ExternalRequest, externalFetch } from './external.ts';
import { type Handler, loadBundle } from './load-bundle.ts';
import { openSandbox, type RandomBytes } from './sandbox.ts';

export type FunctionSettings = {
  name: string;
  arn: string;
  roleArn: string;
  /** the asset that the template names */
  directory: string;
  env: Record<string, string>;
  timeoutMs: number;
  memoryMb: number;
};

/** One running copy of a function. While `requestId` is set it is busy. */
export type Instance = {
  settings: FunctionSettings;
  accessKeyId: string;
  requestId: string | undefined;
  /** nothing that it still does has any effect */
  dead: boolean;
  /** ends it now, in the middle of whatever it does */
  crash(reason: string): void;
};

export type StartedInstance = Instance & { handler: Handler };

export type LogLine = { at: number; function: string; requestId: string | undefined; line: string };

export type InstanceOptions = {
  clock: Clock;
  region: string;
  endpoint: string;
  random: () => number;
  randomBytes?: RandomBytes | undefined;
  /** what `node:http` and `node:https` are for it: its way to AWS */
  httpFor: (instance: Instance) => object;
  onLog: (line: LogLine) => void;
  /** plays what is outside of AWS; default: it answers 200 to everything */
  external?: AnswerExternal | undefined;
  onExternal: (request: ExternalRequest) => void;
};

/** A cold start. `accessKeyId`: by which the world knows whose call one is. @throws whatever its code throws while it loads */
export type StartInstance = (
  settings: FunctionSettings,
  accessKeyId: string,
  options: InstanceOptions,
) => StartedInstance | Promise<StartedInstance>;

/** In this thread. */
export function startInstance(
  settings: FunctionSettings,
  accessKeyId: string,
  options: InstanceOptions,
): StartedInstance {
  const { clock } = options;
  const instance: Instance = {
    settings,
    accessKeyId,
    requestId: undefined,
    dead: false,
    crash: () => undefined,
  };
  const onLine = (line: string) =>
    options.onLog({ at: clock.nowMs(), function: settings.name, requestId: instance.requestId, line });
  const sandbox = openSandbox({
    directory: settings.directory,
    env: environment(settings, accessKeyId, options),
    clock,
    random: options.random,
    randomBytes: options.randomBytes,
    http: options.httpFor(instance),
    fetch: externalFetch({
      clock,
      functionName: settings.name,
      answer: options.external ?? (() => 200),
      onRequest: options.onExternal,
      onLine,
    }),
    onLine,
  });
  const handler = loadBundle(settings.directory).start(sandbox);
  return Object.assign(instance, {
    handler,
    crash() {
      instance.dead = true;
      sandbox.close();
    },
  });
}

/** What the template says, and what Lambda itself sets; nothing of this process. */
function environment(
  { name, env, memoryMb, directory }: FunctionSettings,
  accessKeyId: string,
  { region, endpoint }: InstanceOptions,
): Record<string, string> {
  return {
    ...env,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: accessKeyId,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: directory,
    TZ: ':UTC',
    HOME: directory,
  };
}
