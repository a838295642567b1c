/** From the invocation of intake with a fresh alarm to the arrival of its first page, beside a bare handler. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Timings } from './event-runner.ts';
import { type Figure, figure, median, medianRatio } from './figure.ts';
import { ENVIRONMENT, type Workshop } from './workshop.ts';

/** Source: design, Numbers to hold */
const BOUND = 1.15;

/** So large that no collection falls into the few milliseconds that are measured. */
const V8_FLAGS = ['--expose-gc', '--max-semi-space-size=64'];

export async function measureEventToPublish(workshop: Workshop): Promise<Figure[]> {
  const stub = start(workshop.awsStub, [], {});
  try {
    const address = `http://127.0.0.1:${await messageOf<number>(stub)}`;
    const files = [workshop.bundles.intake.real, workshop.bareHandler];
    const runner = start(workshop.eventRunner, [address, ...files], {
      ...ENVIRONMENT,
      AWS_ENDPOINT_URL: address,
    });
    const { intake, bare } = await messageOf<{ intake: Timings; bare: Timings }>(runner);
    return [
      figure('event-to-publish', medianRatio(intake.firstMs, bare.firstMs), 'ratio', BOUND),
      figure('event-to-publish:last-page', medianRatio(intake.lastMs, bare.lastMs), 'ratio', null),
      figure('event-to-publish:intake', median(intake.firstMs), 'ms', null),
      figure('event-to-publish:bare', median(bare.firstMs), 'ms', null),
    ];
  } finally {
    stub.disconnect();
  }
}

function start(file: string, args: string[], env: Record<string, string>): ChildProcess {
  return fork(file, args, { env, execArgv: V8_FLAGS, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

/** The one message of a process; what it wrote to stderr when it ends without. */
function messageOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    child.stderr?.on('data', (text) => {
      complaint += text;
    });
    child.once('message', (message) => resolve(message as T));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}: ${complaint}`)));
  });
}
