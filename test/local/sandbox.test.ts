import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createVirtualWorld } from '../../local/virtual-world.ts';
import { removeAssemblies, writeAssembly } from '../support/tiny-assembly.ts';

const START_MS = Date.UTC(2026, 0, 5, 3);

afterAll(removeAssemblies);

async function run(body: string, env: Record<string, string> = {}) {
  const source = `
    import fs, { readFileSync } from 'node:fs';
    import { readFile } from 'node:fs/promises';
    import { setTimeout as sleep } from 'node:timers/promises';
    import nodeProcess from 'node:process';
    import net from 'node:net';
    let invocations = 0;
    export const handler = async (event, context) => { invocations += 1; ${body} };`;
  const assembly = writeAssembly({ main: { Resources: {} } }, { it: { source, env, timeoutS: 10 } });
  const world = await createVirtualWorld({ assembly, startMs: START_MS });
  const invoke = () => world.invoke('it', { n: 1 });
  return { world, invoke, answer: await invoke() };
}

describe('a function in the local world', () => {
  it('finds exactly the environment of the template and what Lambda sets', async () => {
    process.env.TOCSIN_TEST_SECRET = 'of this process';
    const { answer } = await run('return process.env;', { TABLE_NAME: 'tocsin-state' });
    delete process.env.TOCSIN_TEST_SECRET;
    expect(answer).toMatchObject({
      payload: {
        TABLE_NAME: 'tocsin-state',
        AWS_REGION: 'eu-west-1',
        AWS_LAMBDA_FUNCTION_NAME: 'it',
        AWS_ENDPOINT_URL: 'http://aws.local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
    });
    expect(JSON.stringify(answer)).not.toContain('TOCSIN_TEST_SECRET');
    expect(JSON.stringify(answer)).not.toContain('"PATH"');
  });

  it('tells the time of the world, whichever way it asks', async () => {
    const { answer, world } = await run(`
      await sleep(1500);
      await new Promise((done) => setTimeout(done, 500));
      return [Date.now(), new Date().getTime(), new globalThis.Date().getTime(), performance.now(),
        context.getRemainingTimeInMillis(), new Date(0) instanceof Date, nodeProcess === process];`);
    const now = START_MS + 2_000;
    expect(answer).toEqual({ kind: 'answered', payload: [now, now, now, 2_000, 8_000, true, true] });
    expect(world.nowMs()).toBe(now);
  });

  it('cannot read a file outside its bundle, nor open a socket', async () => {
    const credentials = JSON.stringify(join(homedir(), '.aws', 'credentials'));
    const { answer } = await run(`
      const tries = [
        () => readFileSync(${credentials}), () => readFile(${credentials}), () => readFileSync('/etc/hostname'),
        () => fs.writeFileSync('/tmp/x', ''), () => net.connect(80), () => process.exit(1),
      ];
      return Promise.all(tries.map(async (one) => { try { await one(); return 'worked'; } catch (error) { return error.code ?? error.message; } }));`);
    expect(answer).toEqual({
      kind: 'answered',
      payload: [
        'ENOENT',
        'ENOENT',
        'ENOENT',
        'a function used writeFileSync of node:fs, which is out of reach in the local world',
        'a function used connect of node:net, which is out of reach in the local world',
        'a function called process.exit(1)',
      ],
    });
  });

  it('fetches nothing: the request is recorded, answered by the world, and logged without its path', async () => {
    const { answer, world } = await run(`
      const { status, ok } = await fetch('https://example.com/secret', { method: 'GET' });
      return { status, ok };`);
    expect(answer).toEqual({ kind: 'answered', payload: { status: 200, ok: true } });
    expect(world.external).toEqual([
      { at: START_MS, function: expect.any(String), method: 'GET', url: 'https://example.com/secret' },
    ]);
    expect(world.logs.map(({ line }) => line)).toEqual([
      'EXTERNAL GET https://example.com/… was not sent: the local world answers 200',
    ]);
  });

  it('reads the files beside its bundle', async () => {
    const { answer } = await run(
      `return readFileSync(new URL('./index.mjs', import.meta.url), 'utf8').includes('invocations');`,
    );
    expect(answer).toEqual({ kind: 'answered', payload: true });
  });

  it('keeps its module between invocations, and changes no global of this process', async () => {
    const { answer, invoke } = await run(
      'globalThis.left = 1; process.env.LEFT = "1"; return [invocations, globalThis.left];',
    );
    expect(answer).toEqual({ kind: 'answered', payload: [1, 1] });
    expect(await invoke()).toEqual({ kind: 'answered', payload: [2, 1] });
    expect([(globalThis as Record<string, unknown>).left, process.env.LEFT]).toEqual([undefined, undefined]);
  });

  it('runs into its time limit of 10 s, and starts anew after it', async () => {
    const { answer, invoke, world } = await run(`
      if (Date.now() < ${START_MS + 10_000}) await sleep(60_000);
      return invocations;`);
    expect(answer).toEqual({
      kind: 'failed',
      errorType: 'Runtime.ExitError',
      errorMessage: 'Task timed out after 10.00 seconds',
    });
    expect(world.nowMs()).toBe(START_MS + 10_000);
    expect(await invoke()).toEqual({ kind: 'answered', payload: 1 });
  });
});
