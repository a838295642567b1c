/** Key conditions: one partition, and a range of its sort keys. */
import { type AttributeValue, compareValues } from './attribute-value.ts';
import type { Bindings } from './bindings.ts';
import { beginsWith } from './condition.ts';
import { bindPath } from './document-path.ts';
import type { Comparator, Condition, Operand } from './parse-expression.ts';
import { invalid } from './refusal.ts';
import type { KeyAttribute } from './table-definition.ts';

/** A range of sorted keys: first those not reached, then those within, then those past it. */
export type KeyRange = {
  hasReached(key: AttributeValue): boolean;
  hasPassed(key: AttributeValue): boolean;
};

export type KeyCondition = { hash: AttributeValue; range: KeyRange | undefined };

type Operator = Exclude<Comparator, '<>'> | 'between' | 'begins_with';
type KeyTest = { name: string; operator: Operator; values: AttributeValue[] };

const FLIPPED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

export function readKeyCondition(
  tree: Condition,
  keys: { hash: KeyAttribute; range: KeyAttribute | undefined },
  bindings: Bindings,
): KeyCondition {
  const tests = readTests(tree, bindings);
  const testOf = (key: KeyAttribute | undefined) => tests.find(({ name }) => name === key?.name);
  const hash = testOf(keys.hash);
  const range = testOf(keys.range);
  if (!hash) throw invalid(`Query condition missed key schema element: ${keys.hash.name}`);
  if (hash.operator !== '=') throw invalid('Query key condition not supported');
  if (tests.length !== (range ? 2 : 1)) {
    throw invalid(
      keys.range
        ? `Query condition missed key schema element: ${keys.range.name}`
        : 'Query key condition not supported',
    );
  }
  refuseType(hash, keys.hash);
  if (range) refuseType(range, keys.range!);
  return { hash: hash.values[0]!, range: range && rangeOf(range) };
}

function rangeOf({ operator, values }: KeyTest): KeyRange {
  const [value, high] = values as [AttributeValue, AttributeValue];
  const order = (key: AttributeValue, other = value) => compareValues(key, other)!;
  const always = () => true;
  const never = () => false;
  switch (operator) {
    case '=':
      return { hasReached: (key) => order(key) >= 0, hasPassed: (key) => order(key) > 0 };
    case '<':
      return { hasReached: always, hasPassed: (key) => order(key) >= 0 };
    case '<=':
      return { hasReached: always, hasPassed: (key) => order(key) > 0 };
    case '>':
      return { hasReached: (key) => order(key) > 0, hasPassed: never };
    case '>=':
      return { hasReached: (key) => order(key) >= 0, hasPassed: never };
    case 'between':
      return { hasReached: (key) => order(key) >= 0, hasPassed: (key) => order(key, high) > 0 };
    case 'begins_with':
      return {
        hasReached: (key) => order(key) >= 0,
        hasPassed: (key) => order(key) > 0 && !beginsWith(key, value),
      };
  }
}

/** One test for each key; nothing else can be asked of a key. */
function readTests(condition: Condition, bindings: Bindings): KeyTest[] {
  if (condition.is === 'and') {
    const tests = [...readTests(condition.left, bindings), ...readTests(condition.right, bindings)];
    if (new Set(tests.map(({ name }) => name)).size < tests.length) {
      throw invalid('KeyConditionExpressions must only contain one condition per key');
    }
    return tests;
  }
  const test = (operator: Operator, [key, ...others]: readonly Operand[]): KeyTest => ({
    name: readName(key!, bindings),
    operator,
    values: others.map((operand) => readValueOf(operand, bindings)),
  });
  if (condition.is === 'compare' && condition.operator !== '<>') {
    const { operator, left, right } = condition;
    return [left.is === 'path' ? test(operator, [left, right]) : test(FLIPPED[operator], [right, left])];
  }
  if (condition.is === 'between')
    return [test('between', [condition.operand, condition.low, condition.high])];
  if (condition.is === 'predicate' && condition.name === 'begins_with') {
    return [test('begins_with', condition.operands)];
  }
  const operator =
    condition.is === 'predicate'
      ? condition.name
      : condition.is === 'compare'
        ? condition.operator
        : condition.is.toUpperCase();
  throw invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

function readName(operand: Operand, bindings: Bindings): string {
  if (operand.is !== 'path') {
    throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified');
  }
  const path = bindPath(operand.path, bindings.names);
  if (path.length > 1) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
  return String(path[0]);
}

function readValueOf(operand: Operand, bindings: Bindings): AttributeValue {
  if (operand.is === 'value') return bindings.values[operand.name]!;
  throw invalid(
    operand.is === 'size'
      ? 'KeyConditionExpressions cannot contain nested operations'
      : 'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
  );
}

function refuseType({ values }: KeyTest, { type }: KeyAttribute): void {
  if (values.some((value) => value[type] === undefined)) {
    throw invalid(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  }
}
