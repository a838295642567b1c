/** Every package that the lockfile names, with its licence, and whether anything of it is shipped. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../lib/build-bundles.ts';
import { BUNDLES, HANDLERS, PROJECT } from '../../lib/bundles.ts';
import type { Use } from './licence-rules.ts';

export type Package = {
  name: string;
  version: string;
  licence: string | undefined;
  use: Use;
};

type Locked = { version?: string; license?: string; dev?: boolean; devOptional?: boolean; link?: boolean };

/** Each version once, in the order of their names: a dependency of the package, or within a bundle, is shipped; all else is a tool. */
export async function listPackages(): Promise<Package[]> {
  const { packages } = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const bundled = await bundledFolders();
  const missing = [...bundled].filter((folder) => !packages[folder]);
  if (missing.length > 0) throw new Error(`bundled, and not in package-lock.json: ${missing.join(', ')}`);
  const all = Object.entries(packages)
    .filter(([folder]) => folder !== '')
    .map(([folder, { version = '', license, dev, devOptional }]) => ({
      name: folder.split('node_modules/').at(-1)!,
      version,
      licence: license,
      use: bundled.has(folder) || !(dev || devOptional) ? ('shipped' as const) : ('tool' as const),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
  // One version may lie in several folders: it is one package, and shipped if one of them is.
  const byVersion = new Map<string, Package>();
  for (const one of all) {
    const key = `${one.name}@${one.version}`;
    if (one.use === 'shipped' || !byVersion.has(key)) byVersion.set(key, one);
  }
  return [...byVersion.values()];
}

/** `node_modules/@middy/core`: what esbuild took a file of. */
export async function bundledFolders(): Promise<Set<string>> {
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: Object.fromEntries(Object.entries(HANDLERS).map(([name, file]) => [`${name}/index`, file])),
    outdir: BUNDLES,
    ...BUNDLE_OPTIONS,
    write: false,
    metafile: true,
  });
  const taken = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = taken.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return new Set(folders.filter((folder) => folder !== undefined));
}
