/** What runs in the thread of the functions: see function-thread.ts. */
import { parentPort } from 'node:worker_threads';
import { type RealClock, realClock } from '../real-clock.ts';
import { type FromThread, machineMs, type ToThread } from './function-thread.ts';
import { type StartedInstance, startInstance } from './instance.ts';
import { socketsTo } from './sockets.ts';

type Of<Kind extends ToThread['kind']> = Extract<ToThread, { kind: Kind }>;

const port = parentPort!;
const instances = new Map<string, { instance: StartedInstance; clock: RealClock }>();

const tell = (message: FromThread) => port.postMessage(message);

function start({ settings, accessKeyId, region, endpoint, aheadMs }: Of<'start'>): void {
  // One for each, so that it is known whose timer has thrown.
  const clock = realClock(machineMs() + aheadMs, (error) =>
    tell({ kind: 'died', accessKeyId, reason: String((error as Error).stack ?? error) }),
  );
  const instance = startInstance(settings, accessKeyId, {
    clock,
    region,
    endpoint,
    random: Math.random,
    httpFor: () => socketsTo(endpoint),
    onLog: (line) => tell({ kind: 'line', accessKeyId, line }),
    onExternal: (request) => tell({ kind: 'external', accessKeyId, request }),
  });
  instances.set(accessKeyId, { instance, clock });
}

async function invoke({ accessKeyId, event, context }: Of<'invoke'>): Promise<unknown> {
  const { instance, clock } = instances.get(accessKeyId)!;
  const { endMs, ...data } = context;
  const getRemainingTimeInMillis = () => endMs - clock.nowMs();
  instance.requestId = context.awsRequestId;
  try {
    return await instance.handler(event, { ...data, getRemainingTimeInMillis });
  } finally {
    instance.requestId = undefined;
  }
}

function crash(accessKeyId: string): void {
  const found = instances.get(accessKeyId);
  found?.instance.crash('');
  found?.clock.stop();
  instances.delete(accessKeyId);
  tell({ kind: 'crashed', accessKeyId });
}

async function answer(question: Of<'start'> | Of<'invoke'>): Promise<void> {
  const { id, accessKeyId } = question;
  try {
    const value = question.kind === 'start' ? start(question) : await invoke(question);
    tell({ kind: 'done', id, accessKeyId, value });
  } catch (thrown) {
    const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    tell({ kind: 'failed', id, accessKeyId, name, message, stack });
  }
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'crash') crash(message.accessKeyId);
  else void answer(message);
});
