/** The names and values that a request gives beside its expressions. */
import { type Item, readMap, readValue } from './attribute-value.ts';
import { bindPath, type Names } from './document-path.ts';
import type { Path } from './expression-tokens.ts';
import type { Parsed } from './parse-expression.ts';
import { invalid } from './refusal.ts';

export type Bindings = { names: Names; values: Item };

type Expressions = readonly (Parsed<unknown> | undefined)[];

/** @throws Refusal when a placeholder is undefined, unused or misspelt */
export function readBindings(request: Record<string, unknown>, expressions: Expressions): Bindings {
  const used = expressions.filter((expression) => expression !== undefined);
  const names = readPlaceholders(request, 'ExpressionAttributeNames', /^#\w+$/, used.length > 0);
  const values = readPlaceholders(request, 'ExpressionAttributeValues', /^:\w+$/, used.length > 0);
  refuseMismatch(names, used, 'names', 'An expression attribute name used in the document path');
  refuseMismatch(values, used, 'values', 'An expression attribute value used in expression');
  return {
    names: names as Names,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, readValue(value)])),
  };
}

export function bindPaths(paths: readonly Path[] | undefined, { names }: Bindings): Path[] {
  return (paths ?? []).map((path) => bindPath(path, names));
}

function readPlaceholders(
  request: Record<string, unknown>,
  parameter: string,
  pattern: RegExp,
  hasExpression: boolean,
): Record<string, unknown> {
  if (request[parameter] === undefined) return {};
  if (!hasExpression) throw invalid(`${parameter} can only be specified when using expressions`);
  const placeholders = readMap(request[parameter], parameter);
  const keys = Object.keys(placeholders);
  if (keys.length === 0) throw invalid(`${parameter} must not be empty`);
  const misspelt = keys.find((key) => !pattern.test(key));
  if (misspelt !== undefined) {
    throw invalid(`${parameter} contains invalid key: Syntax error; key: "${misspelt}"`);
  }
  return placeholders;
}

function refuseMismatch(
  given: Record<string, unknown>,
  expressions: readonly Parsed<unknown>[],
  kind: 'names' | 'values',
  what: string,
): void {
  const unused = new Set(Object.keys(given));
  for (const expression of expressions) {
    for (const placeholder of expression[kind]) {
      if (!Object.hasOwn(given, placeholder)) {
        throw invalid(`${what} is not defined; attribute ${kind.slice(0, -1)}: ${placeholder}`);
      }
      unused.delete(placeholder);
    }
  }
  if (unused.size > 0) {
    const parameter = kind === 'names' ? 'ExpressionAttributeNames' : 'ExpressionAttributeValues';
    throw invalid(`Value provided in ${parameter} unused in expressions: keys: {${[...unused].join(', ')}}`);
  }
}
