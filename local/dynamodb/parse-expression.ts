/** Expression texts to trees. A tree holds placeholders, so each text is parsed once. */
import { type Path, readTokens, type TokenReader } from './expression-tokens.ts';
import { invalid } from './refusal.ts';

/** More texts than a program has; past it, parse again. */
const MAX_CACHED = 1_000;

const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='] as const;
export type Comparator = (typeof COMPARATORS)[number];

/** How many operands each takes. */
const PREDICATES = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
} as const;
export type Predicate = keyof typeof PREDICATES;

export type Operand =
  | { is: 'path'; path: Path }
  | { is: 'value'; name: string }
  | { is: 'size'; of: Operand };

export type Condition =
  | { is: 'and' | 'or'; left: Condition; right: Condition }
  | { is: 'not'; of: Condition }
  | { is: 'compare'; operator: Comparator; left: Operand; right: Operand }
  | { is: 'between'; operand: Operand; low: Operand; high: Operand }
  | { is: 'in'; operand: Operand; candidates: Operand[] }
  | { is: 'predicate'; name: Predicate; operands: Operand[] };

export type SetValue =
  | { is: 'path'; path: Path }
  | { is: 'value'; name: string }
  | { is: 'if_not_exists'; path: Path; otherwise: SetValue }
  | { is: 'list_append' | 'plus' | 'minus'; left: SetValue; right: SetValue };

export type Update = {
  set: { path: Path; value: SetValue }[];
  remove: { path: Path }[];
  add: { path: Path; value: string }[];
  delete: { path: Path; value: string }[];
};

/** A tree, the placeholders in it, and every path that it reads or changes. */
export type Parsed<T> = {
  tree: T;
  names: ReadonlySet<string>;
  values: ReadonlySet<string>;
  paths: readonly Path[];
};

export const parseCondition = cached(readCondition);
export const parseUpdate = cached(readUpdate);
export const parseProjection = cached(readProjection);

function cached<T>(read: (tokens: TokenReader, what: string) => T) {
  const trees = new Map<string, Parsed<T>>();
  return (text: string, what: string): Parsed<T> => {
    const known = trees.get(text);
    if (known) return known;
    const tokens = readTokens(text, what);
    const tree = read(tokens, what);
    tokens.end();
    if (trees.size >= MAX_CACHED) trees.clear();
    const { names, values, paths } = tokens;
    const parsed = { tree, names, values, paths };
    trees.set(text, parsed);
    return parsed;
  };
}

function readCondition(tokens: TokenReader, what: string): Condition {
  const refuse = (message: string) => invalid(`Invalid ${what}: ${message}`);
  const inParentheses = new Set<Condition>();

  const disjunction = (): Condition => {
    let left = conjunction();
    while (tokens.accept('OR')) left = { is: 'or', left, right: conjunction() };
    return left;
  };
  const conjunction = (): Condition => {
    let left = negation();
    while (tokens.accept('AND')) left = { is: 'and', left, right: negation() };
    return left;
  };
  const negation = (): Condition => (tokens.accept('NOT') ? { is: 'not', of: negation() } : primary());

  const primary = (): Condition => {
    if (tokens.accept('(')) {
      const inner = disjunction();
      tokens.expect(')');
      if (inParentheses.has(inner)) throw refuse('The expression has redundant parentheses;');
      inParentheses.add(inner);
      return inner;
    }
    return tokens.peek(1) === '(' && tokens.peek() !== 'size' ? predicate() : comparison();
  };

  const predicate = (): Condition => {
    const name = tokens.take();
    if (!Object.hasOwn(PREDICATES, name)) throw refuse(`Invalid function name; function: ${name}`);
    tokens.expect('(');
    const operands = listOf(tokens, operand);
    tokens.expect(')');
    if (operands.length !== PREDICATES[name as Predicate]) {
      throw refuse(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    }
    return { is: 'predicate', name: name as Predicate, operands };
  };

  const comparison = (): Condition => {
    const left = operand();
    if (tokens.accept('BETWEEN')) {
      const low = operand();
      tokens.expect('AND');
      return { is: 'between', operand: left, low, high: operand() };
    }
    if (tokens.accept('IN')) {
      tokens.expect('(');
      const candidates = listOf(tokens, operand);
      tokens.expect(')');
      return { is: 'in', operand: left, candidates };
    }
    const operator = COMPARATORS.find((known) => tokens.accept(known)) ?? tokens.fail();
    return { is: 'compare', operator, left, right: operand() };
  };

  const operand = (): Operand => {
    if (tokens.peek() === 'size' && tokens.peek(1) === '(') {
      tokens.take();
      tokens.expect('(');
      const of = operand();
      tokens.expect(')');
      return { is: 'size', of };
    }
    return pathOrValue(tokens);
  };

  return disjunction();
}

function readUpdate(tokens: TokenReader, what: string): Update {
  const update: Update = { set: [], remove: [], add: [], delete: [] };

  const sections = {
    SET: () => {
      const path = tokens.path();
      tokens.expect('=');
      update.set.push({ path, value: sum() });
    },
    REMOVE: () => update.remove.push({ path: tokens.path() }),
    ADD: () => update.add.push({ path: tokens.path(), value: tokens.placeholder() }),
    DELETE: () => update.delete.push({ path: tokens.path(), value: tokens.placeholder() }),
  };

  const sum = (): SetValue => {
    const left = term();
    if (tokens.accept('+')) return { is: 'plus', left, right: term() };
    if (tokens.accept('-')) return { is: 'minus', left, right: term() };
    return left;
  };

  const term = (): SetValue => {
    if (tokens.peek(1) !== '(') return pathOrValue(tokens);
    const name = tokens.take();
    tokens.expect('(');
    const value = call(name);
    tokens.expect(')');
    return value;
  };

  const call = (name: string): SetValue => {
    if (name === 'if_not_exists') {
      const path = tokens.path();
      tokens.expect(',');
      return { is: 'if_not_exists', path, otherwise: term() };
    }
    if (name === 'list_append') {
      const left = term();
      tokens.expect(',');
      return { is: 'list_append', left, right: term() };
    }
    throw invalid(`Invalid ${what}: Invalid function name; function: ${name}`);
  };

  const seen = new Set<string>();
  do {
    const section = tokens.take().toUpperCase() as keyof typeof sections;
    if (!Object.hasOwn(sections, section)) tokens.fail();
    if (seen.has(section)) {
      throw invalid(
        `Invalid ${what}: The "${section}" section can only be used once in an update expression;`,
      );
    }
    seen.add(section);
    listOf(tokens, sections[section]);
  } while (tokens.peek() !== undefined);
  return update;
}

function readProjection(tokens: TokenReader): Path[] {
  return listOf(tokens, tokens.path);
}

function pathOrValue(tokens: TokenReader): { is: 'path'; path: Path } | { is: 'value'; name: string } {
  return tokens.isPath() ? { is: 'path', path: tokens.path() } : { is: 'value', name: tokens.placeholder() };
}

function listOf<T>(tokens: TokenReader, read: () => T): T[] {
  const list = [read()];
  while (tokens.accept(',')) list.push(read());
  return list;
}
