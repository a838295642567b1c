/** EventBridge patterns: which events a rule lets through. Source: EventBridge guide, comparison operators */

type Pattern = { [key: string]: unknown };

/** @throws Error for an operator that is not known */
export function matches(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') return (wanted as Pattern[]).some((one) => matches(one, event));
    const found = (event as Record<string, unknown> | null | undefined)?.[key];
    if (Array.isArray(wanted)) return wanted.some((test) => matchesValue(test, found));
    if (wanted === null || typeof wanted !== 'object') throw new Error(`the pattern of ${key} is not a list`);
    const members = Array.isArray(found) ? found : [found];
    return members.some((member) => matches(wanted as Pattern, isObject(member) ? member : undefined));
  });
}

/** A field that is a list matches when one of its members does. */
function matchesValue(test: unknown, found: unknown): boolean {
  if (isObject(test) && 'exists' in test) return (found !== undefined) === test.exists;
  const members = Array.isArray(found) ? found : [found];
  return members.some((member) => member !== undefined && matchesOne(test, member));
}

function matchesOne(test: unknown, value: unknown): boolean {
  if (!isObject(test)) return test === value;
  const [operator, argument] = Object.entries(test)[0]!;
  const text = typeof value === 'string' ? value : undefined;
  switch (operator) {
    case 'prefix':
      return fits(text, argument, (a, b) => a.startsWith(b));
    case 'suffix':
      return fits(text, argument, (a, b) => a.endsWith(b));
    case 'equals-ignore-case':
      return text?.toLowerCase() === String(argument).toLowerCase();
    case 'wildcard':
      return text !== undefined && wildcard(String(argument)).test(text);
    case 'numeric':
      return typeof value === 'number' && numeric(argument as unknown[], value);
    case 'anything-but':
      return !(Array.isArray(argument) ? argument : [argument]).some((one) => matchesAnythingBut(one, value));
    default:
      throw new Error(
        `the pattern operator ${operator} is not supported locally: add it in local/aws/event-pattern.ts`,
      );
  }
}

/** `anything-but: { prefix: ['a', 'b'] }` excludes each of a list. */
function matchesAnythingBut(test: unknown, value: unknown): boolean {
  if (!isObject(test)) return test === value;
  const [operator, argument] = Object.entries(test)[0]!;
  const each = Array.isArray(argument) ? argument : [argument];
  return each.some((one) => matchesOne({ [operator]: one }, value));
}

function fits(text: string | undefined, argument: unknown, test: (a: string, b: string) => boolean): boolean {
  if (text === undefined) return false;
  if (typeof argument === 'string') return test(text, argument);
  const ignoring = (argument as { 'equals-ignore-case': string })['equals-ignore-case'];
  return test(text.toLowerCase(), ignoring.toLowerCase());
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 's');
}

/** `['>', 0, '<=', 5]` */
function numeric(conditions: unknown[], value: number): boolean {
  for (let at = 0; at < conditions.length; at += 2) {
    const limit = Number(conditions[at + 1]);
    const met = {
      '=': value === limit,
      '>': value > limit,
      '>=': value >= limit,
      '<': value < limit,
      '<=': value <= limit,
    };
    const operator = String(conditions[at]) as keyof typeof met;
    if (!(operator in met)) throw new Error(`the numeric operator ${operator} is unknown`);
    if (!met[operator]) return false;
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
