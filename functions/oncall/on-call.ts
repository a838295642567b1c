/** Who is on call at a level: schedules resolved into people. */
import type { Operations } from '../operations/operations.ts';

/**
 * The distinct responders of a level, in the order in which operations.ts names them.
 * @param level    from 1; beyond the last it is the last
 * @param _nowMs   epoch milliseconds; a plain list of people is the same at any time, rotations will not be
 * @returns keys of `operations.responders`; empty when nobody is on call. Names that it no longer has are left out.
 */
export function onCall(operations: Operations, level: number, _nowMs: number): string[] {
  const index = Math.min(Math.max(level, 1), operations.levels.length) - 1;
  const names = (operations.levels[index] ?? []).flatMap((name) => own(operations.schedules, name) ?? [name]);
  return [...new Set(names)].filter((name) => own(operations.responders, name));
}

/** A level may be named `constructor`: only what the file says counts. */
function own<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
