/** What happens in a world, one after the other: kept in a list, told to whoever listens. */

/** @param keep  false: it is told, and forgotten */
export function record<T>(keep: boolean) {
  const all: T[] = [];
  const listeners = new Set<(one: T) => void>();
  return {
    all: all as readonly T[],
    add(one: T) {
      if (keep) all.push(one);
      for (const listener of listeners) listener(one);
    },
    /** @returns stops listening */
    listen(listener: (one: T) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
