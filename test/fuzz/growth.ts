/** How the time of an input grows with its size: as a ratio within one run, never by a clock. */
import type { Target } from './target.ts';

/** The second size is so many times the first. */
const TIMES = 4;

/** Linear work takes 4 times as long, quadratic work 16 times: above this it is not linear. */
export const GROWTH_MOST = 9;

/** The least of so many: whatever else the machine does only adds. */
const RUNS = 7;

export type Growth = { name: string; ratio: number };

/** @returns for each family how many times as long the larger input takes; what takes no time at all counts as 1 */
export async function measureGrowth(targets: readonly Target[], size: number): Promise<Growth[]> {
  const grown: Growth[] = [];
  for (const target of targets) {
    for (const [family, make] of Object.entries(target.families)) {
      const small = make(size);
      const large = make(size * TIMES);
      const least = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY };
      for (let run = 0; run < RUNS; run++) {
        least.small = Math.min(least.small, await cpuMs(() => target.feed(small, true)));
        least.large = Math.min(least.large, await cpuMs(() => target.feed(large, true)));
      }
      const floorMs = 0.5;
      const ratio = Math.max(least.large, floorMs) / Math.max(least.small, floorMs);
      grown.push({ name: `${target.name}: ${family}`, ratio });
    }
  }
  return grown;
}

/** Of this process: time that others take does not count. */
async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
