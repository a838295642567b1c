import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLocalWorld } from '../../local/start.ts';

let dataDir: string;
let running: ChildProcess | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tocsin-start-'));
});
afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** `npm start` as a process of its own, with everything that it has printed. */
function start(...options: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'local/main.ts', '--port', '0', '--data-dir', dataDir, ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  running = child;
  let printed = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const until = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(printed);
        if (found) resolve(found[0]);
      };
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          printed += String(chunk);
          look();
        });
      }
      look();
      void ended.then((code) => reject(new Error(`it ended with ${code}:\n${printed}`)));
    });
  return { child, until, ended };
}

describe('npm start', () => {
  it('pages level 1, is killed with -9, starts again and pages level 2; Ctrl-C then ends it with 0', async () => {
    const first = start('--speed', '60');
    const link = await first.until(/http:\/\/127\.0\.0\.1:\d+\/a\/[\w-]+/);
    expect((await fetch(link)).status).toBe(200);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = start('--speed', '600');
    expect(await second.until(/CRITICAL L2 checkout-p95-latency/)).not.toBe('');
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  }, 90_000);
});

describe('startLocalWorld', () => {
  it('says what to do when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => other.once('listening', listening));
    const { port } = other.address() as { port: number };
    await expect(startLocalWorld({ port, speed: 1, dataDir })).rejects.toThrow(
      `port ${port} is taken: stop what listens there, or choose another with --port`,
    );
    other.close();
  });

  it('says what to do with a trace that is not there', async () => {
    await expect(startLocalWorld({ port: 0, speed: 1, dataDir, trace: 'nowhere.csv' })).rejects.toThrow(
      'cannot read the trace nowhere.csv: there is no such file',
    );
  });
});
