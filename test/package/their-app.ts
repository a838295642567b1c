/** A project of somebody else's: empty but for what npm installs, and apps that use the package in each of its ways. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../../lib/bundles.ts';

/** Imports two stacks' worth of it. */
const MODULE_APP = `
import { App, Stack } from 'aws-cdk-lib';
import { defineOperations, Operations, State } from 'tocsin';

const app = new App({ outdir: 'out-module' });
const state = new State(new Stack(app, 'Kept'), 'State');
const procedures = defineOperations({ responders: { ana: { email: 'ana@example.com', phone: '+12025550101' } } });
new Operations(new Stack(app, 'Pager'), 'Ops', procedures, { state });
app.synth();
`;

/** Requires it. */
const COMMONJS_APP = `
const { App, Stack } = require('aws-cdk-lib');
const { defineOperations, Operations } = require('tocsin');

class Pager extends Stack {
  constructor(scope, id) {
    super(scope, id);
    new Operations(this, 'Ops', defineOperations({ responders: { ana: { email: 'ana@example.com' } } }));
  }
}
const app = new App({ outdir: 'out-commonjs' });
new Pager(app, 'Pager');
app.synth();
`;

/** Says what the types allow, and what not. */
const TYPED_APP = `
import { App, Stack } from 'aws-cdk-lib';
import { defineOperations, Operations, type OperationsInput, type OperationsProps, State } from 'tocsin';

const team = { responders: { ana: { email: 'ana@example.com' } } } satisfies OperationsInput;
const stack = new Stack(new App(), 'Pager');
const props: OperationsProps = { prefix: 'night', state: new State(stack, 'State', { prefix: 'night' }) };
new Operations(stack, 'Ops', defineOperations(team), props);
// @ts-expect-error nobody is called bob
defineOperations({ responders: { ana: {} }, levels: [['bob']] });
`;

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(PROJECT, 'node_modules/@types')],
  },
  files: ['typed.mts', 'typed.cts'],
};

export type Ran = { status: number | null; stdout: string; stderr: string };

export type TheirApp = {
  /** Runs a program in it. */
  run(command: string, ...args: string[]): Ran;
  read(path: string): string;
  /** paths of all files of a folder, relative to the project */
  list(folder: string): string[];
};

/**
 * Packs the package, and installs it. What it depends on is linked to this checkout's: the registry is not asked.
 * @param directory  an empty one
 */
export function installPackage(directory: string): TheirApp {
  const project = join(directory, 'their-app');
  mkdirSync(project);
  succeed(run(PROJECT, 'npm', 'pack', '--pack-destination', directory));
  const [tarball] = readdirSync(directory).filter((name) => name.endsWith('.tgz'));
  const { dependencies, peerDependencies } = packageJson(PROJECT);
  const linked = Object.keys({ ...dependencies, ...peerDependencies }).map((name) => [
    name,
    `file:${join(PROJECT, 'node_modules', name)}`,
  ]);
  const files = {
    'package.json': JSON.stringify({
      private: true,
      dependencies: { tocsin: `file:../${tarball}`, ...Object.fromEntries(linked) },
    }),
    'app.mjs': MODULE_APP,
    'app.cjs': COMMONJS_APP,
    'typed.mts': TYPED_APP,
    'typed.cts': TYPED_APP,
    'tsconfig.json': JSON.stringify(TSCONFIG),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  succeed(run(project, 'npm', 'install', '--offline', '--ignore-scripts', '--no-package-lock'));
  return {
    run: (command, ...args) => run(project, command, ...args),
    read: (path) => readFileSync(join(project, path), 'utf8'),
    list: (folder) =>
      readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(project.length + 1)),
  };
}

export function packageJson(folder: string): Record<'dependencies' | 'peerDependencies', object> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Whoever runs the tests through npm has set variables that steer another npm. */
function run(cwd: string, command: string, ...args: string[]): Ran {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 60_000 });
}

function succeed({ status, stdout, stderr }: Ran): void {
  if (status !== 0) throw new Error(`status ${status}: ${stdout}${stderr}`);
}
