/** Matches a text with a pattern of `*` (any characters, also none) and `?` (any one). */

/**
 * Goes back only to the latest `*`, so the steps are at most pattern × text, whatever the pattern.
 * Upper and lower case differ, as they do in AWS.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = [...pattern];
  const found = [...text];
  let w = 0;
  let f = 0;
  let star: { next: number; from: number } | undefined;
  while (f < found.length) {
    if (wanted[w] === '*') {
      w += 1;
      star = { next: w, from: f };
    } else if (w < wanted.length && (wanted[w] === '?' || wanted[w] === found[f])) {
      w += 1;
      f += 1;
    } else if (star) {
      // The star takes one character more.
      star.from += 1;
      w = star.next;
      f = star.from;
    } else {
      return false;
    }
  }
  return wanted.slice(w).every((rest) => rest === '*');
}
