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

  it('in real time pages, is killed with -9, and the link of its message still acknowledges', async () => {
    const first = start();
    const link = new URL(await first.until(/http:\/\/127\.0\.0\.1:\d+\/a\/[\w-]+/));
    first.child.kill('SIGKILL');
    await first.ended;

    const second = start();
    const url = (await second.until(/Tocsin runs at http:\/\/127\.0\.0\.1:\d+/)).slice(
      'Tocsin runs at '.length,
    );
    const body = new URLSearchParams({ action: 'acknowledge' });
    expect((await fetch(url + link.pathname, { method: 'POST', body })).status).toBe(200);
    expect(await (await fetch(url + link.pathname)).text()).toContain('acknowledged');
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  }, 90_000);
});

/** A world that stands until it is moved, reached as its users reach it. */
async function startStepped(...options: string[]) {
  const world = start('--clock', 'stepped', ...options);
  const url = (await world.until(/http:\/\/127\.0\.0\.1:\d+/)).trim();
  await world.until(/Time stands still/);
  return {
    ...world,
    async post(path: string, body: object): Promise<Record<string, unknown>> {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(answer.status).toBe(200);
      return (await answer.json()) as Record<string, unknown>;
    },
    /** `+12025550101 CRITICAL cpu since 03:00Z`, and less than the whole of it. */
    async smsSince(number: number): Promise<string[]> {
      const answer = await fetch(`${url}/world/inbox?since=${number}`);
      const messages = (await answer.json()) as { channel: string; to: string; body: string }[];
      return messages
        .filter(({ channel }) => channel === 'sms')
        .map(({ to, body }) => `${to.slice(-1)} ${body.split('\n')[0]}`)
        .sort();
    },
    async messages(): Promise<number> {
      return ((await (await fetch(`${url}/world/inbox`)).json()) as unknown[]).length;
    },
  };
}

describe('npm start -- --clock stepped', () => {
  it('stands still until it is moved, and goes on after kill -9 with other procedures and what waited', async () => {
    const before = await startStepped('--at', '2026-03-02T03:00:00Z', '--no-story');
    await before.post('/world/alarms', { alarmName: 'cpu', state: 'ALARM' });
    expect(await before.smsSince(0)).toEqual(['1 CRITICAL cpu since 03:00Z']);
    await before.post('/world/phones', { number: '+12025550102', optedOut: true });
    await before.post('/world/subscriptions', { responder: 'ben', state: 'deleted' });
    // Level 3 waits in the due queue by then.
    expect(await before.post('/world/clock', { advance: '29m30s' })).toMatchObject({
      now: '2026-03-02T03:29:30.000Z',
    });
    expect(await before.smsSince(2)).toContain('3 CRITICAL L2 cpu since 03:00Z');
    const seen = await before.messages();
    before.child.kill('SIGKILL');
    await before.ended;

    // Cleo, who was paged, is gone; levels are others; Ben's phone and email are as they were.
    const after = await startStepped('--no-story', '--operations', 'examples/small.ts');
    await after.post('/world/clock', { advance: '29s' });
    expect(await after.messages()).toBe(seen);
    expect(await after.post('/world/clock', { advance: '2s' })).toMatchObject({
      now: '2026-03-02T03:30:01.000Z',
    });
    expect(await after.smsSince(seen)).toEqual(expect.arrayContaining(['1 CRITICAL L3 cpu since 03:00Z']));
    after.child.kill('SIGINT');
    expect(await after.ended).toBe(0);
  }, 120_000);

  it.each([
    [['--at', '2026-03-02T03:00:00Z'], '--at is for --clock stepped'],
    [['--clock', 'stepped', '--speed', '60'], 'a stepped clock has no --speed'],
    [['--clock', 'stepped', '--at', 'noon'], '--at noon: give a moment'],
    [['--no-story', '--trace', 'x.csv'], '--trace is a story'],
  ])('refuses %j', async (options, message) => {
    await expect(start(...options).until(/never/)).rejects.toThrow(`it ended with 2:\ntocsin: ${message}`);
  });
});

describe('startLocalWorld', () => {
  it('says what to do when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => other.once('listening', listening));
    const { port } = other.address() as { port: number };
    await expect(startLocalWorld({ port, speed: 1, dataDir })).rejects.toThrow(
      `port ${port} is taken, perhaps by another \`npm start\`: stop it, or give this one a --port and a --data-dir of its own`,
    );
    other.close();
  });

  it('says what to do with a trace that is not there', async () => {
    await expect(startLocalWorld({ port: 0, speed: 1, dataDir, trace: 'nowhere.csv' })).rejects.toThrow(
      'cannot read the trace nowhere.csv: there is no such file',
    );
  });
});
