/** Whether the world's memory stays flat: within a life, and from one life to the next at the same age. */

/**
 * `life`: 0 until the first kill; `ageS`: since that life began. `residentMb`: with the files of the table, which are mapped
 * and grow with it; `ownMb`: without them.
 */
export type Sample = { life: number; ageS: number; ownMb: number; residentMb: number; cpuS: number };

export type MemoryVerdict = {
  /** the ages, in seconds, that are compared: all lives reached them */
  ages: { fromS: number; toS: number };
  /** own memory: median of each life at those ages, MB */
  medianMb: number[];
  /** the last third of the lives over the first third; 1 is flat. Undefined with fewer than three lives */
  acrossLives: number | undefined;
  /** the last third of the longest life over its second third; undefined when it is shorter than a quarter of an hour */
  withinLife: number | undefined;
  /** the most that was resident beside it: mapped files, MB */
  mappedMb: number;
};

/** Until then the process is still loading, and V8's heap finds its size. */
const WARM_UP_S = 30;

/** A life says something of growth within it when its first third is longer than V8 needs to find the heap's size. */
const LONG_LIFE_S = 15 * 60;

/** A life with less than this many was over before it could be compared. */
const SAMPLES_LEAST = 8;

export function judgeMemory(samples: readonly Sample[]): MemoryVerdict {
  const lives = groupByLife(samples.filter(({ ageS }) => ageS >= WARM_UP_S)).filter(
    (one) => one.length >= SAMPLES_LEAST,
  );
  const ends = lives.map((life) => life.at(-1)!.ageS);
  const toS = Math.min(...ends);
  const medianMb = lives.map((life) => medianOf(life.filter(({ ageS }) => ageS <= toS)));
  const third = Math.floor(lives.length / 3);
  const longest = lives[ends.indexOf(Math.max(...ends))];
  return {
    ages: { fromS: WARM_UP_S, toS: Math.round(toS) },
    medianMb: medianMb.map(Math.round),
    acrossLives: third > 0 ? median(medianMb.slice(-third)) / median(medianMb.slice(0, third)) : undefined,
    withinLife:
      longest && longest.at(-1)!.ageS >= LONG_LIFE_S
        ? medianOf(thirdOf(longest, 2)) / medianOf(thirdOf(longest, 1))
        : undefined,
    mappedMb: Math.round(samples.reduce((most, one) => Math.max(most, one.residentMb - one.ownMb), 0)),
  };
}

function thirdOf(life: readonly Sample[], n: 0 | 1 | 2): Sample[] {
  const length = life.length / 3;
  return life.slice(Math.floor(n * length), Math.floor((n + 1) * length));
}

function groupByLife(samples: readonly Sample[]): Sample[][] {
  const numbers = [...new Set(samples.map(({ life }) => life))];
  return numbers.map((number) => samples.filter(({ life }) => life === number));
}

function medianOf(samples: readonly Sample[]): number {
  return median(samples.map(({ ownMb }) => ownMb));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
