/** Lambda: invokes the functions on instances of theirs, enforces their time limits, and tries again what failed. */
import { randomUUID } from 'node:crypto';
import {
  type FunctionSettings,
  type Instance,
  type InstanceOptions,
  type StartedInstance,
  type StartInstance,
  startInstance,
} from './instance.ts';
import { uuidOf } from './sandbox.ts';

export type Invocation =
  | { kind: 'answered'; payload: unknown }
  | { kind: 'failed'; errorType: string; errorMessage: string };

export type Invoke = (functionName: string, event: unknown) => Promise<Invocation>;

/** What CloudWatch counts of it. */
export type InvocationRecord = { at: number; function: string; failed: boolean };

type Options = InstanceOptions & {
  /** @default in this thread */
  startInstance?: StartInstance | undefined;
  onInvocation: (invocation: InvocationRecord) => void;
};

/** Lambda tries an asynchronous invocation that failed twice more. Source: Lambda guide, asynchronous invocation */
const ASYNC_RETRY_DELAYS_MS = [60_000, 120_000];

export type Functions = ReturnType<typeof openFunctions>;

export function openFunctions(functions: readonly FunctionSettings[], options: Options) {
  const { clock } = options;
  const idle = new Map<FunctionSettings, StartedInstance[]>();
  const byName = new Map(functions.map((settings) => [settings.name, settings]));
  /** what a deploy replaces, while it still takes some of the invocations */
  const leaving = new Map<string, { settings: FunctionSettings; untilMs: number }>();
  const alive = new Map<string, Instance>();
  let started = 0;

  const start = (settings: FunctionSettings): StartedInstance | Promise<StartedInstance> => {
    started += 1;
    const accessKeyId = `LOCAL${String(started).padStart(11, '0')}`;
    return (options.startInstance ?? startInstance)(settings, accessKeyId, options);
  };

  /** One that has ended since it was last used, by what it still had under way, is of no use to anybody. */
  const warm = (settings: FunctionSettings): StartedInstance | undefined => {
    const waiting = idle.get(settings) ?? [];
    for (;;) {
      const instance = waiting.pop();
      if (!instance?.dead) return instance;
    }
  };

  /** The code that takes the next invocation: during a deploy the old or the new. */
  const current = (name: string): FunctionSettings => {
    const settings = byName.get(name);
    if (!settings) throw new Error(`the template has no function ${name}`);
    const old = leaving.get(name);
    return old && clock.nowMs() < old.untilMs && options.random() < 0.5 ? old.settings : settings;
  };

  const run: Invoke = async (name, event) => {
    const settings = current(name);
    clock.touch();
    const requestId = options.randomBytes ? uuidOf(options.randomBytes) : randomUUID();
    const log = (line: string) => options.onLog({ at: clock.nowMs(), function: name, requestId, line });
    let instance: StartedInstance;
    try {
      const found = warm(settings) ?? start(settings);
      instance = found instanceof Promise ? await found : found;
    } catch (error) {
      log(`ERROR ${(error as Error).stack}`);
      return failed('Runtime.InitError', error);
    }
    alive.set(instance.accessKeyId, instance);
    instance.requestId = requestId;
    const invocation = await race(instance, event, requestId);
    instance.requestId = undefined;
    if (invocation.kind === 'failed') log(`ERROR ${invocation.errorType}: ${invocation.errorMessage}`);
    if (!instance.dead) {
      const others = idle.get(settings);
      if (others) others.push(instance);
      else idle.set(settings, [instance]);
    }
    clock.touch();
    return invocation;
  };

  const invoke: Invoke = (name, event) => {
    const at = clock.nowMs();
    const invocation = run(name, event).then((one) => {
      options.onInvocation({ at, function: name, failed: one.kind === 'failed' });
      return one;
    });
    clock.track(invocation);
    return invocation;
  };

  const race = (instance: StartedInstance, event: unknown, requestId: string): Promise<Invocation> =>
    new Promise((resolve) => {
      const { settings } = instance;
      const endMs = clock.nowMs() + settings.timeoutMs;
      const die = instance.crash;
      instance.crash = (reason) => {
        cancel();
        die(reason);
        resolve(failed('Runtime.ExitError', reason));
      };
      const cancel = clock.limit(settings.timeoutMs, () =>
        instance.crash(`Task timed out after ${(settings.timeoutMs / 1000).toFixed(2)} seconds`),
      );
      const context = {
        functionName: settings.name,
        functionVersion: '$LATEST',
        invokedFunctionArn: settings.arn,
        memoryLimitInMB: String(settings.memoryMb),
        awsRequestId: requestId,
        logGroupName: `/aws/lambda/${settings.name}`,
        logStreamName: instance.accessKeyId,
        callbackWaitsForEmptyEventLoop: true,
        getRemainingTimeInMillis: () => endMs - clock.nowMs(),
      };
      new Promise((answer) => answer(instance.handler(copy(event), context)))
        .then(
          (payload): Invocation => ({ kind: 'answered', payload: copy(payload) }),
          (error: unknown) => failed('Error', error),
        )
        .then((invocation) => {
          if (instance.dead) return;
          cancel();
          instance.crash = die;
          resolve(invocation);
        });
    });

  const invokeLater = (name: string, event: unknown, tries = 0): void => {
    clock.at(
      clock.nowMs() + (ASYNC_RETRY_DELAYS_MS[tries - 1] ?? 0),
      tries === 0 ? 'arrival' : 'due',
      async () => {
        const { kind } = await invoke(name, event);
        if (kind === 'failed' && tries < ASYNC_RETRY_DELAYS_MS.length) invokeLater(name, event, tries + 1);
      },
    );
  };

  return {
    invoke,
    /** Asynchronously, as rules and schedules do: it starts now, and what fails is tried again. */
    invokeLater: (name: string, event: unknown) => invokeLater(name, event),
    settings: (name: string) => byName.get(name),
    /** New code for the functions. Until then each invocation runs the old or the new; what runs goes on to its end. */
    deploy(functions: readonly FunctionSettings[], untilMs: number): void {
      for (const settings of functions) {
        const old = byName.get(settings.name);
        if (old) leaving.set(settings.name, { settings: old, untilMs });
        byName.set(settings.name, settings);
      }
    },
    byAccessKey: (accessKeyId: string) => alive.get(accessKeyId),
  };
}

function failed(errorType: string, error: unknown): Invocation {
  const { name, message } = error instanceof Error ? error : { name: errorType, message: String(error) };
  return { kind: 'failed', errorType: errorType === 'Error' ? name : errorType, errorMessage: message };
}

/** What crosses into or out of a function is JSON. */
function copy(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
