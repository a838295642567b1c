/** Colour where a person looks on, plain text where a program does. */

export type Paint = Record<'strong' | 'faint' | 'bad' | 'good' | 'warn', (text: string) => string>;

const CODES = { strong: [1, 22], faint: [2, 22], bad: [31, 39], good: [32, 39], warn: [33, 39] } as const;

export const plain: Paint = { strong: same, faint: same, bad: same, good: same, warn: same };

const coloured: Paint = {
  strong: inCode('strong'),
  faint: inCode('faint'),
  bad: inCode('bad'),
  good: inCode('good'),
  warn: inCode('warn'),
};

/** Colour on a terminal only, and never against NO_COLOR. Source: https://no-color.org */
export function paintFor(stream: { isTTY?: boolean }, env: { NO_COLOR?: string | undefined }): Paint {
  return stream.isTTY && !env.NO_COLOR ? coloured : plain;
}

function inCode(name: keyof typeof CODES): (text: string) => string {
  const [on, off] = CODES[name];
  return (text) => `\x1b[${on}m${text}\x1b[${off}m`;
}

function same(text: string): string {
  return text;
}
