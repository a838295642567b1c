/** The shortest input that still fails: parts are left out, and texts cut, for as long as it does. */

const TRIES_MOST = 2_000;

/** @param fails  true when that input fails in the same way */
export async function shrinkInput<T>(input: T, fails: (input: T) => Promise<boolean>): Promise<T> {
  let shortest: unknown = input;
  let tries = 0;
  let found = true;
  while (found) {
    found = false;
    for (const smaller of smallerThan(shortest)) {
      if (++tries > TRIES_MOST) return shortest as T;
      if (!(await fails(smaller as T))) continue;
      shortest = smaller;
      found = true;
      break;
    }
  }
  return shortest as T;
}

/** Each with less in it than the value, the least first. A text that is JSON is looked into. */
function* smallerThan(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield* smallerTexts(value);
  else if (Array.isArray(value)) {
    if (value.length > 3) yield value.slice(0, value.length / 2);
    for (let n = 0; n < value.length; n++) yield value.filter((_, at) => at !== n);
    for (let n = 0; n < value.length; n++) {
      for (const smaller of smallerThan(value[n])) yield value.map((one, at) => (at === n ? smaller : one));
    }
  } else if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    const entries = Object.entries(value);
    for (const [key] of entries) yield Object.fromEntries(entries.filter(([name]) => name !== key));
    for (const [key, one] of entries) {
      for (const smaller of smallerThan(one)) {
        yield Object.fromEntries(entries.map(([name, old]) => [name, name === key ? smaller : old]));
      }
    }
  }
}

function* smallerTexts(text: string): Generator<string> {
  const parsed = parse(text);
  if (typeof parsed === 'object' && parsed !== null) {
    for (const smaller of smallerThan(parsed)) {
      const written = JSON.stringify(smaller);
      if (written.length < text.length) yield written;
    }
  }
  for (let length = Math.floor(text.length / 2); length > 0; length = Math.floor(length / 2)) {
    for (let at = 0; at < text.length; at += length) yield text.slice(0, at) + text.slice(at + length);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
