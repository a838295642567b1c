/** `node:http` and `node:https` without a socket: a request is handed to the world, its answer is a stream. */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';

export type HttpRequest = {
  method: string;
  /** with its query */
  path: string;
  headers: Record<string, string>;
  body: string;
  /** the body as it came, where it came through a socket: it may be no text */
  bytes?: Buffer;
};
export type HttpResponse = { status: number; headers: Record<string, string>; body: string };

/** Answers a request, or throws what a socket would have: the connection was lost. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

type Options = { method?: string; path?: string; headers?: Record<string, string> };

class Agent {
  destroy(): void {}
}

/** As much of a socket as an HTTP client looks at: connected, and silent for as long as no answer comes. */
class Socket extends EventEmitter {
  readonly connecting = false;
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(ms: number, onTimeout?: () => void): this {
    this.#cancel?.();
    if (onTimeout) this.once('timeout', onTimeout);
    if (ms > 0)
      this.#cancel = this.#clock.at(this.#clock.nowMs() + ms, 'due', () => void this.emit('timeout'));
    return this;
  }
  destroy(): this {
    this.#cancel?.();
    return this;
  }
}

class Request extends EventEmitter {
  readonly socket: Socket;
  readonly #options: Options;
  readonly #transport: Transport;
  readonly #chunks: Buffer[] = [];
  #destroyed = false;

  constructor(options: Options, transport: Transport, clock: Clock) {
    super();
    this.#options = options;
    this.#transport = transport;
    this.socket = new Socket(clock);
  }
  write(chunk: string | Uint8Array): boolean {
    this.#chunks.push(Buffer.from(chunk as Uint8Array));
    return true;
  }
  end(chunk?: string | Uint8Array): this {
    if (chunk !== undefined) this.write(chunk);
    void this.#send();
    return this;
  }
  destroy(error?: Error): this {
    if (this.#destroyed) return this;
    this.#destroyed = true;
    this.socket.destroy();
    if (error) this.emit('error', error);
    this.emit('close');
    return this;
  }
  async #send(): Promise<void> {
    const { method = 'GET', path = '/', headers = {} } = this.#options;
    try {
      const body = Buffer.concat(this.#chunks).toString('utf8');
      const answer = await this.#transport({ method, path, headers: lowerCased(headers), body });
      if (this.#destroyed) return;
      const stream = new Readable({ read: () => undefined });
      stream.push(answer.body);
      stream.push(null);
      this.emit('response', Object.assign(stream, { statusCode: answer.status, headers: answer.headers }));
      this.socket.destroy();
      this.emit('close');
    } catch (error) {
      if (!this.#destroyed) this.emit('error', error);
    }
  }
}

/** @returns what `require('node:http')` answers inside a function */
export function httpModule(transport: Transport, clock: Clock) {
  return {
    Agent,
    request(options: Options, onResponse?: (response: unknown) => void): Request {
      const request = new Request(options, transport, clock);
      if (onResponse) request.once('response', onResponse);
      return request;
    },
  };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
