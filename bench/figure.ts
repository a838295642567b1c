/** What the bench tells: one measured value beside the bound that it has to hold. */

export type Figure = {
  name: string;
  value: number;
  unit: 'ratio' | 'ms' | 's' | 'count' | 'alerts/s' | 'MB';
  /** the most that is allowed; null for a figure that is only reported */
  bound: number | null;
  ok: boolean;
};

/** @param value  rounded to three decimals: beyond that is noise */
export function figure(name: string, value: number, unit: Figure['unit'], bound: number | null): Figure {
  const rounded = Number(value.toFixed(3));
  return { name, value: rounded, unit, bound, ok: bound === null || rounded <= bound };
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('the median of nothing');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that so large a share of all values does not exceed: 0.99, or 1 for the largest. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('a percentile of nothing');
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]!;
}

/**
 * The median of `a / b` over pairs that were measured one right after the other: whatever else the machine does slows
 * both of a pair alike, but not all pairs.
 */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, i) => value / b[i]!));
}

/** Milliseconds of the machine's monotonic clock, which is the same in all its processes. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
