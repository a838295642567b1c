/** The local world of `alertmanager-world.ts`, as its parent sees it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { webhookOf } from './alertmanager-alert.ts';
import type { PostedAlert } from './alertmanager-process.ts';
import type { FromWorld, ToWorld } from './alertmanager-world.ts';

const FILE = fileURLToPath(new URL('alertmanager-world.ts', import.meta.url));

export class LocalWorldProcess {
  /** when each message was accepted by SNS, on the machine's monotonic clock */
  readonly messages: number[] = [];
  private readonly child: ChildProcess;
  private readonly url: string;
  private readonly secret: string;

  private constructor(child: ChildProcess, url: string, secret: string) {
    this.child = child;
    this.url = url;
    this.secret = secret;
    child.on('message', (message: FromWorld) => {
      if (message.kind === 'message') this.messages.push(message.atMs);
    });
  }

  static async start(operationsFile: string, dataDir: string): Promise<LocalWorldProcess> {
    const child = fork(FILE, [operationsFile, dataDir], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const started = await next(child);
    if (started.kind !== 'started') throw new Error(`the local world began with ${started.kind}`);
    return new LocalWorldProcess(child, started.url, started.secret);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async post(alerts: readonly PostedAlert[]): Promise<void> {
    const answer = await fetch(new URL('/v1/alertmanager', this.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.secret}` },
      body: JSON.stringify(webhookOf(alerts)),
    });
    if (!answer.ok) throw new Error(`the local world answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  }

  /** @returns when the message of that number was accepted, 0 being the first */
  async notified(number: number): Promise<number> {
    while (this.messages.length <= number) await next(this.child);
    return this.messages[number]!;
  }

  /** So that the next alert waits for nobody's minute. */
  freeSlot = () => this.ask('free-slot');

  /** Until nothing waits in its queues. */
  idle = () => this.ask('idle');

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }

  private async ask(what: ToWorld): Promise<void> {
    this.child.send(what);
    while ((await next(this.child)).kind !== what);
  }
}

/** The next message of the process. */
async function next(child: ChildProcess): Promise<FromWorld> {
  const ended = new AbortController();
  const onExit = () => ended.abort(new Error(`the local world ended with ${child.exitCode}`));
  child.once('exit', onExit);
  try {
    const [message] = (await once(child, 'message', { signal: ended.signal })) as [FromWorld];
    return message;
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    child.off('exit', onExit);
  }
}
