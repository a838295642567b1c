/** Rows of cells as aligned lines. */
import { stripVTControlCharacters } from 'node:util';

const GAP = '   ';

/** @param right  the columns, from 0, that are aligned at their right end: numbers */
export function alignColumns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
    });
  }
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const space = ' '.repeat(widths[i]! - widthOf(cell));
        return right.includes(i) ? space + cell : cell + space;
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** By visible characters: neither colour nor an accent shifts its row. */
function widthOf(cell: string): number {
  return Array.from(stripVTControlCharacters(cell)).length;
}
