/**
 * Instances of functions in a thread of their own, beside the world: they compute while it works, and reach it through
 * sockets alone, as on AWS. For real time only: whether a thread still works, a clock that jumps could not see.
 */
import { Worker } from 'node:worker_threads';
import type { ExternalRequest } from './external.ts';
import type { FunctionSettings, Instance, InstanceOptions, LogLine, StartInstance } from './instance.ts';

export type FunctionThread = { startInstance: StartInstance; stop(): Promise<void> };

/** What the thread is told. `id`: of the question, which its answer bears. */
export type ToThread =
  | {
      kind: 'start';
      id: number;
      settings: FunctionSettings;
      accessKeyId: string;
      region: string;
      endpoint: string;
      /** what the world's clock shows, less what this machine's shows */
      aheadMs: number;
    }
  | { kind: 'invoke'; id: number; accessKeyId: string; event: unknown; context: InvocationContext }
  | { kind: 'crash'; accessKeyId: string };

/** Lambda's, as far as it is data. */
export type InvocationContext = { awsRequestId: string; remainingMs: number } & Record<string, unknown>;

export type FromThread =
  | { kind: 'done'; id: number; value?: unknown }
  | { kind: 'failed'; id: number; name: string; message: string; stack: string | undefined }
  | { kind: 'line'; accessKeyId: string; line: LogLine }
  | { kind: 'external'; accessKeyId: string; request: ExternalRequest };

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

export function startFunctionThread(): FunctionThread {
  const worker = new Worker(new URL('function-thread.mjs', import.meta.url));
  const waiting = new Map<number, Waiting>();
  const started = new Map<string, InstanceOptions>();
  let questions = 0;

  const tell = (message: ToThread) => worker.postMessage(message);
  const ask = (question: (id: number) => ToThread): Promise<unknown> =>
    new Promise((resolve, reject) => {
      questions += 1;
      waiting.set(questions, { resolve, reject });
      tell(question(questions));
    });
  const settle = (id: number): Waiting | undefined => {
    const asker = waiting.get(id);
    waiting.delete(id);
    return asker;
  };

  worker.on('message', (message: FromThread) => {
    switch (message.kind) {
      case 'done':
        return settle(message.id)?.resolve(message.value);
      case 'failed': {
        const { id, name, message: text, stack } = message;
        return settle(id)?.reject(Object.assign(new Error(text), { name, stack }));
      }
      case 'line':
        return started.get(message.accessKeyId)?.onLog(message.line);
      case 'external':
        return started.get(message.accessKeyId)?.onExternal(message.request);
    }
  });
  // What nobody caught there ends this process, too, as it would have here.
  worker.on('error', (error) => {
    throw error;
  });

  return {
    async startInstance(settings, accessKeyId, options) {
      const { clock, region, endpoint } = options;
      started.set(accessKeyId, options);
      const aheadMs = clock.nowMs() - machineMs();
      await ask((id) => ({ kind: 'start', id, settings, accessKeyId, region, endpoint, aheadMs }));
      const instance: Instance = {
        settings,
        accessKeyId,
        requestId: undefined,
        dead: false,
        crash() {
          instance.dead = true;
          started.delete(accessKeyId);
          tell({ kind: 'crash', accessKeyId });
        },
      };
      const handler = (event: unknown, context: unknown) =>
        ask((id) => ({ kind: 'invoke', id, accessKeyId, event, context: dataOf(context as LambdaContext) }));
      return Object.assign(instance, { handler });
    },
    async stop() {
      await worker.terminate();
    },
  };
}

/** The same in every thread, and no step of the system's clock moves it. */
export function machineMs(): number {
  return performance.timeOrigin + performance.now();
}

type LambdaContext = { awsRequestId: string; getRemainingTimeInMillis(): number };

function dataOf({ getRemainingTimeInMillis, ...data }: LambdaContext): InvocationContext {
  return { ...data, remainingMs: getRemainingTimeInMillis() };
}
