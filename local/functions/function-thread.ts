/**
 * Instances of functions in a thread of their own, beside the world: they compute while it works, and reach it through
 * sockets alone, as on AWS. For real time only: whether a thread still works, a clock that jumps could not see.
 */
import { Worker } from 'node:worker_threads';
import type { ExternalRequest } from './external.ts';
import type {
  FunctionSettings,
  InstanceOptions,
  LogLine,
  StartedInstance,
  StartInstance,
} from './instance.ts';

export type FunctionThread = { startInstance: StartInstance; stop(): Promise<void> };

/** What the thread is told. `id`: of the question, which its answer bears. */
export type ToThread = { accessKeyId: string } & (
  | {
      kind: 'start';
      id: number;
      settings: FunctionSettings;
      region: string;
      endpoint: string;
      /** what the world's clock shows, less what this machine's shows */
      aheadMs: number;
    }
  | { kind: 'invoke'; id: number; event: unknown; context: InvocationContext }
  | { kind: 'crash' }
);

/** Lambda's, as far as it is data; `endMs` by the world's clock. */
export type InvocationContext = { awsRequestId: string; endMs: number } & Record<string, unknown>;

export type FromThread = { accessKeyId: string } & (
  | { kind: 'done'; id: number; value?: unknown }
  | { kind: 'failed'; id: number; name: string; message: string; stack: string | undefined }
  | { kind: 'line'; line: LogLine }
  | { kind: 'external'; request: ExternalRequest }
  /** of itself: by an error that nobody was there to catch */
  | { kind: 'died'; reason: string }
  /** since it was told to crash; nothing more comes of it */
  | { kind: 'crashed' }
);

type Asker = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** An instance as it is known here. */
type Remote = { options: InstanceOptions; askers: Map<number, Asker>; instance?: StartedInstance };

/** Lambda gives a function as long to load. Source: Lambda guide, execution environments */
const START_MOST_MS = 10_000;

/** A thread that does not answer within this computes without end. */
const CRASH_MOST_MS = 5_000;

export function startFunctionThread(): FunctionThread {
  const remotes = new Map<string, Remote>();
  let questions = 0;
  let isStopping = false;
  /** absent after it has ended: the next start begins another */
  let worker: Worker | undefined = startWorker();

  function startWorker(): Worker {
    const started = new Worker(new URL('function-thread.mjs', import.meta.url));
    started.on('message', hear);
    let reason = 'the thread of the functions was ended';
    started.on('error', (error) => {
      reason = `the thread of the functions ended: ${error.stack}`;
    });
    started.on('exit', () => {
      if (!isStopping) lose(reason);
    });
    return started;
  }
  /** As when Lambda loses a machine: all that ran there has failed, and the next start is a cold one. */
  function lose(reason: string): void {
    const lost = [...remotes.values()];
    remotes.clear();
    worker = undefined;
    for (const remote of lost) end(remote, reason);
  }
  function hear(message: FromThread): void {
    const { accessKeyId } = message;
    const remote = remotes.get(accessKeyId);
    if (!remote) return;
    if (message.kind === 'line') remote.options.onLog(message.line);
    else if (message.kind === 'external') remote.options.onExternal(message.request);
    else if (message.kind === 'crashed') remotes.delete(accessKeyId);
    else if (message.kind === 'died') end(remote, message.reason);
    else settle(remote, message);
  }
  const ask = ({ askers }: Remote, question: (id: number) => ToThread): Promise<unknown> =>
    new Promise((resolve, reject) => {
      questions += 1;
      askers.set(questions, { resolve, reject });
      worker ??= startWorker();
      worker.postMessage(question(questions) satisfies ToThread);
    });
  const crash = (accessKeyId: string, { options: { clock }, askers }: Remote) => {
    askers.clear();
    worker?.postMessage({ kind: 'crash', accessKeyId } satisfies ToThread);
    clock.limit(CRASH_MOST_MS, async () => {
      if (remotes.has(accessKeyId) && !isStopping) await worker?.terminate();
    });
  };

  return {
    async startInstance(settings, accessKeyId, options) {
      if (options.external || options.randomBytes) {
        throw new Error(
          'what plays the outside, or repeats a run, does not reach the thread of the functions',
        );
      }
      const { clock, region, endpoint } = options;
      const remote: Remote = { options, askers: new Map() };
      remotes.set(accessKeyId, remote);
      const aheadMs = clock.nowMs() - machineMs();
      const cancel = clock.limit(START_MOST_MS, () =>
        end(remote, `it did not load within ${START_MOST_MS} ms`),
      );
      try {
        await ask(remote, (id) => ({ kind: 'start', id, settings, accessKeyId, region, endpoint, aheadMs }));
      } catch (error) {
        crash(accessKeyId, remote);
        throw error;
      } finally {
        cancel();
      }
      const instance: StartedInstance = {
        settings,
        accessKeyId,
        requestId: undefined,
        dead: false,
        crash() {
          instance.dead = true;
          if (remotes.has(accessKeyId)) crash(accessKeyId, remote);
        },
        handler: (event, context) =>
          ask(remote, (id) => {
            const { getRemainingTimeInMillis, ...data } = context as LambdaContext;
            const endMs = clock.nowMs() + getRemainingTimeInMillis();
            return { kind: 'invoke', id, accessKeyId, event, context: { ...data, endMs } };
          }),
      };
      remote.instance = instance;
      return instance;
    },
    async stop() {
      isStopping = true;
      await worker?.terminate();
    },
  };
}

function settle({ askers }: Remote, message: Extract<FromThread, { kind: 'done' | 'failed' }>): void {
  const asker = askers.get(message.id);
  askers.delete(message.id);
  if (message.kind === 'done') {
    asker?.resolve(message.value);
  } else {
    const { name, message: text, stack } = message;
    asker?.reject(Object.assign(new Error(text), { name, stack }));
  }
}

/** It is dead, or will not start: whoever waits for it hears that, and the log says why. */
function end({ instance, options, askers }: Remote, reason: string): void {
  if (!instance) {
    for (const { reject } of askers.values()) reject(new Error(reason));
    return;
  }
  const { requestId, settings } = instance;
  const line = `ERROR ${reason}`;
  options.onLog({ at: options.clock.nowMs(), function: settings.name, requestId, line });
  instance.crash(reason);
}

/** The same in every thread, and no step of the system's clock moves it. */
export function machineMs(): number {
  return performance.timeOrigin + performance.now();
}

type LambdaContext = { awsRequestId: string; getRemainingTimeInMillis(): number };
