/** The door of operations.ts: a team's procedures in, checked and with every default out. */
import { OpsError } from '../shared/errors.ts';
import { checkNames } from './check-names.ts';
import { readDeclaredNames } from './declared-names.ts';
import { mistakesOf, renderMistakes } from './mistakes.ts';
import type { Operations } from './operations.ts';
import type { OperationsInput } from './operations-input.ts';
import { operationsSchema } from './operations-schema.ts';
import { resolveOperations } from './resolve-operations.ts';

/** Marks a result, so that whoever loads a file need not know whether it went through here. Known by its name: a package and a checkout may both be loaded. */
const DEFINED = Symbol.for('tocsin.defined-operations');

/**
 * Checks a team's procedures and fills in every default. Its own result passes through it unchanged.
 * @throws OpsError `rejected` with every mistake at once: where, what was found, what to write instead
 */
export function defineOperations<
  Responder extends string,
  Schedule extends string = never,
  Service extends string = never,
>(input: OperationsInput<Responder, Schedule, Service>): Operations {
  if (Object.hasOwn(Object(input), DEFINED)) return input as unknown as Operations;
  const names = readDeclaredNames(input);
  const parsed = operationsSchema(names).safeParse(input);
  const mistakes = [...(parsed.success ? [] : mistakesOf(parsed.error, input)), ...checkNames(input, names)];
  if (!parsed.success || mistakes.length > 0) throw new OpsError('rejected', renderMistakes(mistakes));
  return Object.defineProperty(resolveOperations(parsed.data as OperationsInput), DEFINED, { value: true });
}
