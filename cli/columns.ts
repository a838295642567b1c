/** Rows of cells as aligned lines. */
import { stripVTControlCharacters } from 'node:util';
import { oneLine } from '../functions/alerts/describe-alert.ts';

const GAP = '   ';

/** A cell that is cut keeps at least so much. */
const CELL_CHARS_LEAST = 8;

type Rows = readonly (readonly string[])[];

/** @param right  the columns, from 0, that are aligned at their right end: numbers */
export function alignColumns(rows: Rows, right: readonly number[] = []): string[] {
  const lines = rows.map((row) => row.map((cell) => cell.replace(/[\r\n]+/g, ' ')));
  const widths = widthsOf(lines);
  return lines.map((row) =>
    row
      .map((cell, i) => {
        const space = ' '.repeat(widths[i]! - widthOf(cell));
        return right.includes(i) ? space + cell : cell + space;
      })
      .join(GAP)
      .trimEnd(),
  );
}

/**
 * Cuts cells, those of the widest column first, until every row fits.
 * @param chars     that a line may have
 * @param flexible  the columns, from 0, that may be cut: texts without colour
 */
export function fitColumns(rows: Rows, chars: number, flexible: readonly number[]): string[][] {
  const widths = widthsOf(rows);
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - chars;
  for (; excess > 0; excess--) {
    const widest = flexible.reduce((a, b) => (widths[b]! > widths[a]! ? b : a));
    if (widths[widest]! <= CELL_CHARS_LEAST) break;
    widths[widest]! -= 1;
  }
  return rows.map((row) => row.map((cell, i) => (flexible.includes(i) ? oneLine(cell, widths[i]!) : cell)));
}

function widthsOf(rows: Rows): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
    });
  }
  return widths;
}

/** By visible characters: neither colour nor an accent shifts its row. */
function widthOf(cell: string): number {
  return Array.from(stripVTControlCharacters(cell)).length;
}
