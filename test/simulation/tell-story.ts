/** Tells a story and checks it: what there was of it, and what it violates. */
import { digestRun } from './digest-run.ts';
import { checkRun } from './invariants/index.ts';
import { type Met, metIn, nothingMet } from './met.ts';
import type { Violation } from './run.ts';
import { type Assemblies, runStory } from './run-story.ts';
import type { Story } from './story.ts';

/** What a run violates that never came to its end. */
export const RUN_COMPLETED = 'run-completed';

export type Telling = {
  seed: number;
  days: number;
  /** signals that say that something is wrong */
  alarms: number;
  /** messages that SNS took */
  pages: number;
  /** planned faults that met something */
  faults: number;
  calls: number;
  violations: Violation[];
  met: Met;
  /** of all that was observed */
  digest: string;
  cpuMs: number;
};

export async function tellStory(story: Story, assemblies: Assemblies): Promise<Telling> {
  const before = process.cpuUsage();
  try {
    const run = await runStory(story, assemblies);
    const violations = checkRun(run);
    return {
      seed: story.seed,
      days: story.days,
      alarms: run.signals.filter(({ state }) => state === 'alarm').length,
      pages: run.publishes.filter(({ takenAt }) => takenAt !== undefined).length,
      faults: run.hits.length,
      calls: run.calls,
      violations,
      met: metIn(run),
      digest: digestRun(run),
      cpuMs: cpuSince(before),
    };
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...unfinished(story, what), cpuMs: cpuSince(before) };
  }
}

/** @param what  why it did not come to its end */
export function unfinished({ seed, days, startMs }: Story, what: string): Telling {
  const nothing = { alarms: 0, pages: 0, faults: 0, calls: 0, met: nothingMet(), digest: '', cpuMs: 0 };
  return { seed, days, ...nothing, violations: [{ invariant: RUN_COMPLETED, at: startMs, what }] };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
