/** Who is told when Tocsin itself is ill, or when nobody else can be paged: the first and the last level with somebody. */
import type { Operations } from './operations.ts';

/** @returns keys of `operations.responders` */
export function watchersOf({ levels, schedules }: Pick<Operations, 'levels' | 'schedules'>): Set<string> {
  const staffed = levels
    .map((names) => names.flatMap((name) => (Object.hasOwn(schedules, name) ? schedules[name]! : [name])))
    .filter((people) => people.length > 0);
  return new Set([...(staffed.at(0) ?? []), ...(staffed.at(-1) ?? [])]);
}
