/** What runs in the thread of the functions: see function-thread.ts. */
import { parentPort } from 'node:worker_threads';
import { type RealClock, realClock } from '../real-clock.ts';
import { type FromThread, machineMs, type ToThread } from './function-thread.ts';
import { type StartedInstance, startInstance } from './instance.ts';
import { socketsTo } from './sockets.ts';

type Of<Kind extends ToThread['kind']> = Extract<ToThread, { kind: Kind }>;

const port = parentPort!;
const instances = new Map<string, StartedInstance>();
let clock: RealClock | undefined;

const tell = (message: FromThread) => port.postMessage(message);

/** What an instance does later and nobody waits for ends the world, as it ends an instance of Lambda. */
const stop = (error: unknown) => {
  throw error;
};

function start({ settings, accessKeyId, region, endpoint, aheadMs }: Of<'start'>): void {
  clock ??= realClock(machineMs() + aheadMs, stop);
  const instance = startInstance(settings, accessKeyId, {
    clock,
    region,
    endpoint,
    random: Math.random,
    httpFor: () => socketsTo(endpoint),
    onLog: (line) => tell({ kind: 'line', accessKeyId, line }),
    onExternal: (request) => tell({ kind: 'external', accessKeyId, request }),
  });
  instances.set(accessKeyId, instance);
}

async function invoke({ accessKeyId, event, context }: Of<'invoke'>): Promise<unknown> {
  const instance = instances.get(accessKeyId)!;
  const { remainingMs, ...data } = context;
  const endMs = clock!.nowMs() + remainingMs;
  const getRemainingTimeInMillis = () => endMs - clock!.nowMs();
  instance.requestId = context.awsRequestId;
  try {
    return await instance.handler(event, { ...data, getRemainingTimeInMillis });
  } finally {
    instance.requestId = undefined;
  }
}

async function answer(message: Of<'start'> | Of<'invoke'>): Promise<void> {
  const { id } = message;
  try {
    tell({ kind: 'done', id, value: message.kind === 'start' ? start(message) : await invoke(message) });
  } catch (thrown) {
    const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    tell({ kind: 'failed', id, name, message, stack });
  }
}

port.on('message', (message: ToThread) => {
  if (message.kind !== 'crash') return void answer(message);
  instances.get(message.accessKeyId)?.crash('');
  instances.delete(message.accessKeyId);
});
