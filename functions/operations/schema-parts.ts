/** What the schemas of operations.ts are made of. Each message says what to write instead of what was found. */
import { z } from 'zod';
import { checkRepetition } from './check-values.ts';
import type { Mistake } from './mistakes.ts';
import { chooseFrom } from './nearest.ts';

/** A year: far beyond any use, and safe to multiply. */
const MOST_MINUTES = 525_600;

const PATTERN = "a pattern, in which * stands for any text and ? for any character, as in 'checkout-*'";

/** An object that refuses keys it does not know, each by the name that was probably meant. */
export function object<Shape extends z.ZodRawShape>(example: string, shape: Shape) {
  const unknownKey = z.custom<never>(() => false, {
    error: ({ path }) => chooseFrom('keys', Object.keys(shape), path?.at(-1)),
    params: { found: 'an unknown key' },
    abort: false,
  });
  // The catch-all admits nothing, so what comes out has the keys of the shape alone.
  return z.object(shape, example).catchall(unknownKey) as unknown as z.ZodObject<Shape>;
}

export function record<Value extends z.ZodType>(value: Value, example: string) {
  return z.record(z.string(), value, example);
}

export function listOfNames(plural: string, names: string[]) {
  return z.array(oneOf(plural, names), `a list of ${plural}`).check(rule(checkRepetition));
}

export function oneOf<const Name extends string>(plural: string, names: readonly Name[]) {
  return z.enum(names, { error: ({ input }) => chooseFrom(plural, names, input) });
}

export function text(most: number) {
  const write = `one line of 1 to ${most} characters`;
  return z
    .string(write)
    .refine((line) => /\S/.test(line) && !/[\r\n]/.test(line) && line.length <= most, write);
}

export function minutes(least: number, orElse = '') {
  return whole(least, MOST_MINUTES, `a whole number of minutes from ${least} to ${MOST_MINUTES}${orElse}`);
}

export function whole(least: number, most: number, write: string) {
  return z.number(write).refine((value) => Number.isInteger(value) && value >= least && value <= most, write);
}

export function glob() {
  return z.string(PATTERN).min(1, PATTERN);
}

/** Runs beside type mistakes, so that both are told at once. */
export function rule(check: (value: unknown) => Mistake[]) {
  return z.superRefine(
    (value: unknown, context) => {
      for (const { path, found, write } of check(value))
        context.addIssue({ code: 'custom', path: [...path], message: write, params: { found } });
    },
    { when: () => true },
  );
}
