/** Starts the local world in real time: the stacks as they would be deployed, on this laptop, kept under one folder. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadOperationsFile } from '../cli/load-operations-file.ts';
import { OpsError } from '../functions/shared/errors.ts';
import { synthesize } from '../lib/synth-app.ts';
import type { DeliveredMessage } from './aws/topics.ts';
import { openInbox } from './console/inbox.ts';
import { worldPages } from './console/pages.ts';
import { type DynaliteTable, startDynalite } from './dynamodb/dynalite-table.ts';
import type { HttpRequest, HttpResponse } from './functions/http.ts';
import { openJournal } from './journal.ts';
import { pacedClock } from './paced-clock.ts';
import { realClock } from './real-clock.ts';
import { type Listener, serve } from './serve.ts';
import { BUILT_IN_STORY, type StoryEvent, traceStory } from './story.ts';
import { createWorld, type World } from './world.ts';

export type StartOptions = {
  /** of the public address; 0 takes any that is free */
  port: number;
  /** how many times as fast as the wall's clock */
  speed: number;
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
  stop(): Promise<void>;
};

/** The world's time is written down so often: after a kill it goes on from there. */
const CLOCK_SAVE_MS = 1_000;

/** @throws OpsError `rejected` for a taken port, an unreadable trace or operations file, a corrupt data folder */
export async function startLocalWorld(options: StartOptions): Promise<LocalWorld> {
  const dataDir = resolve(options.dataDir ?? '.tocsin');
  const files = openFolder(dataDir);
  const story = options.trace === undefined ? BUILT_IN_STORY : await traceStory(options.trace, options.alarm);
  const operations = await loadOperationsFile(options.operationsFile ?? 'operations.ts');
  const inbox = openInbox(join(dataDir, 'inbox.jsonl'));
  const pages = worldPages(inbox, operations, options.speed);

  const parts: { stop(): Promise<void> | void }[] = [];
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    let world: World | undefined;
    const handleBy =
      (handle: (world: World, request: HttpRequest) => Promise<HttpResponse>) => (request: HttpRequest) =>
        world ? handle(world, request) : Promise.resolve({ status: 503, headers: {}, body: 'starting\n' });
    const listen = async (
      port: number,
      handle: (world: World, request: HttpRequest) => Promise<HttpResponse>,
    ) => {
      const listener: Listener = await serve(port, handleBy(handle));
      parts.push(listener);
      return listener.url;
    };

    // Addresses first: the template's environment names them.
    const url = await listen(options.port, async (running, request) => {
      const page = await pages(request, running);
      return page ?? running.request(request);
    });
    const endpoint = await listen(0, (running, request) => running.callAws(request));
    const { directory } = await synthesize({ operations, outdir: files.assembly, nag: false });

    const startMs = Math.max(Date.now(), files.savedTimeMs());
    const onError = options.onError ?? console.error;
    const isAccelerated = options.speed > 1;
    const clock = isAccelerated ? pacedClock(startMs, options.speed, onError) : realClock(startMs, onError);
    parts.push(clock);
    world = await createWorld({
      assembly: directory,
      clock,
      endpoint,
      publicUrl: url,
      // Whether anybody waits for a socket cannot be seen: time that hurries would run away from it.
      sockets: !isAccelerated,
      keepRecords: false,
      journalOf: (queue) => openJournal(files.journal(queue)),
      openTables: async (tables) => {
        const dynalite: DynaliteTable = await startDynalite(files.tables, tables);
        // Stopped last: what is under way may still write.
        parts.unshift(dynalite);
        return dynalite;
      },
    });
    world.onMessage(inbox.add);
    if (options.onMessage) world.onMessage(options.onMessage);
    play(world, story);

    const saving = setInterval(() => files.saveTime(clock.nowMs()), CLOCK_SAVE_MS);
    parts.push({ stop: () => clearInterval(saving) });
    const operationsJson = join(world.functions[0]!.directory, 'operations.json');
    files.saveWorld({ url, endpoint, operations: operationsJson, pid: process.pid });
    parts.push({ stop: files.removeWorld });
    return { world, url, endpoint, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function play(world: World, story: readonly StoryEvent[]): void {
  const startMs = world.nowMs();
  for (const { afterMs, change } of story) {
    world.at(startMs + afterMs, () => world.putAlarmState(change));
  }
}

/** What is where under `.tocsin/`. */
function openFolder(dataDir: string) {
  const clockFile = join(dataDir, 'clock.json');
  const worldFile = join(dataDir, 'world.json');
  const queues = join(dataDir, 'queues');
  try {
    mkdirSync(queues, { recursive: true });
  } catch (cause) {
    throw new OpsError('rejected', `${dataDir} cannot be used as the data folder: move it away`, { cause });
  }
  return {
    assembly: join(dataDir, 'cdk.out'),
    tables: join(dataDir, 'tables'),
    journal: (queue: string) => join(queues, `${queue}.jsonl`),
    /** An accelerated world is ahead of the wall's clock, and must not fall back behind what it wrote. */
    savedTimeMs(): number {
      try {
        return Number((JSON.parse(readFileSync(clockFile, 'utf8')) as { nowMs?: unknown }).nowMs) || 0;
      } catch {
        return 0;
      }
    },
    saveTime: (nowMs: number) => writeFileSync(clockFile, JSON.stringify({ nowMs })),
    saveWorld: (world: object) => writeFileSync(worldFile, `${JSON.stringify(world, null, 2)}\n`),
    removeWorld: () => rmSync(worldFile, { force: true }),
  };
}
