/** Update expressions: a new item from the old one, which is left as it is. */
import { type AttributeValue, type Item, minus, plus, SET_TYPES, typeOf } from './attribute-value.ts';
import type { Bindings } from './bindings.ts';
import { bindPath, readPath, refuseMeetingPaths } from './document-path.ts';
import type { Path } from './expression-tokens.ts';
import type { SetValue, Update } from './parse-expression.ts';
import { invalid } from './refusal.ts';

/** Every place that the update touches, bound. */
export function pathsOf(update: Update, bindings: Bindings): Path[] {
  return Object.values(update)
    .flat()
    .map(({ path }) => bindPath(path, bindings.names));
}

/** Refuses what is wrong whatever the item holds. */
export function checkUpdate(update: Update, bindings: Bindings): void {
  const refuse = (operator: string, value: AttributeValue) =>
    invalid(
      `Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typeOf(value)}`,
    );

  const checkOperands = (value: SetValue): void => {
    if (value.is === 'if_not_exists') checkOperands(value.otherwise);
    if (!('left' in value)) return;
    for (const operand of [value.left, value.right]) {
      const given = operand.is === 'value' ? bindings.values[operand.name] : undefined;
      const expected = value.is === 'list_append' ? 'L' : 'N';
      if (given && typeOf(given) !== expected) throw refuse(value.is, given);
      checkOperands(operand);
    }
  };

  refuseMeetingPaths(pathsOf(update, bindings), 'UpdateExpression');
  for (const { value } of update.set) checkOperands(value);
  for (const [operator, changes] of [
    ['ADD', update.add],
    ['DELETE', update.delete],
  ] as const) {
    for (const change of changes) {
      const value = bindings.values[change.value]!;
      const isSet = SET_TYPES.some((type) => type === typeOf(value));
      if (!isSet && !(operator === 'ADD' && value.N !== undefined)) throw refuse(operator, value);
    }
  }
}

/** Applies all sections at once: each value is computed from the item as it was. */
export function applyUpdate(update: Update, item: Item, bindings: Bindings): Item {
  const bind = (path: Path) => bindPath(path, bindings.names);
  const values = update.set.map(({ value }) => computeValue(value, item, bindings));
  let root: AttributeValue = { M: item };
  for (const { path, value } of update.add) {
    root = change(root, bind(path), (old) => add(old, bindings.values[value]!));
  }
  for (const { path, value } of update.delete) {
    root = change(root, bind(path), (old) => subtract(old, bindings.values[value]!));
  }
  const placed = update.set.map(({ path }, index) => ({ path: bind(path), value: values[index]! }));
  for (const { path, value } of placed.sort((a, b) => positionOf(a.path) - positionOf(b.path))) {
    root = change(root, path, () => value);
  }
  // List positions are those of the item as it was, so the innermost and the last go first.
  const removed = update.remove.map(({ path }) => bind(path));
  for (const path of removed.sort((a, b) => b.length - a.length || positionOf(b) - positionOf(a))) {
    root = change(root, path, () => undefined);
  }
  return root.M!;
}

function computeValue(value: SetValue, item: Item, bindings: Bindings): AttributeValue {
  const compute = (operand: SetValue) => computeValue(operand, item, bindings);
  switch (value.is) {
    case 'value':
      return bindings.values[value.name]!;
    case 'path': {
      const found = readPath(item, bindPath(value.path, bindings.names));
      if (found) return found;
      throw invalid('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if_not_exists':
      return readPath(item, bindPath(value.path, bindings.names)) ?? compute(value.otherwise);
    case 'plus':
      return plus(compute(value.left), compute(value.right));
    case 'minus':
      return minus(compute(value.left), compute(value.right));
    case 'list_append': {
      const [left, right] = [compute(value.left), compute(value.right)];
      if (left.L && right.L) return { L: [...left.L, ...right.L] };
      throw invalid('An operand in the update expression has an incorrect data type');
    }
  }
}

/** A copy of the container with one place changed; undefined takes it out, a position past the end appends. */
function change(
  container: AttributeValue,
  [part, ...rest]: Path,
  next: (old: AttributeValue | undefined) => AttributeValue | undefined,
): AttributeValue {
  const inner = (old: AttributeValue | undefined) =>
    rest.length > 0 ? change(old ?? {}, rest, next) : next(old);
  if (typeof part === 'number' && container.L) {
    const value = inner(container.L[part]);
    const list = [...container.L];
    if (value === undefined) list.splice(part, 1);
    else list[Math.min(part, list.length)] = value;
    return { L: list };
  }
  if (typeof part === 'string' && container.M) {
    const value = inner(Object.hasOwn(container.M, part) ? container.M[part] : undefined);
    if (value !== undefined) return { M: { ...container.M, [part]: value } };
    const { [part]: _removed, ...others } = container.M;
    return { M: others };
  }
  throw invalid('The document path provided in the update expression is invalid for update');
}

/** Where in its list a path ends, or -1. */
function positionOf(path: Path): number {
  const last = path.at(-1);
  return typeof last === 'number' ? last : -1;
}

function add(old: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (value.N !== undefined) return plus(old ?? { N: '0' }, value);
  const type = setTypeOf(old, value);
  const before = old?.[type] ?? [];
  return { [type]: [...before, ...value[type]!.filter((member) => !before.includes(member))] };
}

function subtract(old: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  const type = setTypeOf(old, value);
  const left = old?.[type]?.filter((member) => !value[type]!.includes(member)) ?? [];
  return left.length > 0 ? { [type]: left } : undefined;
}

function setTypeOf(old: AttributeValue | undefined, value: AttributeValue): (typeof SET_TYPES)[number] {
  const type = SET_TYPES.find((known) => known === typeOf(value));
  if (type && (old === undefined || typeOf(old) === type)) return type;
  throw invalid('An operand in the update expression has an incorrect data type');
}
