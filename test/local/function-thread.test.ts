/** Functions in a thread of their own, as `npm start` runs them: what Lambda does to an instance happens to it there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startFunctionThread } from '../../local/functions/function-thread.ts';
import { openFunctions } from '../../local/functions/functions.ts';
import { realClock } from '../../local/real-clock.ts';
import { serve } from '../../local/serve.ts';

const directories: string[] = [];
const stops: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  for (const stop of stops) await stop();
  for (const directory of directories) rmSync(directory, { recursive: true });
});

/** A world of one function, which does `body`; its time limit is 1 s. */
async function run(body: string, beforeIt = '') {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-thread-'));
  directories.push(directory);
  writeFileSync(
    join(directory, 'index.mjs'),
    `import { request } from 'node:http';
     let invocations = 0;
     ${beforeIt}
     export const handler = async (event, context) => { invocations += 1; ${body} };`,
  );
  const asked: (string | undefined)[] = [];
  const aws = await serve(0, async ({ path, headers }) => {
    asked.push(`${path} ${headers['x-key']}`);
    return { status: 200, headers: {}, body: 'of AWS' };
  });
  const thread = startFunctionThread();
  const clock = realClock(Date.UTC(2026, 0, 5, 3), () => undefined);
  const log: string[] = [];
  const functions = openFunctions(
    [
      {
        name: 'it',
        arn: 'arn:it',
        roleArn: 'arn:role',
        directory,
        env: { A: 'b' },
        timeoutMs: 1_000,
        memoryMb: 128,
      },
    ],
    {
      clock,
      region: 'eu-west-1',
      endpoint: aws.url,
      random: Math.random,
      startInstance: thread.startInstance,
      httpFor: () => ({}),
      onLog: ({ line }) => log.push(line),
      onExternal: ({ url }) => asked.push(url),
      onInvocation: () => undefined,
    },
  );
  stops.push(aws.stop, thread.stop, clock.stop);
  return { invoke: (event: unknown = {}) => functions.invoke('it', event), log, asked };
}

const answered = (payload: unknown) => ({ kind: 'answered', payload });

describe('a function in a thread of its own', { timeout: 60_000 }, () => {
  it('answers, knows the world’s time and its own limit, and stays warm', async () => {
    const { invoke, log } = await run(`
      console.log('at work');
      return [event.n, invocations, process.env.A, new Date().toISOString().slice(0, 13),
        context.getRemainingTimeInMillis() <= 1010 && context.getRemainingTimeInMillis() > 0, context.functionName];`);
    expect(await invoke({ n: 7 })).toEqual(answered([7, 1, 'b', '2026-01-05T03', true, 'it']));
    expect(await invoke({ n: 8 })).toEqual(answered([8, 2, 'b', '2026-01-05T03', true, 'it']));
    expect(log).toEqual(['at work', 'at work']);
  });

  it('reaches AWS through a socket, and nothing else', async () => {
    const { invoke, asked } = await run(`
      const url = new URL(process.env.AWS_ENDPOINT_URL);
      const get = (host, port) => new Promise((resolve) => request({ host, port, path: '/asked', headers: { 'x-key': process.env.AWS_ACCESS_KEY_ID } },
        (answer) => { let body = ''; answer.on('data', (chunk) => { body += chunk; }).on('end', () => resolve(body)); }).end());
      let other; try { await get('example.com', 80); } catch (error) { other = error.message; }
      return [await get(url.hostname, url.port), other, (await fetch('https://example.com/')).status];`);
    expect(await invoke()).toEqual(
      answered(['of AWS', expect.stringContaining('a function called example.com:80'), 200]),
    );
    expect(asked).toEqual(['/asked LOCAL00000000001', 'https://example.com/']);
  });

  it('tells what it threw, and is used again', async () => {
    const { invoke } = await run(`if (event.fails) throw new RangeError('too far'); return invocations;`);
    expect(await invoke({ fails: true })).toEqual({
      kind: 'failed',
      errorType: 'RangeError',
      errorMessage: 'too far',
    });
    expect(await invoke()).toEqual(answered(2));
  });

  it('does not load: that is told, and tried again with the next invocation', async () => {
    const { invoke, log } = await run('return 1;', `throw new Error('no configuration');`);
    const failed = { kind: 'failed', errorType: 'Runtime.InitError', errorMessage: 'no configuration' };
    expect([await invoke(), await invoke()]).toMatchObject([failed, failed]);
    expect(log[0]).toContain('no configuration');
  });

  it('runs into its time limit, does nothing more, and starts anew', async () => {
    const { invoke, log } = await run(`
      if (event.waits) { setTimeout(() => console.log('still there'), 1500); await new Promise(() => {}); }
      return invocations;`);
    expect(await invoke({ waits: true })).toMatchObject({ errorType: 'Runtime.ExitError' });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(await invoke()).toEqual(answered(1));
    expect(log.filter((line) => line === 'still there')).toEqual([]);
  });

  it('dies of what its timer throws, alone', async () => {
    const { invoke, log } = await run(`
      if (event.dies) { setTimeout(() => { throw new Error('stray'); }, 10); await new Promise(() => {}); }
      return invocations;`);
    expect(await invoke()).toEqual(answered(1));
    expect(await invoke({ dies: true })).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(log[0]).toContain('stray');
    expect(await invoke()).toEqual(answered(1));
  });

  it.each([
    ['rejects what nobody waits for', `Promise.reject(new Error('unheard')); await new Promise(() => {});`],
    ['computes without end', 'for (;;);'],
  ])('that %s is ended with its thread, and the next invocation has another', async (_, dies) => {
    const { invoke } = await run(`if (event.dies) { ${dies} } return invocations;`);
    expect(await invoke()).toEqual(answered(1));
    expect(await invoke({ dies: true })).toMatchObject({ errorType: 'Runtime.ExitError' });
    const next = await invoke();
    expect([next, await invoke()]).toContainEqual(answered(1));
  });
});
