/** The local world as its users start it, in a process of its own that can be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usageOf } from '../../bench/linux-process.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const TEAM = fileURLToPath(new URL('team.ts', import.meta.url));

/** When it was killed, and when it could be reached again: epoch milliseconds. */
export type Outage = { killedAt: number; upAt: number };

export class WorldProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'tocsin-soak-'));
  readonly outages: Outage[] = [];
  /** what the world said of its own failures */
  readonly complaints: string[] = [];
  private port = 0;
  private world: ChildProcess | undefined;
  /** the process that was told to stop: another end of it is a failure */
  private told: ChildProcess | undefined;
  private isEnded = false;
  /** when this life of it could be reached; 0 while there is none */
  startedAt = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again over what it kept, at the address that its links name. */
  async start(): Promise<void> {
    this.port ||= await freePort();
    if (this.isEnded) throw new Error('the local world was told to end');
    const world = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', join(PROJECT, 'local/main.ts'), '--no-story'],
        ...['--port', String(this.port), '--data-dir', this.folder, '--operations', TEAM],
      ],
      { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.world = world;
    let said = '';
    world.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      // Anything else is a remark of a tool on the stacks, and no failure of the world.
      this.complaints.push(...(String(chunk).match(/^the local world failed.*$/gm) ?? []));
    });
    world.once('exit', (code, signal) => {
      if (world === this.told) return;
      this.complaints.push(`the local world ended by itself with ${code ?? signal}: ${said.slice(-500)}`);
    });
    await new Promise<void>((resolve, reject) => {
      world.stdout.on('data', (chunk: Buffer) => {
        if (chunk.includes('Tocsin runs at')) resolve();
      });
      world.once('exit', (code) => reject(new Error(`the local world ended with ${code}: ${said}`)));
    });
    this.startedAt = Date.now();
  }

  /** kill -9, and at once a new one. */
  async killAndStart(): Promise<Outage> {
    const killedAt = Date.now();
    await this.stop('SIGKILL');
    await this.start();
    const outage = { killedAt, upAt: Date.now() };
    this.outages.push(outage);
    return outage;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { world } = this;
    if (!world || world.exitCode !== null || world.signalCode !== null) return;
    this.startedAt = 0;
    this.told = world;
    const ended = once(world, 'exit');
    world.kill(signal);
    await ended;
  }

  /** kill -9 for good: nothing starts it again. */
  kill(): void {
    this.isEnded = true;
    this.told = this.world;
    this.world?.kill('SIGKILL');
  }

  /** What it is writing as it is killed comes a moment later. */
  removeFolder(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Nothing while there is no process. */
  usage(): ReturnType<typeof usageOf> | undefined {
    try {
      return usageOf(this.world?.pid ?? 0);
    } catch {
      return undefined;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
