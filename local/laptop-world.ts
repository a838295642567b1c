/** The world on this laptop, once its addresses are known: clock, tables, what is kept, and who may ask it for what. */
import type { Operations } from '../functions/operations/operations.ts';
import type { DeliveredMessage } from './aws/topics.ts';
import { openInbox } from './console/inbox.ts';
import { worldPages } from './console/pages.ts';
import { clockControl, worldControl } from './console/world-control.ts';
import type { DataFolder } from './data-folder.ts';
import { startFunctionThread } from './functions/function-thread.ts';
import type { HttpRequest, HttpResponse } from './functions/http.ts';
import { idleRuns } from './idle.ts';
import { openJournal } from './journal.ts';
import { openKeptState } from './kept-state.ts';
import { type ClockChoice, openLaptopClock } from './laptop-clock.ts';
import { openLaptopTables } from './laptop-tables.ts';
import { playStory, type Story, type StoryProgress } from './story.ts';
import { createWorld, type World } from './world.ts';

export type LaptopWorldOptions = ClockChoice & {
  files: DataFolder;
  /** the directory of a cloud assembly */
  assembly: string;
  url: string;
  endpoint: string;
  operations: Operations;
  /** epoch milliseconds: what its clock shows first */
  startMs: number;
  /** absent: nothing happens by itself */
  story: Story | undefined;
  onMessage: ((message: DeliveredMessage) => void) | undefined;
  onError: (error: unknown) => void;
};

export type LaptopWorld = {
  world: World;
  clock: 'real' | 'stepped';
  /** a request to the public address */
  answer(request: HttpRequest): Promise<HttpResponse>;
  /** a request to the AWS endpoint */
  callAws(request: HttpRequest): Promise<HttpResponse>;
  stop(): Promise<void>;
};

/** Its time is written down so often: after a kill it goes on from there. */
const CLOCK_SAVE_MS = 1_000;

/** @throws OpsError `rejected` for files that are corrupt or in use */
export async function openLaptopWorld(options: LaptopWorldOptions): Promise<LaptopWorld> {
  const { files, operations, story } = options;
  const inbox = openInbox(files.inbox);
  const account = openKeptState(files.account);
  const clock = openLaptopClock(options, options.startMs, options.onError, files.saveTime);
  const saveTime = () => files.saveTime(clock.nowMs());
  const parts: { stop(): Promise<void> | void }[] = [clock, { stop: saveTime }, { stop: account.flush }];
  const stop = async () => {
    for (const part of parts.splice(0)) await part.stop();
  };
  try {
    const isReal = clock.time.clock === 'real' && clock.time.speed === 1;
    // Time that hurries is written down with what it brings: a world never falls back behind its rows.
    const tables = openLaptopTables(files.tables, clock.nowMs, isReal ? () => undefined : saveTime);
    parts.push(tables);
    // Whether a thread or a socket still works cannot be seen: time that hurries would run away from it.
    const thread = isReal ? startFunctionThread() : undefined;
    // Before its tables: what runs there may still write.
    if (thread) parts.unshift(thread);
    const world: World = await createWorld({
      assembly: options.assembly,
      clock,
      endpoint: options.endpoint,
      publicUrl: options.url,
      startInstance: thread?.startInstance,
      keepRecords: false,
      journalOf: (queue) => openJournal(files.journal(queue)),
      keep: account.part,
      openTables: tables.open,
      ...(options.stepped
        ? {
            isIdle: idleRuns({
              ...clock,
              ...tables,
              accountFingerprint: () => world.accountFingerprint(),
              hasDeadLetters: () => world.hasDeadLetters(),
            }),
          }
        : {}),
    });
    world.onMessage(inbox.add);
    if (options.onMessage) world.onMessage(options.onMessage);
    if (story) playStory(world, story, account.part<StoryProgress>('story'));
    const saving = setInterval(saveTime, CLOCK_SAVE_MS);
    parts.unshift({ stop: () => clearInterval(saving) });

    const pages = worldPages(inbox, operations, clock.pace);
    const change = worldControl({ inbox, time: clock.time });
    // Whoever is answered may rely on it, also when this process is killed next.
    const control: typeof change = async (request, world) => {
      const answer = await change(request, world);
      if (answer) account.flush();
      return answer;
    };
    const controlClock = clockControl(clock.time);
    return {
      world,
      clock: clock.time.clock,
      answer: async (request) =>
        (await controlClock(request, world)) ??
        clock.outside(
          async () =>
            (await control(request, world)) ??
            (await pages(request, world)) ??
            world.request({ ...request, body: request.bytes ?? request.body }),
        ),
      callAws: (request) => clock.outside(() => world.callAws(request)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
