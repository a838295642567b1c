import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listener, serve } from '../../local/serve.ts';

let listener: Listener;
beforeAll(async () => {
  listener = await serve(0, async ({ path }) => ({
    status: 200,
    headers: {},
    body: `you asked for ${path}`,
  }));
});
afterAll(() => listener.stop());

/** What a client gets that sends the path and the host just as they are. */
function ask(path: string, host?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const sent = request({ port: new URL(listener.url).port, host: '127.0.0.1', path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.once('error', reject);
    sent.end();
  });
}

describe('serve', () => {
  it('answers this laptop, by each of its names', async () => {
    for (const host of [undefined, 'localhost:4600', '127.0.0.1', '[::1]:4600']) {
      expect(await ask('/', host)).toBe(200);
    }
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:4600'])(
    'refuses a page elsewhere that calls this laptop %s',
    async (host) => expect(await ask('/', host)).toBe(400),
  );

  it.each(['/a/%E0%A4%A', '/a/%zz', '/%c3%28'])('answers the malformed path %s with 400', async (path) => {
    expect(await ask(path)).toBe(400);
  });
});
