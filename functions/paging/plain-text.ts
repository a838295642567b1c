/** Plain text for a mail client on a phone: short lines, links whole, sections set apart. */

/** What mail clients neither wrap nor quote badly. Source: RFC 3676, 4.2 */
export const LINE_LENGTH = 78;

/** Where the values of {@link field} begin. */
const LABEL_LENGTH = 13;

/** Breaks a text into lines of at most {@link LINE_LENGTH}, `indent` included. A link is never broken. */
export function wrap(text: string, indent = ''): string[] {
  const width = LINE_LENGTH - indent.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((word) => breakWord(word, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}

/** `Metric     AWS/EC2 CPUUtilization`, what follows aligned; nothing for a value that is not known. */
export function field(label: string, value: string | undefined): string[] {
  if (!value) return [];
  const indent = ' '.repeat(LABEL_LENGTH);
  const [first = '', ...rest] = wrap(value, indent);
  return [label.padEnd(LABEL_LENGTH) + first.slice(LABEL_LENGTH), ...rest];
}

/** Sections with an empty line between; empty ones leave none. */
export function sections(...blocks: (readonly string[])[]): string {
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function breakWord(word: string, width: number): string[] {
  if (word.length <= width || /^https?:\/\//.test(word)) return [word];
  const characters = Array.from(word);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += width) {
    pieces.push(characters.slice(at, at + width).join(''));
  }
  return pieces;
}
