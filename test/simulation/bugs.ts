/** Deliberate bugs: what a careless engineer might have written. The simulator must find each of them. */
import { alertBugs } from './bugs/alert-bugs.ts';
import { pagingBugs } from './bugs/paging-bugs.ts';
import { signalBugs } from './bugs/signal-bugs.ts';

export type Bug = {
  /** kebab-case */
  name: string;
  /** relative to the project, in functions/ */
  file: string;
  /** what stands there, exactly once */
  find: string;
  /** what stands there instead */
  replace: string;
  /** the mistake, and what comes of it */
  why: string;
  /** the invariants that may find it */
  foundBy: readonly string[];
  /** the seed that found it when this was written: told first, so that a run is short; then 0, 1, … */
  foundAt?: number;
};

export const BUGS: readonly Bug[] = [...signalBugs, ...alertBugs, ...pagingBugs];

export function bugNamed(name: string): Bug | undefined {
  return BUGS.find((bug) => bug.name === name);
}
