import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../../lib/bundles.ts';
import { breakSource } from './bug-assembly.ts';
import { BUGS } from './bugs.ts';
import { INVARIANT_NAMES } from './invariants/index.ts';

describe('BUGS', () => {
  it.each(BUGS)('$name stands in $file exactly once', (bug) => {
    const source = readFileSync(join(PROJECT, bug.file), 'utf8');
    expect(breakSource(source, bug)).not.toBe(source);
  });

  it('may each be found by invariants that there are', () => {
    const folder = fileURLToPath(new URL('invariants', import.meta.url));
    const text = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const named = BUGS.flatMap(({ foundBy }) => foundBy);
    expect(named.filter((name) => !text.includes(`'${name}'`))).toEqual([]);
    expect(BUGS.filter(({ foundBy }) => foundBy.length === 0)).toEqual([]);
  });

  it('show of every invariant that it can find something', () => {
    const finding = new Set(BUGS.flatMap(({ foundBy }) => foundBy));
    expect(INVARIANT_NAMES.filter((name) => !finding.has(name))).toEqual([]);
  });

  it('are in functions/ alone, and each has a name of its own', () => {
    expect(BUGS.filter(({ file }) => !file.startsWith('functions/'))).toEqual([]);
    expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length);
  });
});
