/** Calls an HTTP server of this very process without a socket: a table behind one costs its calls half of their time. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export type Answer = { status: number; body: string };

/** As much of a response as dynalite sets. */
class Response {
  statusCode = 200;
  readonly #resolve: (answer: Answer) => void;

  constructor(resolve: (answer: Answer) => void) {
    this.#resolve = resolve;
  }
  setHeader(): void {}
  end(body = ''): void {
    this.#resolve({ status: this.statusCode, body });
  }
}

/** @param headers  their names in lower case, as Node's parser would hand them over */
export function callListener(server: Server, headers: Record<string, string>, body: string): Promise<Answer> {
  return new Promise((resolve) => {
    const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
    const response = new Response(resolve);
    server.emit('request', request as unknown as IncomingMessage, response as unknown as ServerResponse);
    request.emit('data', Buffer.from(body));
    request.emit('end');
  });
}
