/** An HTTP listener on 127.0.0.1 that hands whole requests over. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpsError } from '../functions/shared/errors.ts';
import type { HttpRequest, HttpResponse } from './functions/http.ts';

export type Listener = { url: string; stop(): Promise<void> };

/** API Gateway takes 10 MB. */
const BODY_MOST_BYTES = 10 * 1024 * 1024;

/**
 * @param port  0 takes any that is free
 * @throws OpsError `rejected` when the port is taken
 */
export async function serve(
  port: number,
  handle: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<Listener> {
  const server = createServer(async (request, response) => {
    try {
      const bytes = await readBody(request);
      if (bytes === undefined) {
        response.writeHead(413, { 'content-type': 'application/json' }).end('{"message":"Request Too Long"}');
        return;
      }
      const { method = 'GET', url = '/' } = request;
      // A page elsewhere that has its own name point here must not read this laptop's inbox.
      if (!isLocal(request.headers.host) || !isWellFormed(url)) {
        response.writeHead(400, { 'content-type': 'text/plain' }).end('not a request for this host\n');
        return;
      }
      const headers = flat(request.headers);
      const answer = await handle({ method, path: url, headers, body: bytes.toString('utf8'), bytes });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      // To the caller it is a connection that broke.
      response.destroy(error as Error);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(port, error)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isLocal(host = ''): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}

function isWellFormed(url: string): boolean {
  try {
    return decodeURIComponent(url) !== '';
  } catch {
    return false;
  }
}

/** @returns nothing when it is too long; it is read to its end, so that its sender reads the answer */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes <= BODY_MOST_BYTES) chunks.push(chunk as Buffer);
  }
  return bytes <= BODY_MOST_BYTES ? Buffer.concat(chunks) : undefined;
}

function flat(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function explain(port: number, error: NodeJS.ErrnoException): OpsError {
  const cause = { cause: error };
  if (error.code === 'EADDRINUSE') {
    return new OpsError(
      'rejected',
      `port ${port} is taken, perhaps by another \`npm start\`: stop it, or give this one a --port and a --data-dir of its own`,
      cause,
    );
  }
  if (error.code === 'EACCES') {
    return new OpsError(
      'rejected',
      `port ${port} is not for everybody: choose one above 1023 with --port`,
      cause,
    );
  }
  return new OpsError('rejected', `cannot listen on port ${port}: ${error.message}`, cause);
}
