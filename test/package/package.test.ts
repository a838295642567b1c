import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HANDLERS, PROJECT } from '../../lib/bundles.ts';
import { installPackage, packageJson, type TheirApp } from './their-app.ts';

const PACKAGE = 'node_modules/tocsin';
const BUNDLES = Object.keys(HANDLERS).length;
const OK = { status: 0, stderr: '' };

/** Each of these starts processes; a slow machine may take its time. */
const LIMIT_MS = 5 * 60_000;

let directory: string;
let app: TheirApp;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tocsin-package-'));
  app = installPackage(directory);
}, LIMIT_MS);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the package in a CDK app elsewhere', { timeout: LIMIT_MS }, () => {
  test('imported by a module, with the state in a stack of its own: one table, and a function per bundle that loads', () => {
    expect(app.run('node', 'app.mjs')).toMatchObject(OK);
    expect(typesIn('out-module/Kept.template.json').filter(isTable)).toHaveLength(1);
    expect(typesIn('out-module/Pager.template.json').filter(isFunction)).toHaveLength(BUNDLES);
    const loading = app.run(
      'node',
      join(PROJECT, '.ci/load-bundles.mjs'),
      'out-module',
      'Pager.template.json',
    );
    expect(loading).toMatchObject(OK);
    expect(loading.stdout.match(/^loads /gm)).toHaveLength(BUNDLES);
  });

  test('required by CommonJS, all in one stack: one table, and a function per bundle', () => {
    expect(app.run('node', 'app.cjs')).toMatchObject(OK);
    const types = typesIn('out-commonjs/Pager.template.json');
    expect(types.filter(isTable)).toHaveLength(1);
    expect(types.filter(isFunction)).toHaveLength(BUNDLES);
  });

  test('has types for modules and for CommonJS, which know the names of the team', () => {
    const { status, stdout } = app.run(join(PROJECT, 'node_modules/.bin/tsc'), '--project', '.');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('is found by tools that read neither `exports` nor `types` in it', () => {
    const { main, types } = JSON.parse(app.read(`${PACKAGE}/package.json`));
    expect(app.list(PACKAGE)).toEqual(expect.arrayContaining([join(PACKAGE, main), join(PACKAGE, types)]));
  });
});

describe('what the package needs', () => {
  test('is declared: what its code reaches is a dependency or a peer, nothing else is, and none is a bundler', () => {
    const { dependencies, peerDependencies } = packageJson(PROJECT);
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    const reached = reachedFrom(['dist/esm/lib/index.js', 'dist/esm/cli/main.js']);
    expect(reached.packages.sort()).toEqual(declared.sort());
    expect(declared).not.toContain('esbuild');
  });

  test('is in it: all but the run of a replay, which needs the local world', () => {
    const { missing } = reachedFrom(['dist/esm/lib/index.js', 'dist/esm/cli/main.js']);
    const ofReplay = ['dist/esm/cli/replay/run-replay.js', 'dist/esm/local/assembly-cache.js'];
    expect(missing.sort()).toEqual(ofReplay);
  });
});

describe('the command of the package', () => {
  test('runs, and says that there is no world to talk to', () => {
    expect(app.run('npx', '--no', 'tocsin', '--help')).toMatchObject(OK);
    const { status, stderr } = app.run('npx', '--no', 'tocsin', 'alerts');
    expect(status).toBe(1);
    expect(stderr).toContain('the local world is not running');
  });

  test('says that replay needs a checkout', () => {
    const { status, stderr } = app.run(
      'npx',
      '--no',
      'tocsin',
      'replay',
      'trace.csv',
      '--alarm',
      'Errors > 5',
    );
    expect(status).toBe(2);
    expect(stderr).toContain('only a checkout of Tocsin has');
  });
});

function typesIn(template: string): string[] {
  const { Resources } = JSON.parse(app.read(template)) as { Resources: Record<string, { Type: string }> };
  return Object.values(Resources).map(({ Type }) => Type);
}

function isTable(type: string): boolean {
  return type === 'AWS::DynamoDB::Table';
}

function isFunction(type: string): boolean {
  return type === 'AWS::Lambda::Function';
}

/** Follows the imports of compiled files: which packages they name, and which files are not there. */
function reachedFrom(entries: readonly string[]): { packages: string[]; missing: string[] } {
  const there = new Set(app.list(PACKAGE).map((file) => file.slice(PACKAGE.length + 1)));
  const packages = new Set<string>();
  const reached = new Set(entries);
  for (const file of reached) {
    if (!there.has(file)) continue;
    for (const specifier of importsOf(app.read(join(PACKAGE, file)))) {
      if (specifier.startsWith('.')) reached.add(join(dirname(file), specifier));
      else if (!specifier.startsWith('node:')) packages.add(packageOf(specifier));
    }
  }
  return { packages: [...packages], missing: [...reached].filter((file) => !there.has(file)) };
}

function importsOf(code: string): string[] {
  const fixed = code.matchAll(/^(?:import|export)\s(?:[^'";=]*?\sfrom\s)?'([^']+)'/gm);
  const late = code.matchAll(/\bimport\('([^']+)'\)/g);
  return [...fixed, ...late].map(([, specifier]) => specifier!);
}

/** `@aws-sdk/client-sts`, `aws-cdk-lib` of `aws-cdk-lib/aws-sqs` */
function packageOf(specifier: string): string {
  const [first = '', second] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
