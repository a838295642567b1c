/** Starts the local world in real time: the stacks as they would be deployed, on this laptop, kept under one folder. */
import { join, resolve } from 'node:path';
import { loadOperationsFile } from '../cli/load-operations-file.ts';
import { synthesize } from '../lib/synth-app.ts';
import type { DeliveredMessage } from './aws/topics.ts';
import { openInbox } from './console/inbox.ts';
import { worldPages } from './console/pages.ts';
import { clockControl, worldControl } from './console/world-control.ts';
import { openDataFolder } from './data-folder.ts';
import type { HttpRequest, HttpResponse } from './functions/http.ts';
import { idleRuns } from './idle.ts';
import { openJournal } from './journal.ts';
import { openKeptState } from './kept-state.ts';
import { type ClockChoice, openLaptopClock } from './laptop-clock.ts';
import { type LaptopTables, openLaptopTables } from './laptop-tables.ts';
import { type Listener, serve } from './serve.ts';
import { BUILT_IN_STORY, playStory, type StoryProgress, traceStory } from './story.ts';
import { createWorld, type World } from './world.ts';

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

/** The world's time is written down so often: after a kill it goes on from there. */
const CLOCK_SAVE_MS = 1_000;

/** @throws OpsError `rejected` for a taken port, an unreadable trace or operations file, a corrupt data folder */
export async function startLocalWorld(options: StartOptions): Promise<LocalWorld> {
  const dataDir = resolve(options.dataDir ?? '.tocsin');
  const files = openDataFolder(dataDir);
  const story = options.trace === undefined ? BUILT_IN_STORY : await traceStory(options.trace, options.alarm);
  const operations = await loadOperationsFile(options.operationsFile ?? 'operations.ts');
  const inbox = openInbox(files.inbox);
  const account = openKeptState(files.account);
  const savedMs = files.savedTimeMs();
  const clock = openLaptopClock(options, startOf(options, savedMs), options.onError ?? console.error);
  const saveTime = () => files.saveTime(clock.nowMs());
  const pages = worldPages(inbox, operations, clock.pace);
  const control = worldControl({ inbox, time: clock.time });
  const controlClock = clockControl(clock.time);

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
    const url = await listen(
      options.port,
      async (running, request) =>
        (await controlClock(request, running)) ??
        clock.outside(
          async () =>
            (await control(request, running)) ??
            (await pages(request, running)) ??
            running.request({ ...request, body: request.bytes ?? request.body }),
        ),
    );
    const endpoint = await listen(0, (running, request) => clock.outside(() => running.callAws(request)));
    const { directory } = await synthesize({ operations, outdir: files.assembly, nag: false });

    // Stopped last, the clock first: what is under way may still write.
    parts.unshift({ stop: account.flush }, { stop: saveTime }, clock);
    const isReal = clock.time.clock === 'real' && clock.time.speed === 1;
    let tables: LaptopTables | undefined;
    const created = await createWorld({
      assembly: directory,
      clock,
      endpoint,
      publicUrl: url,
      // Whether anybody waits for a socket cannot be seen: time that hurries would run away from it.
      sockets: isReal,
      keepRecords: false,
      journalOf: (queue) => openJournal(files.journal(queue)),
      keep: account.part,
      openTables: async (wanted) => {
        // Time that hurries is written down with what it brings: a world never falls back behind its rows.
        tables = await openLaptopTables(
          files.tables,
          wanted,
          clock.nowMs,
          isReal ? () => undefined : saveTime,
        );
        parts.unshift(tables);
        return tables.engine;
      },
      ...(options.stepped
        ? {
            isIdle: idleRuns({
              nowMs: clock.nowMs,
              horizonMs: clock.horizonMs,
              earliestDueMs: () => tables!.earliestDueMs(),
              situationWrittenMs: () => tables!.situationWrittenMs(),
              accountFingerprint: () => created.accountFingerprint(),
            }),
          }
        : {}),
    });
    created.onMessage(inbox.add);
    if (options.onMessage) created.onMessage(options.onMessage);
    if (!options.noStory) playStory(created, story, account.part<StoryProgress>('story'));
    world = created;

    const saving = setInterval(saveTime, CLOCK_SAVE_MS);
    parts.push({ stop: () => clearInterval(saving) });
    const operationsJson = join(created.functions[0]!.directory, 'operations.json');
    files.saveWorld({ url, endpoint, operations: operationsJson, pid: process.pid, clock: clock.time.clock });
    parts.push({ stop: files.removeWorld });
    return { world: created, url, endpoint, goesOn: savedMs !== undefined, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A world that runs keeps up with the wall's clock; one that stands goes on where it stood. */
function startOf({ stepped, beginMs }: StartOptions, savedMs: number | undefined): number {
  return stepped ? (savedMs ?? beginMs ?? Date.now()) : Math.max(Date.now(), savedMs ?? 0);
}
