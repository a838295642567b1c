/** Which procedures, and which knowledge of who can be reached, may have decided at a time. */
import type { Operations } from '../../../functions/operations/operations.ts';
import type { Run } from '../run.ts';
import type { Unreachable } from '../who-is-paged.ts';
import { isCalm } from './fault-times.ts';
import { onceOf } from './once-of.ts';

/** What ran when it was replaced runs to its end. Source: lib/function.ts */
export const FUNCTION_MOST_MS = 10_000;

/** What was read before a decision is so old at most, where no call is slow. */
const READ_BEFORE_MS = 5_000;

/** Those in use at any time between the two moments, the oldest first. */
export function operationsIn(
  { procedures }: Pick<Run, 'procedures'>,
  fromMs: number,
  untilMs: number,
): Operations[] {
  return procedures
    .filter((one, i) => {
      const replaced = procedures[i + 1];
      return one.fromMs <= untilMs && (!replaced || replaced.soleFromMs + FUNCTION_MOST_MS >= fromMs);
    })
    .map(({ operations }) => operations);
}

type Mark = { responder: string; channel: string; until?: number };

/** What the row of the situation said, from when. */
const marksOf = onceOf((run: Run): readonly { at: number; marks: readonly Mark[] }[] =>
  run.writes
    .filter(({ pk, sk }) => pk === 'situation' && sk === 'current')
    .map(({ at, after }) => ({ at, marks: (after?.unreachable ?? []) as Mark[] })),
);

/** Every set of contacts that whoever decided between the two moments may have taken for unreachable. */
export function unreachablesIn(run: Run, fromMs: number, untilMs: number): Unreachable[] {
  const all = marksOf(run);
  const known = all.filter(
    ({ at }, i) => at <= untilMs && (all[i + 1]?.at ?? Number.POSITIVE_INFINITY) >= fromMs - READ_BEFORE_MS,
  );
  const isFromBefore = (all[0]?.at ?? Number.POSITIVE_INFINITY) > fromMs - READ_BEFORE_MS;
  // Where the situation cannot be read, the file alone decides.
  const mayBeUnread = isFromBefore || !isCalm(run, fromMs, untilMs);
  const sets = known.flatMap(({ marks }) => [fromMs, untilMs].map((atMs) => namesOf(marks, atMs)));
  return distinct([...sets, ...(mayBeUnread ? [[]] : [])]).map((names) => new Set(names));
}

function namesOf(marks: readonly Mark[], atMs: number): string[] {
  return marks
    .filter(({ until = Number.POSITIVE_INFINITY }) => until > atMs)
    .map(({ responder, channel }) => `${responder} ${channel}`)
    .sort();
}

function distinct(sets: readonly string[][]): string[][] {
  return [...new Map(sets.map((names) => [names.join(), names])).values()];
}
