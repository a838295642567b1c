/** Makes a hostile input of a real sample: some of its values replaced, some keys renamed, its text damaged. */
import type { Chance } from './chance.ts';
import { DEEP, hostileText, hostileValue, KEYS, sizeOf } from './hostile-values.ts';

const MUTATIONS_MOST = 4;
const DEPTH = 100_000;

type Place = readonly (string | number)[];

/**
 * A copy of the sample with one to four changes.
 * @param hostile  makes the values that are put in; default: those of JSON
 */
export function mutate(sample: unknown, chance: Chance, hostile = hostileValue): unknown {
  let value = sample;
  for (let left = 1 + chance.whole(MUTATIONS_MOST); left > 0; left--) {
    value = changeAt(value, pickPlace(value, chance), (found) => changed(found, chance, hostile));
  }
  return value;
}

/** As JSON; one time in eight damaged as text, too. */
export function mutateText(sample: unknown, chance: Chance): string {
  const text = JSON.stringify(mutate(sample, chance)) ?? '';
  const whole = text.includes(DEEP) ? nestDeeply(text, chance) : text;
  return chance.isOne(0.125) ? damage(whole, chance) : whole;
}

function nestDeeply(text: string, chance: Chance): string {
  const depth = chance.isOne(0.002) ? DEPTH : 1 + chance.whole(200);
  return text.replace(`"${DEEP}"`, `${'['.repeat(depth)}${']'.repeat(depth)}`);
}

function damage(text: string, chance: Chance): string {
  const at = chance.whole(text.length + 1);
  const to = at + chance.whole(20);
  switch (chance.whole(5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, at) + hostileText(chance).slice(0, 40) + text.slice(at);
    case 3:
      return text.slice(0, to) + text.slice(at, to).repeat(sizeOf(chance)) + text.slice(to);
    default:
      return chance.pick(['\ufeff', '[', '"', ' '.repeat(200)]) + text;
  }
}

/** A way down to some value: each step is likelier to be taken than not. */
function pickPlace(value: unknown, chance: Chance): Place {
  const place: (string | number)[] = [];
  let here = value;
  while (isParent(here) && chance.isOne(0.8)) {
    const keys = Array.isArray(here) ? here.map((_, n) => n) : Object.keys(here);
    if (keys.length === 0) break;
    const key = chance.pick<string | number>(keys);
    place.push(key);
    here = (here as Record<string | number, unknown>)[key];
  }
  return place;
}

function changed(found: unknown, chance: Chance, hostile: (chance: Chance) => unknown): unknown {
  if (Array.isArray(found) && chance.isOne(0.7)) {
    if (chance.isOne(0.3)) return found.slice(1);
    if (chance.isOne(0.5)) return [...found, hostile(chance)];
    return Array.from({ length: Math.min(sizeOf(chance), 60) }).flatMap(() => found.slice(0, 4));
  }
  if (isParent(found) && chance.isOne(0.7)) {
    const entries = Object.entries(found);
    const at = chance.whole(entries.length);
    if (chance.isOne(0.4)) return Object.fromEntries(entries.filter((_, n) => n !== at));
    if (chance.isOne(0.5)) return Object.fromEntries([...entries, [chance.pick(KEYS), hostile(chance)]]);
    return Object.fromEntries(entries.map(([key, one], n) => [n === at ? chance.pick(KEYS) : key, one]));
  }
  if (typeof found === 'string' && chance.isOne(0.4)) {
    const at = chance.whole(found.length + 1);
    if (chance.isOne(0.3)) return found.slice(0, at);
    return found.slice(0, at) + hostileText(chance) + found.slice(at);
  }
  if (typeof found === 'number' && chance.isOne(0.3))
    return chance.pick([-found, found * 1e9, String(found)]);
  return hostile(chance);
}

function changeAt(value: unknown, [step, ...rest]: Place, change: (found: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) return value.map((one, n) => (n === step ? changeAt(one, rest, change) : one));
  const entries = Object.entries(value as object);
  return Object.fromEntries(
    entries.map(([key, one]) => [key, key === step ? changeAt(one, rest, change) : one]),
  );
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null && (Array.isArray(value) || isPlain(value));
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}
