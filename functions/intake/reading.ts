/** What a reader of one source format answers, and how it says what is wrong. */
import * as z from 'zod/mini';
import { redact } from '../shared/redact.ts';
import type { Acknowledgement, Signal } from './signal.ts';

/**
 * `ignored` is well-formed and deliberately left out; `rejected` is malformed, and kept aside with its reason:
 * what was received, and what is wrong with it.
 */
export type Reading =
  | { kind: 'signal'; signal: Signal }
  | ({ kind: 'acknowledge' } & Acknowledgement)
  | { kind: 'ignored'; reason: string }
  | { kind: 'rejected'; reason: string };

/** Of a body with very many mistakes the first few tell enough. */
const MISTAKES_SHOWN = 3;

/** Of a received value at most this many characters are shown. */
const SHOWN_LENGTH = 60;

/**
 * What only describes an alarm. When it is missing, or of another type than documented, the alarm pages without it:
 * strictness is for who, what state, and when.
 */
export function lenient<T extends z.core.$ZodType>(schema: T) {
  return z.catch(z.optional(schema), undefined);
}

/** A text or number that only describes, read in one step: an alarm has two dozen of them on the way to its page. */
export const Text = z.optional(
  z.transform((value: unknown) => (typeof value === 'string' ? value : undefined)),
);
export const Count = z.optional(
  z.transform((value: unknown) => (typeof value === 'number' ? value : undefined)),
);

export function ignored(reason: string): Reading {
  return { kind: 'ignored', reason };
}

/** @param received  what the body was taken for */
export function rejected(received: string, mistakes: z.core.$ZodIssue[] | string): Reading {
  const wrong = typeof mistakes === 'string' ? mistakes : describeMistakes(mistakes);
  return { kind: 'rejected', reason: `${received}: ${wrong}` };
}

/** A received value in a few words, whatever its size and depth, and nothing of it that looks like a secret. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    return `an object with ${cut(Object.keys(value).slice(0, 10).join(', ')) || 'no keys'}`;
  }
  return String(value);
}

function describeMistakes(issues: z.core.$ZodIssue[]): string {
  return issues
    .slice(0, MISTAKES_SHOWN)
    .map((issue) => `${issue.path.join('.') || 'it'} is ${show(issue.input)}, not ${wanted(issue)}`)
    .join('; ');
}

function wanted(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum} long`;
  return issue.message;
}

/** Redacted first: half a secret looks like none. */
function cut(text: string): string {
  const shown = redact(text);
  return shown.length > SHOWN_LENGTH ? `${shown.slice(0, SHOWN_LENGTH)}…` : shown;
}
