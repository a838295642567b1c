/** DynamoDB's values as its JSON protocol writes them: what is refused, their order, equality and size. */
import { addNumbers, compareNumbers, countDigits, negateNumber, normalizeNumber } from './decimal.ts';
import { invalid, notSupported } from './refusal.ts';

/** Exactly one of these is set. Stored values are never altered, only replaced. */
export type AttributeValue = {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
};
export type AttributeType = keyof AttributeValue;
export type Item = { [name: string]: AttributeValue };

export const SET_TYPES = ['SS', 'NS', 'BS'] as const;
export const ATTRIBUTE_TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', ...SET_TYPES, 'L', 'M'] as const;

/** Source: the item size rules of the DynamoDB developer guide */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

/** A copy of what came over the wire, with each number in its one spelling. */
export function readItem(input: unknown, what: string): Item {
  const map = readMap(input, what);
  const item: Item = {};
  for (const name in map) {
    if (name === '__proto__') throw notSupported(`an attribute with the name ${name}`);
    item[name] = readValue(map[name]);
  }
  return item;
}

export function readValue(input: unknown): AttributeValue {
  const value = readMap(input, 'an attribute value') as AttributeValue;
  if (typeof value.S === 'string') return onlyType(value, { S: value.S });
  if (typeof value.N === 'string') return onlyType(value, { N: normalizeNumber(value.N) });
  if (value.M !== undefined) return onlyType(value, { M: readItem(value.M, 'a map') });
  if (value.L !== undefined) return onlyType(value, { L: readList(value.L).map(readValue) });
  if (typeof value.BOOL === 'boolean') return onlyType(value, { BOOL: value.BOOL });
  if (value.NULL === true) return onlyType(value, { NULL: true });
  if (typeof value.B === 'string') return onlyType(value, { B: value.B });
  const type = SET_TYPES.find((known) => value[known] !== undefined);
  if (type) return onlyType(value, { [type]: readSet(type, value[type]) });
  throw invalid(
    `Supplied AttributeValue must contain exactly one of the supported datatypes: ${JSON.stringify(input)}`,
  );
}

function onlyType(input: AttributeValue, copy: AttributeValue): AttributeValue {
  const type = typeOf(copy);
  for (const other in input) {
    if (other !== type) {
      throw invalid(`Supplied AttributeValue has more than one datatypes set: ${type} and ${other}`);
    }
  }
  return copy;
}

export function isSameValue(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  switch (type) {
    case 'SS':
    case 'NS':
    case 'BS': {
      const others = new Set(b[type]);
      return a[type]!.length === others.size && a[type]!.every((member) => others.has(member));
    }
    case 'L':
      return (
        a.L!.length === b.L!.length && a.L!.every((element, index) => isSameValue(element, b.L![index]!))
      );
    case 'M': {
      const names = Object.keys(a.M!);
      return (
        names.length === Object.keys(b.M!).length &&
        names.every((name) => Object.hasOwn(b.M!, name) && isSameValue(a.M![name]!, b.M![name]!))
      );
    }
    default:
      return a[type] === b[type];
  }
}

/** The order of two values, or undefined when they have none: different types, or types without an order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.N !== undefined && b.N !== undefined) return compareNumbers(a.N, b.N);
  if (a.S !== undefined && b.S !== undefined) return compareText(a.S, b.S);
  if (a.B !== undefined && b.B !== undefined)
    return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'));
  return undefined;
}

/** Text is ordered by its UTF-8 bytes; JavaScript's own order differs for characters beyond U+FFFF. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return byteRank(left) - byteRank(right);
  }
  return a.length - b.length;
}

/** Surrogates (U+D800 to U+DFFF) stand for characters above all others. */
function byteRank(codeUnit: number): number {
  if (codeUnit >= 0xe000) return codeUnit - 0x800;
  return codeUnit >= 0xd800 ? codeUnit + 0x2000 : codeUnit;
}

export function plus(a: AttributeValue, b: AttributeValue): AttributeValue {
  return { N: addNumbers(readOperand(a), readOperand(b)) };
}

export function minus(a: AttributeValue, b: AttributeValue): AttributeValue {
  return { N: addNumbers(readOperand(a), negateNumber(readOperand(b))) };
}

function readOperand(value: AttributeValue): string {
  if (value.N === undefined) {
    throw invalid('An operand in the update expression has an incorrect data type');
  }
  return value.N;
}

/** Bytes that count towards the limits of an item and of a page. */
export function itemSizeBytes(item: Item): number {
  let size = 0;
  for (const name in item) size += Buffer.byteLength(name) + valueSizeBytes(item[name]!);
  return size;
}

function valueSizeBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberSizeBytes(value.N);
  if (value.M) return CONTAINER_BYTES + Object.keys(value.M).length * ELEMENT_BYTES + itemSizeBytes(value.M);
  if (value.L) return CONTAINER_BYTES + sum(value.L, (element) => ELEMENT_BYTES + valueSizeBytes(element));
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.SS) return sum(value.SS, (member) => Buffer.byteLength(member));
  if (value.NS) return sum(value.NS, numberSizeBytes);
  if (value.BS) return sum(value.BS, (member) => Buffer.byteLength(member, 'base64'));
  return 1;
}

function numberSizeBytes(text: string): number {
  return 1 + Math.ceil(countDigits(text) / 2) + (text.startsWith('-') ? 1 : 0);
}

function sum<T>(list: readonly T[], sizeOf: (element: T) => number): number {
  return list.reduce((total, element) => total + sizeOf(element), 0);
}

function readSet(type: (typeof SET_TYPES)[number], input: unknown): string[] {
  const members = readList(input).map(readText);
  if (members.length === 0)
    throw invalid(`One or more parameter values were invalid: ${type} may not be empty`);
  const stored = type === 'NS' ? members.map(normalizeNumber) : members;
  if (new Set(stored).size < stored.length) {
    throw invalid(
      `One or more parameter values were invalid: Input collection [${stored.join(', ')}] contains duplicates.`,
    );
  }
  return stored;
}

/** @param what stands in the message when it is something else */
export function readMap(input: unknown, what: string): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid(`${what} must be a structure, not ${JSON.stringify(input)}`);
  }
  return input as Record<string, unknown>;
}

function readList(input: unknown): unknown[] {
  if (!Array.isArray(input)) throw invalid(`a list or set must be an array, not ${JSON.stringify(input)}`);
  return input;
}

function readText(input: unknown): string {
  if (typeof input !== 'string') {
    throw invalid(`a string, number or binary must be text, not ${JSON.stringify(input)}`);
  }
  return input;
}
