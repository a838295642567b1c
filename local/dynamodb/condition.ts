/** Condition and filter expressions: what DynamoDB refuses before it looks, and whether an item meets them. */
import {
  ATTRIBUTE_TYPES,
  type AttributeValue,
  compareValues,
  type Item,
  isSameValue,
  typeOf,
} from './attribute-value.ts';
import type { Bindings } from './bindings.ts';
import { bindPath, readPath } from './document-path.ts';
import type { Comparator, Condition, Operand, Predicate } from './parse-expression.ts';
import { invalid } from './refusal.ts';

/** Whether the item meets the condition. A missing attribute equals nothing. */
export function holds(condition: Condition, item: Item, bindings: Bindings): boolean {
  const read = (operand: Operand) => readOperand(operand, item, bindings);
  switch (condition.is) {
    case 'and':
      return holds(condition.left, item, bindings) && holds(condition.right, item, bindings);
    case 'or':
      return holds(condition.left, item, bindings) || holds(condition.right, item, bindings);
    case 'not':
      return !holds(condition.of, item, bindings);
    case 'compare':
      return compares(condition.operator, read(condition.left), read(condition.right));
    case 'between': {
      const value = read(condition.operand);
      return compares('>=', value, read(condition.low)) && compares('<=', value, read(condition.high));
    }
    case 'in': {
      const value = read(condition.operand);
      return condition.candidates.some((candidate) => compares('=', value, read(candidate)));
    }
    case 'predicate':
      return answers(condition.name, condition.operands.map(read));
  }
}

function readOperand(operand: Operand, item: Item, bindings: Bindings): AttributeValue | undefined {
  if (operand.is === 'value') return bindings.values[operand.name];
  if (operand.is === 'path') return readPath(item, bindPath(operand.path, bindings.names));
  const value = readOperand(operand.of, item, bindings);
  const size = value && sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

function sizeOf(value: AttributeValue): number | undefined {
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.M) return Object.keys(value.M).length;
  return (value.S ?? value.L ?? value.SS ?? value.NS ?? value.BS)?.length;
}

function compares(operator: Comparator, a?: AttributeValue, b?: AttributeValue): boolean {
  if (a === undefined || b === undefined) return operator === '<>';
  if (operator === '=') return isSameValue(a, b);
  if (operator === '<>') return !isSameValue(a, b);
  const order = compareValues(a, b);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function answers(name: Predicate, [value, other]: (AttributeValue | undefined)[]): boolean {
  if (name === 'attribute_not_exists') return value === undefined;
  if (value === undefined) return false;
  if (name === 'attribute_exists') return true;
  if (other === undefined) return false;
  if (name === 'attribute_type') return typeOf(value) === other.S;
  return name === 'begins_with' ? beginsWith(value, other) : contains(value, other);
}

export function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if (value.S !== undefined && prefix.S !== undefined) return value.S.startsWith(prefix.S);
  if (value.B === undefined || prefix.B === undefined) return false;
  const start = Buffer.from(prefix.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, start.length).equals(start);
}

function contains(value: AttributeValue, member: AttributeValue): boolean {
  if (value.L) return value.L.some((element) => isSameValue(element, member));
  if (member.N !== undefined) return value.NS?.includes(member.N) ?? false;
  if (member.S !== undefined) return (value.S ?? value.SS)?.includes(member.S) ?? false;
  if (member.B === undefined) return false;
  if (value.BS) return value.BS.includes(member.B);
  return value.B !== undefined && Buffer.from(value.B, 'base64').includes(Buffer.from(member.B, 'base64'));
}

/**
 * Refuses what is wrong whatever the item holds.
 * @param what the parameter, for the message
 */
export function checkCondition(condition: Condition, bindings: Bindings, what: string): void {
  const refuse = (message: string) => invalid(`Invalid ${what}: ${message}`);
  const given = (operand?: Operand) => (operand?.is === 'value' ? bindings.values[operand.name] : undefined);

  const refuseTypes = (name: string, operands: readonly Operand[], isAllowed: (type: string) => boolean) => {
    const wrong = operands.map(given).find((value) => value !== undefined && !isAllowed(typeOf(value)));
    if (wrong) {
      throw refuse(
        `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${typeOf(wrong)}`,
      );
    }
  };

  const refuseSame = (name: string, [left, right]: readonly (Operand | undefined)[]) => {
    if (left?.is !== 'path' || right?.is !== 'path') return;
    const [one, other] = [bindPath(left.path, bindings.names), bindPath(right.path, bindings.names)];
    if (one.length === other.length && one.every((part, index) => part === other[index])) {
      throw refuse(
        `The first operand must be distinct from the remaining operands for this operator or function; operator: ${name}, first operand: [${one.join(', ')}]`,
      );
    }
  };

  const checkOperand = (operand: Operand) => {
    if (operand.is !== 'size') return;
    refuseTypes('size', [operand.of], (type) => !['N', 'BOOL', 'NULL'].includes(type));
    checkOperand(operand.of);
  };

  const checkPredicate = (name: Predicate, operands: readonly Operand[]) => {
    refuseSame(name, operands);
    if (name === 'begins_with') refuseTypes(name, operands, (type) => type === 'S' || type === 'B');
    if (name === 'attribute_type') {
      const type = given(operands[1])?.S;
      if (!ATTRIBUTE_TYPES.some((known) => known === type)) {
        throw refuse(`Invalid attribute type name found; type: ${type}`);
      }
    }
    if (name.endsWith('exists') && operands[0]?.is !== 'path') {
      throw refuse(`Operator or function requires a document path; operator or function: ${name}`);
    }
  };

  const check = (part: Condition): void => {
    switch (part.is) {
      case 'and':
      case 'or':
        check(part.left);
        check(part.right);
        return;
      case 'not':
        check(part.of);
        return;
      case 'compare':
        refuseSame(part.operator, [part.left, part.right]);
        [part.left, part.right].forEach(checkOperand);
        if (part.operator !== '=' && part.operator !== '<>') {
          refuseTypes(part.operator, [part.left, part.right], (type) => ['S', 'N', 'B'].includes(type));
        }
        return;
      case 'between': {
        [part.operand, part.low, part.high].forEach(checkOperand);
        const [low, high] = [given(part.low), given(part.high)];
        if (low && high && !compares('<=', low, high)) {
          throw refuse(
            'The BETWEEN operator requires bounds of one type, the upper greater than or equal to the lower',
          );
        }
        return;
      }
      case 'in':
        [part.operand, ...part.candidates].forEach(checkOperand);
        return;
      case 'predicate':
        part.operands.forEach(checkOperand);
        checkPredicate(part.name, part.operands);
    }
  };
  check(condition);
}
