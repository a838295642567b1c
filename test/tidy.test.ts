/** What a reader relies on wherever they open the code: who may import whom, where clock and environment are read, names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const CODE = ['bin', 'functions', 'lib', 'local', 'cli', 'scripts', 'bench', 'examples', 'test'];
const LINES_MOST = 300;

/** Files of AWS's edges: they may name its SDK. */
const SDK_EDGE = /\.(handler|store|sender|reader|queue|compose)\.ts$|^functions\/shared\//;

/** What synthesis shares with the functions, beside operations/ and the contracts: names of the table, and the error. */
const SHARED_WITH_LIB = ['functions/shared/errors.ts', 'functions/shared/table.ts'];

type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean };

const files = CODE.flatMap(listFiles);
const sources = files.filter((file) => /\.(ts|mjs)$/.test(file));
const imports = sources.flatMap(readImports);

describe('imports', () => {
  test('functions/ stands alone: it imports nothing of lib, local, cli or test', () => {
    const offenders = imports.filter(
      ({ from, to }) => isIn('functions', from) && isIn('lib|local|cli|test|bin', to),
    );
    expect(offenders.map(readable)).toEqual([]);
  });

  test('lib/ takes from functions/ only operations/, each contract.ts, the names of the table, and the error', () => {
    const offenders = imports.filter(
      ({ from, to, typeOnly }) =>
        isIn('lib', from) &&
        isIn('functions', to) &&
        !typeOnly &&
        !isIn('functions/operations', to) &&
        basename(to) !== 'contract.ts' &&
        !SHARED_WITH_LIB.includes(to),
    );
    expect(offenders.map(readable)).toEqual([]);
  });

  test('in functions/ only handlers, adapters and shared/ name the AWS SDK', () => {
    const offenders = imports.filter(
      ({ from, to }) => isIn('functions', from) && to.startsWith('@aws-sdk/') && !SDK_EDGE.test(from),
    );
    expect(offenders.map(readable)).toEqual([]);
  });

  test('no bundle reaches the full build of zod: functions use zod/mini', () => {
    const handlers = sources.filter((file) => file.endsWith('.handler.ts'));
    expect(handlers.length).toBeGreaterThan(0);
    const offenders = handlers.flatMap((handler) => {
      const reached = reachableFrom(handler);
      return imports
        .filter(({ from, to, typeOnly }) => reached.has(from) && to === 'zod' && !typeOnly)
        .map((one) => `${readable(one)}, reached by ${handler}`);
    });
    expect(offenders).toEqual([]);
  });
});

describe('functions/', () => {
  test('only handlers read the environment or a clock', () => {
    const reads = /process\.env|Date\.now|new Date\(\)|performance\.now/;
    expect(grep(reads, ruleFiles())).toEqual([]);
  });
});

describe('runbooks', () => {
  test('each alarm of ours has one in docs/runbooks, and each one there is named by an alarm or a message', () => {
    const alarms = [...read('lib/watch.ts').matchAll(/^ +name: '([a-z-]+)',$/gm)].map(([, name]) => name!);
    expect(alarms.length).toBeGreaterThan(0);
    const named = sources
      .filter((file) => isIn('functions|lib', file))
      .flatMap((file) => [...read(file).matchAll(/docs\/runbooks\/([a-z-]+)\.md/g)].map(([, name]) => name!));
    const wanted = new Set([...alarms, ...named].map((name) => `docs/runbooks/${name}.md`));
    const written = listFiles('docs/runbooks').filter((file) => basename(file) !== 'README.md');
    const missing = [...wanted].filter((file) => !written.includes(file));
    const orphans = written.filter((file) => !wanted.has(file));
    expect({ missing, orphans }).toEqual({ missing: [], orphans: [] });
  });
});

describe('files', () => {
  test('none in functions, lib, local or cli is longer than 300 lines', () => {
    const long = sources
      .filter((file) => isIn('functions|lib|local|cli', file))
      .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > LINES_MOST);
    expect(long.map(({ file, lines }) => `${file} has ${lines} lines: what does it do twice?`)).toEqual([]);
  });

  test('have names in kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
    const offenders = files.filter(
      (file) =>
        !['README.md', '.gitkeep'].includes(basename(file)) &&
        !file.split('/').every((part) => kebab.test(part)),
    );
    expect(offenders).toEqual([]);
  });

  test('are not named for being useful: a name says what for', () => {
    const empty = /(^|[/.-])(utils?|helpers?|managers?|common)([/.-]|$)/;
    expect(files.filter((file) => empty.test(file))).toEqual([]);
  });
});

describe('tests', () => {
  test('all run: none is skipped, kept for later, or alone', () => {
    const kept = /\b(it|test|describe)(\.\w+)*\.(skip|only|todo|fails)\b/;
    expect(
      grep(
        kept,
        sources.filter((file) => file.endsWith('.test.ts')),
      ),
    ).toEqual([]);
  });
});

function ruleFiles(): string[] {
  return sources.filter((file) => isIn('functions', file) && !file.endsWith('.handler.ts'));
}

/** `folders` is one or several, separated by `|`. */
function isIn(folders: string, file: string): boolean {
  return folders.split('|').some((folder) => file.startsWith(`${folder}/`));
}

/** Relative to the project, with `/`. */
function listFiles(folder: string): string[] {
  if (!existsSync(join(PROJECT, folder))) return [];
  return readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(PROJECT.length));
}

function read(file: string): string {
  return readFileSync(join(PROJECT, file), 'utf8');
}

/** Every line that matches, as `file:line: text`. */
function grep(pattern: RegExp, among: readonly string[]): string[] {
  return among.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((text, index) => (pattern.test(text) ? [`${file}:${index + 1}: ${text.trim()}`] : [])),
  );
}

function readImports(from: string): Import[] {
  const text = read(from);
  const fixed = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?from\s+)?'([^']+)'/gm);
  const late = text.matchAll(/\bimport\(\s*()'([^']+)'/g);
  return [...fixed, ...late].map(([, type, specifier]) => ({
    from,
    to: specifier!.startsWith('.') ? join(dirname(from), specifier!) : specifier!,
    typeOnly: Boolean(type),
  }));
}

/** The file and everything that a bundle of it holds of ours. */
function reachableFrom(start: string): Set<string> {
  const reached = new Set([start]);
  for (const file of reached) {
    for (const { from, to, typeOnly } of imports) if (from === file && !typeOnly) reached.add(to);
  }
  return reached;
}

function readable({ from, to }: Import): string {
  return `${from} imports ${to}`;
}
