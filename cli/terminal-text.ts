/** Text for a terminal: what a sender wrote cannot move its cursor, change its title, or turn its lines around. */

/** How the colours of `paint.ts` begin. */
const ESCAPE = '\x1b';

/** All that control and format characters are, less line breaks, tabs, and those colours. */
const UNWANTED = new RegExp(
  `(?!${ESCAPE}\\[(?:1|2|22|31|32|33|39)m)(?![\\n\\t])[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]`,
  'gu',
);

/** The same in JSON, where what is below a space is escaped already. */
const UNESCAPED = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

export function forTerminal(text: string): string {
  return text.replace(UNWANTED, '');
}

/** One line, of which a program reads the same value. */
export function jsonForTerminal(value: unknown): string {
  return JSON.stringify(value).replace(UNESCAPED, (character) =>
    Array.from({ length: character.length }, (_, i) => escaped(character.charCodeAt(i))).join(''),
  );
}

function escaped(codeUnit: number): string {
  return `\\u${codeUnit.toString(16).padStart(4, '0')}`;
}
