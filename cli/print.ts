/** What a command says: its lines on stdout. */
import { type Paint, paintFor } from './paint.ts';
import { forTerminal, jsonForTerminal } from './terminal-text.ts';

/** Where no terminal says how wide it is. */
const WIDTH_CHARS = 100;

export function print(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${forTerminal(lines.join('\n'))}\n`);
}

/** One line of JSON for each value: a list is as many lines. */
export function printJson(...values: readonly unknown[]): void {
  print(values.map(jsonForTerminal));
}

export function terminalPaint(): Paint {
  return paintFor(process.stdout, process.env);
}

export function terminalWidth(): number {
  return process.stdout.columns || WIDTH_CHARS;
}
