/** Choices that a seed makes the same each time. */
import { randomOf } from '../support/random.ts';

export type Chance = {
  /** a whole number from 0, below `below` */
  whole(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** true so often: 0.1 is one time in ten */
  isOne(probability: number): boolean;
};

export function chanceOf(seed: number): Chance {
  const next = randomOf(seed);
  const whole = (below: number) => Math.floor(next() * below);
  return {
    whole,
    pick: (list) => list[whole(list.length)]!,
    isOne: (probability) => next() < probability,
  };
}
