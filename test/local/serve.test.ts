import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listener, serve } from '../../local/serve.ts';

let listener: Listener;
beforeAll(async () => {
  listener = await serve(0, async ({ path, bytes }) => ({
    status: 200,
    headers: {},
    body: `you asked for ${path} with ${bytes?.toString('hex')}`,
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

  it('hands a body over byte for byte, and says so when it is longer than 10 MB', async () => {
    const post = (body: Uint8Array<ArrayBuffer>) => fetch(`${listener.url}/x`, { method: 'POST', body });
    expect(await (await post(new Uint8Array([0xff, 0x00, 0x80]))).text()).toBe(
      'you asked for /x with ff0080',
    );
    const refused = await post(new Uint8Array(10 * 1024 * 1024 + 1));
    expect([refused.status, await refused.json()]).toEqual([413, { message: 'Request Too Long' }]);
  });

  it.each(['/a/%E0%A4%A', '/a/%zz', '/%c3%28'])('answers the malformed path %s with 400', async (path) => {
    expect(await ask(path)).toBe(400);
  });
});
