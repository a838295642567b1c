/** The surroundings of one instance: the world's time, exactly the template's environment, no way out but AWS. */
import { Console } from 'node:console';
import * as nodeCrypto from 'node:crypto';
import { Writable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { Surroundings } from './load-bundle.ts';
import { openModules } from './modules.ts';
import { openTimers } from './timers.ts';

export type Sandbox = Surroundings & { close(): void };

export type RandomBytes = (size: number) => Buffer;

type Options = {
  directory: string;
  env: Record<string, string>;
  clock: Clock;
  /** what `node:http` and `node:https` are here */
  http: object;
  /** what reaches outside of AWS */
  fetch: object;
  random: () => number;
  /** where tokens and ids come from; default: the real ones, which no two runs share */
  randomBytes?: RandomBytes | undefined;
  onLine: (line: string) => void;
};

export function openSandbox(options: Options): Sandbox {
  const { directory, env, clock, http, fetch, random, onLine } = options;
  const timers = openTimers(clock);
  const out = lines(onLine);
  const console = new Console({ stdout: out, stderr: out });
  const startedMs = clock.nowMs();
  const performance = { now: () => clock.nowMs() - startedMs, timeOrigin: startedMs };
  const process = overlay(globalThis.process, {
    env: { ...env },
    stdout: out,
    stderr: out,
    /** Node's advice about this process is not the function's. */
    emitWarning: () => undefined,
    exit: (code?: number) => {
      throw new Error(`a function called process.exit(${code ?? ''})`);
    },
  });
  const globals: Record<string, unknown> = {
    ...timers.globals,
    process,
    console,
    performance,
    Date: worldDate(clock),
    Math: Object.defineProperties(
      {},
      { ...Object.getOwnPropertyDescriptors(Math), random: { value: random } },
    ),
    fetch,
  };
  globals.globalThis = overlay(globalThis, globals);
  globals.global = globals.globalThis;

  return {
    globals,
    require: openModules(directory, {
      process,
      http,
      https: http,
      perf_hooks: { performance },
      ...(options.randomBytes && { crypto: repeatableCrypto(options.randomBytes) }),
      timers: { ...timers.globals, promises: timers.promises },
      'timers/promises': timers.promises,
    }),
    close: timers.close,
  };
}

/** Reads what is not replaced from the real thing; keeps every write to itself. */
function overlay<T extends object>(real: T, replaced: Record<PropertyKey, unknown>): T {
  return new Proxy(replaced, {
    get: (own, name) => (name in own ? own[name] : Reflect.get(real, name)),
    has: (own, name) => name in own || name in real,
  }) as T;
}

/** `Date` whose now is the world's. It stays one type with the real one. */
function worldDate(clock: Clock): DateConstructor {
  const now = () => clock.nowMs();
  return new Proxy(Date, {
    get: (real, name) => (name === 'now' ? now : Reflect.get(real, name)),
    construct: (real, values, target) =>
      Reflect.construct(real, values.length > 0 ? values : [now()], target),
    apply: () => new Date(now()).toString(),
  });
}

/** All of crypto, with ids and tokens that a run can repeat. */
function repeatableCrypto(randomBytes: RandomBytes): object {
  const randomInt = (below: number) => randomBytes(6).readUIntBE(0, 6) % below;
  return { ...nodeCrypto, randomBytes, randomInt, randomUUID: () => uuidOf(randomBytes) };
}

/** An id in the form of a UUID of version 4. */
export function uuidOf(randomBytes: RandomBytes): string {
  const hex = randomBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function lines(onLine: (line: string) => void): NodeJS.WriteStream {
  return new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      for (const line of String(chunk).split('\n')) if (line !== '') onLine(line);
      done();
    },
  }) as NodeJS.WriteStream;
}
