/** What somebody probably meant: the known name nearest to what was written. */

/** How many known names a message lists. */
const LISTED_NAMES = 12;

/**
 * What to write instead of an unknown name.
 * @param whole  what the names are, in the plural: `responders`
 */
export function chooseFrom(whole: string, known: readonly string[], written: unknown): string {
  if (known.length === 0) return `nothing, for there are no ${whole}`;
  const near = typeof written === 'string' ? nearest(written, known) : undefined;
  if (near !== undefined) return `'${near}', the nearest of the ${whole}`;
  const listed = known.slice(0, LISTED_NAMES).map((name) => `'${name}'`);
  return `one of the ${whole}: ${listed.join(', ')}${known.length > LISTED_NAMES ? ', …' : ''}`;
}

/** The nearest name, unless more than half of it would have to change. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const scored = known.map((name) => ({
    name,
    edits: editsBetween(written.toLowerCase(), name.toLowerCase()),
  }));
  const best = scored.sort((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= Math.ceil(best.name.length / 2) ? best.name : undefined;
}

/** Levenshtein's distance, one row at a time. */
function editsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(changed, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[b.length]!;
}
