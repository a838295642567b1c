/** Tells stories in a process of its own: two worlds at once on two cores, and one that goes in circles can be ended. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Violation } from './run.ts';
import type { Assemblies } from './run-story.ts';

const WORKER = fileURLToPath(new URL('story-teller.worker.ts', import.meta.url));

/** A week takes seconds. A world that has not come to its end by then goes in circles at one instant. */
const TELLING_MOST_MS = 10 * 60_000;

export type Asked = { seed: number; days: number; assemblies: Assemblies };
export type Told = { violations: Violation[] } | { failed: string };

export type StoryTeller = {
  /** @throws Error when the story could not be told to its end */
  tell(seed: number, days: number): Promise<Violation[]>;
  end(): void;
};

/** One story at a time, in the order in which they are asked for. */
export function storyTeller(assemblies: Assemblies): StoryTeller {
  const worker = fork(WORKER, { serialization: 'advanced' });
  let last: Promise<unknown> = Promise.resolve();

  const ask = (seed: number, days: number) =>
    new Promise<Told>((resolve) => {
      const settle = (told: Told) => {
        clearTimeout(late);
        worker.off('message', settle).off('exit', ended);
        resolve(told);
      };
      const ended = () => settle({ failed: 'its process has ended' });
      const late = setTimeout(() => {
        worker.kill('SIGKILL');
        settle({ failed: `not told within ${TELLING_MOST_MS / 60_000} minutes` });
      }, TELLING_MOST_MS);
      worker.on('message', settle).on('exit', ended);
      if (worker.exitCode !== null || worker.killed) return ended();
      worker.send({ seed, days, assemblies } satisfies Asked);
    });

  return {
    async tell(seed, days) {
      const telling = last.then(() => ask(seed, days));
      last = telling;
      const told = await telling;
      if ('failed' in told) throw new Error(`seed ${seed}: ${told.failed}`);
      return told.violations;
    },
    end: () => void worker.kill(),
  };
}
