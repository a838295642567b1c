/** Whether the world's memory stays flat: within a life, and from one life to the next at the same age. */

/** `life`: 0 until the first kill; `ageS`: since that life began. */
export type Sample = { life: number; ageS: number; residentMb: number };

export type MemoryVerdict = {
  /** median of each life in the window of ages that all of them reached, MB */
  medianMb: number[];
  /** the last third of the lives over the first third; 1 is flat. Undefined with fewer than three lives */
  acrossLives: number | undefined;
  /** within a life, its last quarter over the quarter before; the median of all lives */
  withinLife: number | undefined;
};

/** Until then the process is still loading, and V8's heap finds its size. */
const WARM_UP_S = 30;

export function judgeMemory(samples: readonly Sample[]): MemoryVerdict {
  const lives = groupByLife(samples.filter(({ ageS }) => ageS >= WARM_UP_S)).filter((one) => one.length >= 8);
  const reached = Math.min(...lives.map((life) => life.at(-1)!.ageS));
  const medianMb = lives.map((life) =>
    median(life.filter(({ ageS }) => ageS <= reached).map(({ residentMb }) => residentMb)),
  );
  const third = Math.floor(lives.length / 3);
  const quarters = lives.map((life) => {
    const quarter = Math.floor(life.length / 4);
    const last = life.slice(-quarter);
    const before = life.slice(-2 * quarter, -quarter);
    return (
      median(last.map(({ residentMb }) => residentMb)) / median(before.map(({ residentMb }) => residentMb))
    );
  });
  return {
    medianMb: medianMb.map(Math.round),
    acrossLives: third > 0 ? median(medianMb.slice(-third)) / median(medianMb.slice(0, third)) : undefined,
    withinLife: quarters.length > 0 ? median(quarters) : undefined,
  };
}

function groupByLife(samples: readonly Sample[]): Sample[][] {
  const numbers = [...new Set(samples.map(({ life }) => life))];
  return numbers.map((number) => samples.filter(({ life }) => life === number));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
