/** What a command says: its lines on stdout. */
import { type Paint, paintFor } from './paint.ts';

export function print(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

export function terminalPaint(): Paint {
  return paintFor(process.stdout, process.env);
}
