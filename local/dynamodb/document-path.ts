/** Places within an item: read, project, and refuse paths that meet. */
import type { AttributeValue, Item } from './attribute-value.ts';
import type { Path } from './expression-tokens.ts';
import { invalid } from './refusal.ts';

export type Names = Readonly<Record<string, string>>;

/** The path with its `#placeholders` replaced. */
export function bindPath(path: Path, names: Names): Path {
  return path.map((part) => (typeof part === 'string' && part.startsWith('#') ? names[part]! : part));
}

/** What stands there, or undefined. The path is bound. */
export function readPath(item: Item, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = child({ M: item }, path[0]!);
  for (let depth = 1; value !== undefined && depth < path.length; depth++) value = child(value, path[depth]!);
  return value;
}

function child(value: AttributeValue, part: string | number): AttributeValue | undefined {
  if (typeof part === 'number') return value.L?.[part];
  return value.M && Object.hasOwn(value.M, part) ? value.M[part] : undefined;
}

/** An item with only these places; list elements close up. */
export function project(item: Item, paths: readonly Path[]): Item {
  if (paths.length === 0) return {};
  const wanted: Wanted = new Map();
  for (const path of paths) {
    let node = wanted;
    for (const part of path) {
      if (!node.has(part)) node.set(part, new Map());
      node = node.get(part)!;
    }
  }
  return pick({ M: item }, wanted)?.M ?? {};
}

/** What is wanted below a place; nothing named means all of it. */
type Wanted = Map<string | number, Wanted>;

function pick(value: AttributeValue, wanted: Wanted): AttributeValue | undefined {
  if (wanted.size === 0) return value;
  const found: [string | number, AttributeValue][] = [];
  for (const [part, below] of wanted) {
    const inner = child(value, part);
    const picked = inner && pick(inner, below);
    if (picked) found.push([part, picked]);
  }
  if (found.length === 0) return undefined;
  if (value.M) return { M: Object.fromEntries(found) };
  return { L: found.sort(([a], [b]) => Number(a) - Number(b)).map(([, element]) => element) };
}

/** @throws Refusal when one path is another, lies within it, or takes the same place for a list and a map */
export function refuseMeetingPaths(paths: readonly Path[], what: string): void {
  for (const [index, path] of paths.entries()) {
    for (const earlier of paths.slice(0, index)) {
      const relation = relate(earlier, path);
      if (relation) {
        throw invalid(
          `Invalid ${what}: Two document paths ${relation} with each other; must remove or rewrite one of these paths; ` +
            `path one: ${describe(earlier)}, path two: ${describe(path)}`,
        );
      }
    }
  }
}

function relate(a: Path, b: Path): 'overlap' | 'conflict' | undefined {
  for (let depth = 0; depth < Math.min(a.length, b.length); depth++) {
    if (typeof a[depth] !== typeof b[depth]) return 'conflict';
    if (a[depth] !== b[depth]) return undefined;
  }
  return 'overlap';
}

function describe(path: Path): string {
  return `[${path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;
}
