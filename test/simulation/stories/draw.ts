/** Draws from a seed: the same seed draws the same. */
import { randomOf } from '../../support/random.ts';

export type Draw = ReturnType<typeof drawOf>;

export function drawOf(seed: number) {
  const random = randomOf(seed);
  /** at least `least`, below `most` */
  const between = (least: number, most: number) => least + random() * (most - least);
  const whole = (least: number, most: number) => Math.floor(between(least, most + 1));
  return {
    between,
    /** both included */
    whole,
    chance: (probability: number) => random() < probability,
    one: <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!,
    /** by their weights; what has none is never drawn */
    weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
      const choices = Object.entries(weights) as [K, number][];
      let left = random() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [choice, weight] of choices) {
        left -= weight;
        if (left < 0) return choice;
      }
      return choices.at(-1)![0];
    },
    /** so many of them, each once */
    several<T>(choices: readonly T[], count: number): T[] {
      const left = [...choices];
      return Array.from(
        { length: Math.min(count, left.length) },
        () => left.splice(Math.floor(random() * left.length), 1)[0]!,
      );
    },
  };
}
