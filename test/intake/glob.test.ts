import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../../functions/intake/glob.ts';

/** The same rule by definition, exponential: only for short texts. */
function byDefinition(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const [first, rest] = [pattern[0], pattern.slice(1)];
  if (first === '*') return byDefinition(rest, text) || (text !== '' && byDefinition(pattern, text.slice(1)));
  return text !== '' && (first === '?' || first === text[0]) && byDefinition(rest, text.slice(1));
}

describe('matchesGlob', () => {
  test.each([
    ['checkout-*', 'checkout-5xx', true],
    ['checkout-*', 'checkout-', true],
    ['checkout-*', 'checkout', false],
    ['*-5xx', 'checkout-5xx', true],
    ['*5xx*', 'a5x5xxb', true],
    ['db-?', 'db-1', true],
    ['db-?', 'db-12', false],
    ['db-?', 'db-🔥', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a.c', 'abc', false],
    ['[a]+(b)', '[a]+(b)', true],
    ['Checkout', 'checkout', false],
  ])('%j against %j: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  test('agrees with the definition on short patterns over 2 letters', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 });
    fc.assert(
      fc.property(pattern, text, (p, t) => matchesGlob(p, t) === byDefinition(p, t)),
      { numRuns: 2_000 },
    );
  });

  test('100 stars against 1,600 letters, which a backtracking matcher would not survive', () => {
    expect(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(1_600))).toBe(false);
  });
});
