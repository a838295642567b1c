/** Assemblies in which one line of the functions is wrong: built apart from the real ones, in a folder that is thrown away. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../lib/build-bundles.ts';
import { HANDLERS, PROJECT } from '../../lib/bundles.ts';
import { COMPILED } from '../../local/functions/load-bundle.ts';
import type { Bug } from './bugs.ts';
import type { Assemblies } from './run-story.ts';

/** The text of a bundle, by the name of its function. */
type Bundles = ReadonlyMap<string, string>;

/** Built once: all bugs are compared with it. */
let sound: Bundles | undefined;

/**
 * Copies assemblies, with the bug in every bundle that holds its file.
 * @param assemblies  of the sources as they stand now
 * @param folder      for the copies, one folder for each team
 * @throws Error when the bug's text is not found exactly once, or an assembly is not of these sources
 */
export async function breakAssemblies(assemblies: Assemblies, bug: Bug, folder: string): Promise<Assemblies> {
  const broken = await buildTexts(bug);
  sound ??= await buildTexts();
  return Object.fromEntries(
    Object.entries(assemblies).map(([team, { directory, operations }]) => {
      const copy = join(folder, team);
      cpSync(directory, copy, { recursive: true });
      replaceBundles(copy, sound!, broken, bug);
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

async function buildTexts(bug?: Bug): Promise<Bundles> {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: HANDLERS,
    outdir: '.',
    ...BUNDLE_OPTIONS,
    ...(bug && { plugins: [breaking(bug)] }),
    write: false,
  });
  const texts = outputFiles.map(({ text }) => text);
  return new Map(Object.keys(HANDLERS).map((name, index) => [name, texts[index]!]));
}

function breaking(bug: Bug): Plugin {
  const path = join(PROJECT, bug.file);
  const filter = new RegExp(`^${path.replaceAll('.', '\\.')}$`);
  return {
    name: 'bug',
    setup({ onLoad }) {
      onLoad({ filter }, () => ({ contents: breakSource(readFileSync(path, 'utf8'), bug), loader: 'ts' }));
    },
  };
}

function replaceBundles(assembly: string, sound: Bundles, broken: Bundles, bug: Bug): void {
  let replaced = 0;
  for (const asset of readdirSync(assembly).filter((name) => name.startsWith('asset.'))) {
    const file = join(assembly, asset, 'index.mjs');
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8');
    const name = [...sound].find(([, one]) => one === text)?.[0];
    if (name === undefined) {
      throw new Error(`${dirname(file)} is no bundle of the sources as they stand now: synthesise it again`);
    }
    if (broken.get(name) === text) continue;
    writeFileSync(file, broken.get(name)!);
    // What was compiled from the sound one; the broken one is compiled when it is loaded.
    rmSync(join(dirname(file), COMPILED), { force: true });
    replaced += 1;
  }
  if (replaced === 0) throw new Error(`bug "${bug.name}": no bundle holds ${bug.file}`);
}
