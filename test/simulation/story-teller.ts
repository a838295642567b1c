/** Tells stories in a process of its own: two worlds at once on two cores, and one that goes in circles can be ended. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Assemblies } from './run-story.ts';
import type { Story } from './story.ts';
import { type Telling, unfinished } from './tell-story.ts';

const WORKER = fileURLToPath(new URL('story-teller.worker.ts', import.meta.url));
/** The Node.js of the functions, a quarter quicker than 20; where it is not installed, whatever runs this tells the same stories. */
function lambdaNode(): string {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    return process.execPath;
  }
}

/** Under a test runner this process has no loader for TypeScript that a child could inherit. */
const LOADER = ['--import', import.meta.resolve('tsx')];

/** A week takes seconds. A world that has not come to its end by then goes in circles at one instant. */
const TELLING_MOST_MS = 10 * 60_000;

export type Asked = { story: Story; assemblies: Assemblies };

export type StoryTeller = {
  /** A story that does not come to its end violates `run-completed`; the next one is told by another process. */
  tell(story: Story): Promise<Telling>;
  end(): void;
};

/** One story at a time, in the order in which they are asked for. */
export function storyTeller(assemblies: Assemblies, mostMs = TELLING_MOST_MS): StoryTeller {
  let worker: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const ask = (story: Story) =>
    new Promise<Telling>((resolve) => {
      worker ??= fork(WORKER, { serialization: 'advanced', execPath: lambdaNode(), execArgv: LOADER });
      const asked = worker;
      const settle = (told: Telling) => {
        clearTimeout(late);
        asked.off('message', settle).off('exit', ended);
        resolve(told);
      };
      const ended = (code: number | null, signal: string | null) => {
        worker = undefined;
        settle(unfinished(story, `its process ended with ${signal ?? code}`));
      };
      const late = setTimeout(() => {
        asked.off('exit', ended).kill('SIGKILL');
        worker = undefined;
        settle(unfinished(story, `it was not told within ${mostMs / 1_000} s: it goes in circles`));
      }, mostMs);
      asked.on('message', settle).on('exit', ended);
      asked.send({ story, assemblies } satisfies Asked);
    });

  return {
    tell(story) {
      const telling = last.then(() => ask(story));
      last = telling;
      return telling;
    },
    end: () => void worker?.kill(),
  };
}
