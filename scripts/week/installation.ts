/** A local world in a process of its own, reached as its users reach it: the command line, and HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export type Ran = { code: number; stdout: string; stderr: string };

export type InboxMessage = {
  at: number;
  channel: 'sms' | 'email';
  to: string;
  subject?: string;
  body: string;
  delivered: boolean;
  dropReason?: string;
};

export class Installation {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tocsin-week-'));
  private world: ChildProcess | undefined;
  url = '';

  /** Starts the world, or starts it again over what it kept. */
  async start(operationsFile: string): Promise<void> {
    const world = spawn(
      process.execPath,
      // In this very process, not in one behind a wrapper: a kill must reach it.
      [
        ...['--import', 'tsx', join(PROJECT, 'local/main.ts')],
        ...['--port', '0', '--clock', 'stepped', '--no-story'],
        ...['--data-dir', this.folder, '--operations', operationsFile],
      ],
      { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.world = world;
    let said = '';
    this.url = await new Promise<string>((resolve, reject) => {
      world.stderr.on('data', (chunk: Buffer) => {
        said += chunk;
      });
      world.stdout.on('data', (chunk: Buffer) => {
        said += chunk;
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (url) resolve(url);
      });
      world.once('exit', (code) => reject(new Error(`the local world ended with ${code}:\n${said}`)));
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { world } = this;
    if (!world || world.exitCode !== null) return;
    const ended = once(world, 'exit');
    world.kill(signal);
    await ended;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One command of `tocsin`, as it is typed. */
  async run(...args: readonly string[]): Promise<Ran> {
    const child = spawn(
      process.execPath,
      [join(PROJECT, 'cli/tocsin.mjs'), ...args, '--data-dir', this.folder],
      {
        cwd: PROJECT,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, stdout, stderr };
  }

  /** The answer of a command as JSON: one value, or one a line. */
  async ask<T>(...args: readonly string[]): Promise<T[]> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`tocsin ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout.trim() === ''
      ? []
      : stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as T);
  }

  /** A request to the installation, or to the world around it. */
  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const isForm = body instanceof URLSearchParams;
    return fetch(new URL(path, this.url), {
      method: 'POST',
      redirect: 'manual',
      headers: isForm ? headers : { 'content-type': 'application/json', ...headers },
      body: isForm ? body : typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Lets so much time pass: `15m`, `2h`. */
  async pass(duration: string): Promise<number> {
    const answer = await this.post('/world/clock', { advance: duration });
    if (!answer.ok) throw new Error(`the clock refused ${duration}: ${await answer.text()}`);
    return ((await answer.json()) as { nowMs: number }).nowMs;
  }

  async inbox(): Promise<InboxMessage[]> {
    return (await (await fetch(new URL('/world/inbox', this.url))).json()) as InboxMessage[];
  }
}
