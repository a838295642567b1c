/** Looks for one deliberate bug: tells stories until an invariant that may find it is broken, and only by the bug. */
import type { Bug } from './bugs.ts';
import type { Violation } from './run.ts';

/** Tells the story of a seed. @returns what it violates */
export type Tell = (seed: number) => Promise<readonly Violation[]>;

export type Finding =
  /** in so many seeds */
  | { kind: 'found'; seeds: number; seed: number; violation: Violation }
  /** the unchanged code breaks an invariant by itself in that story: nothing found there proves anything */
  | { kind: 'unsound'; seed: number; violation: Violation }
  /** `others`: invariants that were broken and may not find it */
  | { kind: 'not-found'; seeds: number; others: readonly string[] };

/**
 * @param broken  tells a story with the bug
 * @param sound   tells it with the code as it is
 * @param seeds   0 to this, without it; the one that is known to find it first
 */
export async function findBug(bug: Bug, broken: Tell, sound: Tell, seeds: number): Promise<Finding> {
  const others = new Set<string>();
  for (const [told, seed] of order(seeds, bug.foundAt).entries()) {
    const violations = await broken(seed);
    const violation = violations.find(({ invariant }) => bug.foundBy.includes(invariant));
    for (const { invariant } of violations) if (!bug.foundBy.includes(invariant)) others.add(invariant);
    if (!violation) continue;
    const [own] = await sound(seed);
    if (own) return { kind: 'unsound', seed, violation: own };
    return { kind: 'found', seeds: told + 1, seed, violation };
  }
  return { kind: 'not-found', seeds, others: [...others].sort() };
}

function order(seeds: number, first: number | undefined): number[] {
  const all = Array.from({ length: seeds }, (_, seed) => seed);
  return first === undefined || first >= seeds ? all : [first, ...all.filter((seed) => seed !== first)];
}

/** `found by seed 17, whose story without it violates nothing: paged-in-time: …` */
export function describeFinding(finding: Finding): string {
  switch (finding.kind) {
    case 'found': {
      const { seeds, seed, violation } = finding;
      return `found by seed ${seed}${seeds > 1 ? ` after ${seeds - 1} others` : ''}, whose story without it violates nothing: ${violation.invariant}: ${violation.what}`;
    }
    case 'unsound': {
      const { seed, violation } = finding;
      return `seed ${seed} proves nothing: the code as it is violates ${violation.invariant} there: ${violation.what}. Run \`npm run simulate -- --seed ${seed}\``;
    }
    case 'not-found': {
      const { seeds, others } = finding;
      const hint =
        others.length > 0 ? `; broken were ${others.join(', ')}, which its foundBy does not name` : '';
      return `NOT FOUND within ${seeds} seeds${hint}`;
    }
  }
}
