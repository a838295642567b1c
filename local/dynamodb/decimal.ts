/** DynamoDB's numbers: decimals of up to 38 digits, exact, written as text. */
import { invalid } from './refusal.ts';

const MAX_DIGITS = 38;
/** The range is 1E-130 to 9.99…E+125. */
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;

/** Integers that every reader and writer agrees on need no further look. */
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** The value is `digits` times ten to the power of `exponent`. */
type Decimal = { digits: bigint; exponent: number };

/** The one spelling under which a number is stored: no exponent, no needless zeros. */
export function normalizeNumber(text: string): string {
  return PLAIN_INTEGER.test(text) ? text : format(parse(text));
}

/** Negative, zero or positive, as for sorting. Both are normalized. */
export function compareNumbers(a: string, b: string): number {
  // Rounding to a double never reverses an order, so only equal doubles need the exact comparison.
  const rounded = Number(a) - Number(b);
  if (rounded !== 0 || a === b) return rounded;
  const [left, right] = align(parse(a), parse(b));
  return left < right ? -1 : 1;
}

export function addNumbers(a: string, b: string): string {
  const rounded = Number(a) + Number(b);
  if (PLAIN_INTEGER.test(a) && PLAIN_INTEGER.test(b) && Number.isSafeInteger(rounded)) return String(rounded);
  const [left, right, exponent] = align(parse(a), parse(b));
  return format({ digits: left + right, exponent });
}

export function negateNumber(text: string): string {
  if (text === '0') return text;
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

/** Significant digits, of which two take a byte. Normalized text only. */
export function countDigits(text: string): number {
  if (PLAIN_INTEGER.test(text) && !text.endsWith('0')) return text.length - (text.startsWith('-') ? 1 : 0);
  return Math.max(1, text.replace(/^[-0.]+|\./g, '').replace(/0+$/, '').length);
}

function parse(text: string): Decimal {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') {
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

function format({ digits, exponent }: Decimal): string {
  const all = String(digits < 0n ? -digits : digits);
  const significant = all.replace(/0+$/, '');
  if (significant === '') return '0';
  const point = all.length + exponent;
  refuseOutOfRange(significant, point - 1);
  const text =
    point <= 0
      ? `0.${'0'.repeat(-point)}${significant}`
      : significant.length <= point
        ? significant.padEnd(point, '0')
        : `${significant.slice(0, point)}.${significant.slice(point)}`;
  return digits < 0n ? `-${text}` : text;
}

function refuseOutOfRange(significant: string, magnitude: number): void {
  if (magnitude > MAX_EXPONENT) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < MIN_EXPONENT) {
    throw invalid(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  if (significant.length > MAX_DIGITS) {
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  }
}

/** Both digits at the smaller exponent. */
function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [
    a.digits * 10n ** BigInt(a.exponent - exponent),
    b.digits * 10n ** BigInt(b.exponent - exponent),
    exponent,
  ];
}
