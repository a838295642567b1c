/** Assemblies in which one line of the functions is wrong: built apart from the real ones, in a folder that is thrown away. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../lib/build-bundles.ts';
import { HANDLERS, PROJECT } from '../../lib/bundles.ts';
import { COMPILED } from '../../local/functions/load-bundle.ts';
import { readAssembly } from '../../local/template.ts';
import { readFunctions } from '../../local/wire.ts';
import type { Bug } from './bugs.ts';
import { type Assemblies, PREFIX } from './run-story.ts';

/** The account, as the template is told of it: for the names of the functions it does not matter. */
const PLACE = {
  account: '123456789012',
  region: 'eu-west-1',
  endpoint: 'http://aws',
  publicUrl: 'http://api',
};

/** By the name of the function whose bundle it is. */
type Texts = ReadonlyMap<string, string>;

/**
 * Copies assemblies, with the bug in every bundle that holds its file.
 * @param folder  for the copies, one folder for each team
 * @throws Error when the bug's text is not found exactly once, or no bundle holds its file
 */
export function breakAssemblies(assemblies: Assemblies, bug: Bug, folder: string): Promise<Assemblies> {
  const { name, file } = bug;
  return changeAssemblies(assemblies, { name, file, edit: (source) => breakSource(source, bug) }, folder);
}

/** One file of the functions, as it reads in the copies. */
export type Change = { name: string; file: string; edit(source: string): string };

/** @see breakAssemblies */
export async function changeAssemblies(
  assemblies: Assemblies,
  change: Change,
  folder: string,
): Promise<Assemblies> {
  const broken = await buildBroken(change);
  return Object.fromEntries(
    Object.entries(assemblies).map(([team, { directory, operations }]) => {
      const copy = join(folder, team);
      cpSync(directory, copy, { recursive: true });
      replaceBundles(copy, broken);
      return [team, { directory: copy, operations }];
    }),
  );
}

/** The source with its mistake. */
export function breakSource(source: string, { name, file, find, replace }: Bug): string {
  const found = source.split(find).length - 1;
  if (found !== 1) {
    throw new Error(
      `bug "${name}": its text occurs ${found} times in ${file}, not once: make \`find\` what stands there now:\n${find}`,
    );
  }
  return source.replace(find, () => replace);
}

async function buildBroken(bug: Change): Promise<Texts> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: HANDLERS,
    outdir: 'broken',
    ...BUNDLE_OPTIONS,
    plugins: [breaking(bug)],
    write: false,
    metafile: true,
  });
  const handlers: Record<string, string> = HANDLERS;
  const texts = new Map<string, string>();
  for (const [path, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    if (!(bug.file in inputs)) continue;
    const name = Object.keys(handlers).find((one) => handlers[one] === entryPoint)!;
    texts.set(`${PREFIX}-${name}`, outputFiles.find((file) => file.path === join(PROJECT, path))!.text);
  }
  if (texts.size === 0) throw new Error(`bug "${bug.name}": no bundle holds ${bug.file}`);
  return texts;
}

function breaking({ file, edit }: Change): Plugin {
  const path = join(PROJECT, file);
  const filter = new RegExp(`^${path.replaceAll('.', '\\.')}$`);
  return {
    name: 'bug',
    setup({ onLoad }) {
      onLoad({ filter }, () => ({ contents: edit(readFileSync(path, 'utf8')), loader: 'ts' }));
    },
  };
}

/** @param directory  of an assembly, written over */
function replaceBundles(directory: string, broken: Texts): void {
  for (const { name, directory: asset } of readFunctions(readAssembly(directory, PLACE))) {
    const text = broken.get(name);
    if (text === undefined) continue;
    writeFileSync(join(asset, 'index.mjs'), text);
    // What was compiled from the sound one; the broken one is compiled when it is loaded.
    rmSync(join(asset, COMPILED), { force: true });
  }
}
