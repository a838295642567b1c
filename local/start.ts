/** Starts the local world in real time: the stacks as they would be deployed, on this laptop, kept under one folder. */
import { join, resolve } from 'node:path';
import { loadOperationsFile } from '../cli/load-operations-file.ts';
import { synthesize } from '../lib/synth-app.ts';
import type { DeliveredMessage } from './aws/topics.ts';
import { openDataFolder } from './data-folder.ts';
import type { HttpRequest, HttpResponse } from './functions/http.ts';
import type { ClockChoice } from './laptop-clock.ts';
import { type LaptopWorld, openLaptopWorld } from './laptop-world.ts';
import { type Listener, serve } from './serve.ts';
import { BUILT_IN_STORY, traceStory } from './story.ts';
import type { World } from './world.ts';

export type StartOptions = ClockChoice & {
  /** of the public address; 0 takes any that is free */
  port: number;
  /** epoch milliseconds: when a stepped world begins; one that goes on keeps its time. Default: now */
  beginMs?: number | undefined;
  /** nothing happens by itself */
  noStory?: boolean | undefined;
  /** a CSV file whose alarm is played instead of the built-in story */
  trace?: string | undefined;
  /** the trace's alarm, such as `CPUUtilization > 80 for 3 of 5` */
  alarm?: string | undefined;
  operationsFile?: string | undefined;
  /** @default '.tocsin' */
  dataDir?: string | undefined;
  /** told of each SMS and email, the first included */
  onMessage?: (message: DeliveredMessage) => void;
  /** told what went wrong in the world itself */
  onError?: (error: unknown) => void;
};

export type LocalWorld = {
  world: World;
  /** the HTTP API, and the pages */
  url: string;
  /** the AWS endpoint */
  endpoint: string;
  /** whether the data folder had a world before */
  goesOn: boolean;
  stop(): Promise<void>;
};

/** @throws OpsError `rejected` for a taken port, an unreadable trace or operations file, a corrupt data folder */
export async function startLocalWorld(options: StartOptions): Promise<LocalWorld> {
  const files = openDataFolder(resolve(options.dataDir ?? '.tocsin'));
  const story = options.trace === undefined ? BUILT_IN_STORY : await traceStory(options.trace, options.alarm);
  const operations = await loadOperationsFile(options.operationsFile ?? 'operations.ts');

  const parts: { stop(): Promise<void> | void }[] = [];
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    let running: LaptopWorld | undefined;
    type Handle = (world: LaptopWorld, request: HttpRequest) => Promise<HttpResponse>;
    const listen = async (port: number, handle: Handle) => {
      const listener: Listener = await serve(port, async (request) =>
        running ? handle(running, request) : { status: 503, headers: {}, body: 'starting\n' },
      );
      parts.push(listener);
      return listener.url;
    };

    // Addresses first: the template's environment names them.
    const url = await listen(options.port, (world, request) => world.answer(request));
    const endpoint = await listen(0, (world, request) => world.callAws(request));
    const { directory } = await synthesize({ operations, outdir: files.assembly, nag: false });

    const goesOn = files.hasWorld();
    const savedMs = files.savedTimeMs();
    running = await openLaptopWorld({
      ...options,
      files,
      assembly: directory,
      url,
      endpoint,
      operations,
      startMs: startOf(options, savedMs),
      story: options.noStory ? undefined : story,
      onMessage: options.onMessage,
      onError: options.onError ?? console.error,
    });
    // Stopped last: what is under way may still write.
    parts.unshift(running);
    const { world, clock } = running;
    const operationsJson = join(world.functions[0]!.directory, 'operations.json');
    files.saveWorld({ url, endpoint, operations: operationsJson, pid: process.pid, clock });
    parts.push({ stop: files.removeWorld });
    return { world, url, endpoint, goesOn, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A world that runs keeps up with the wall's clock; one that stands goes on where it stood. */
function startOf({ stepped, beginMs }: StartOptions, savedMs: number | undefined): number {
  return stepped ? (savedMs ?? beginMs ?? Date.now()) : Math.max(Date.now(), savedMs ?? 0);
}
