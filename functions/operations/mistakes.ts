/** A wrong file's mistakes, each as one line: where, what was found, what to write instead. */
import type { z } from 'zod';

export type Mistake = {
  path: readonly PropertyKey[];
  found: string;
  /** what to write instead; ends the sentence "write …" */
  write: string;
};

/** Longer values are cut when quoted. */
const QUOTED_LENGTH = 60;

/** Every schema here says, as its message, what to write; what was found is read from the input. */
export function mistakesOf(error: z.ZodError, input: unknown): Mistake[] {
  return error.issues.map((issue) => ({
    path: issue.path,
    found:
      issue.code === 'custom' && typeof issue.params?.found === 'string'
        ? issue.params.found
        : showFound(valueAt(input, issue.path)),
    write: issue.message,
  }));
}

/** The text of the one error. */
export function renderMistakes(mistakes: readonly Mistake[]): string {
  const lines = new Set(
    mistakes.map(({ path, found, write }) => `${renderPath(path)}: found ${found}; write ${write}`),
  );
  const count = lines.size === 1 ? '1 mistake' : `${lines.size} mistakes`;
  return [`${count} in operations:`, ...lines].join('\n  ');
}

/** A value as it stands in the file, short. */
export function showFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string')
    return value.length > QUOTED_LENGTH ? `'${value.slice(0, QUOTED_LENGTH)}…'` : `'${value}'`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length === 0 ? 'an empty object' : 'an object';
  return String(value);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  // Only what the schema walked through is on the path, so each step but the last is an object.
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], input);
}

/** `routes[0].severity`, `schedules['senior-operations'][1]`: as one would write it in the file. */
function renderPath(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${String(key)}` : `['${String(key)}']`;
  });
  return parts.join('').replace(/^\./, '') || 'operations';
}
