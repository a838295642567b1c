/** Which licences the packages that Tocsin is made of, and made with, may have. */

/** Asks for no more than its notice. What is shipped has one of these. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
]);

/** Of tools alone: what is shipped has nothing of them. By licence, why. */
const OF_TOOLS: ReadonlyMap<string, string> = new Map([
  [
    'MPL-2.0',
    'lightningcss, within the test runner: asks for the sources of its own files only, unchanged here',
  ],
  [
    'CC-BY-4.0',
    "caniuse-lite, within the mutation tester: data, read by a tool, with its author's name in it",
  ],
]);

export type Use = 'shipped' | 'tool';

/**
 * @param expression  as package.json has it, in SPDX's words: `MIT`, `(MIT OR GPL-3.0-or-later)`, `MIT AND ISC`
 * @returns what is wrong with it, or undefined
 */
export function whyNotAllowed(expression: string | undefined, use: Use): string | undefined {
  if (!expression) return 'it says nothing of its licence';
  const words = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(words)) return `${expression} is not understood: read it here, and add what it means`;
  const allowed = (one: string) => PERMISSIVE.has(one) || (use === 'tool' && OF_TOOLS.has(one));
  const isGood = words.split(' OR ').some((choice) => choice.split(' AND ').every(allowed));
  return isGood
    ? undefined
    : `${expression} is none of those that ${use === 'tool' ? 'a tool' : 'what is shipped'} may have`;
}
