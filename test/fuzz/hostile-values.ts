/** Values that break programs: texts, numbers, keys and moments that a sender may say, and nobody would. */
import type { Chance } from './chance.ts';

/** In a JSON text this is put for a list that is nested deeper than any stack. */
export const DEEP = '@deep@';

const TEXTS = [
  '',
  ' ',
  '\n',
  '\0',
  '\u0001\u001b[2J\u0007\u007f\u009b',
  'a\r\nBcc: eve@evil.example\r\n\r\nforged',
  '\ud800',
  'x\udc00y',
  '\ud83d\ude00'.repeat(40),
  '\uffff\ufffe',
  '\u{1ffff}',
  '\ufeff\u200b\u202egnp.exe\u2066\u2028\u2029',
  '\u0301'.repeat(300),
  '\ufdfa'.repeat(60),
  'İﬃßẞǅ',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  `"'><a href="javascript:alert(1)" onclick=x>&lt;&#60;`,
  '{{7*7}}$(id)`id`%s%n%00',
  '{service}/{tag:x}/{label:alertname}',
  '*',
  '*a*a*a*a*a*a*a*b',
  '?'.repeat(64),
  `${'a'.repeat(64)}!`,
  'a@'.repeat(64),
  'http://'.repeat(40),
  `https://evil.example/${'a/'.repeat(60)}\u00ad`,
  'https://user:secret@evil.example/a#b?c',
  'https://evil.example/\udbff',
  '+12025550101 ana@example.com',
  'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:x\ny',
  `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${'ü'.repeat(1_500)}`,
  'TargetTracking-x',
  'constructor',
  'undefined',
  'null',
  'NaN',
  '-0',
  '1e999',
  '[]',
  '{"a":1}',
  DEEP,
];

export const MOMENTS = [
  '9999-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999-0001',
  '2026-02-30T00:00:00Z',
  '2026-11-24T24:00:00Z',
  '2026-11-24T03:00:00.123456789+23:59',
  '2026-11-24T03:00:00+99:99',
  '+275760-09-13T00:00:00.000Z',
  '-000001-01-01T00:00:00Z',
  '2026-11-24T03:00',
  '0000-01-01T00:00',
  '9999-12-31T23:59',
  '1970-01-01T00:00',
  '24:00',
  '00:00',
];

const NUMBERS = [0, -0, -1, 0.1, 1e-320, 2 ** 31, 2 ** 53, -(2 ** 63), 1e21, 1.7e308, 86_400_000, 525_601];

/** Names that objects have by themselves, and others that are no good as a name. */
export const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'toJSON',
  'hasOwnProperty',
  'length',
  '0',
  '',
  '.',
  '#',
  'then',
  '\ud800',
  '\u0000\u0007',
  '\uffff',
  'tocsin',
  'Type',
];

/** Most are short, few are long, very few are as long as a body may be. */
export function sizeOf(chance: Chance): number {
  const most = chance.isOne(0.9) ? 40 : chance.isOne(0.9) ? 400 : chance.isOne(0.95) ? 4_000 : 60_000;
  return 1 + chance.whole(most);
}

export function hostileText(chance: Chance): string {
  if (chance.isOne(0.15)) return chance.pick(MOMENTS);
  const text = chance.pick(TEXTS);
  if (!chance.isOne(0.2)) return text;
  return text.slice(0, 64).repeat(sizeOf(chance));
}

/** Any value of JSON. */
export function hostileValue(chance: Chance): unknown {
  switch (chance.whole(8)) {
    case 0:
      return chance.pick(NUMBERS);
    case 1:
      return chance.pick([null, true, false, [], {}, [[]], [null], { '': null }]);
    case 2:
      return nested(1 + chance.whole(chance.isOne(0.02) ? 2_000 : 30), chance);
    case 3:
      return Array.from({ length: sizeOf(chance) }, () => chance.pick(TEXTS).slice(0, 8));
    case 4:
      return Object.fromEntries([[chance.pick(KEYS), hostileText(chance)]]);
    case 5:
      return Object.fromEntries(Array.from({ length: sizeOf(chance) }, (_, n) => [`k${n}`, `v${n}`]));
    default:
      return hostileText(chance);
  }
}

function nested(depth: number, chance: Chance): unknown {
  let value: unknown = chance.pick(TEXTS);
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}
