/** The cloud assembly of some procedures, synthesised once for each state of the sources. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { serializeOperations } from '../functions/operations/load-operations.ts';
import type { Operations } from '../functions/operations/operations.ts';
import { PROJECT } from '../lib/bundles.ts';
import { synthesize } from '../lib/synth-app.ts';
import { COMPILED, compileBundle } from './functions/load-bundle.ts';

const CACHE = join(PROJECT, 'node_modules/.cache/tocsin');
const KEPT_MOST = 8;

/** What an assembly is made from, besides the procedures. */
const SOURCES = ['functions', 'lib'];
const LOCK_FILE = 'package-lock.json';

/** @returns a directory that is only to be read */
export async function assemblyOf(operations: Operations): Promise<string> {
  const directory = join(CACHE, keyOf(operations));
  if (existsSync(directory)) return directory;
  const draft = `${directory}.${process.pid}`;
  try {
    await synthesize({ operations, outdir: draft, nag: false });
    for (const asset of readdirSync(draft).filter((name) => name.startsWith('asset.'))) {
      const source = join(draft, asset, 'index.mjs');
      if (existsSync(source)) writeFileSync(join(draft, asset, COMPILED), compileBundle(source));
    }
    removeOld();
    // In one step: whoever else makes the same one has the same.
    if (!existsSync(directory)) renameSync(draft, directory);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return directory;
}

function keyOf(operations: Operations): string {
  const hash = createHash('sha256').update(serializeOperations(operations));
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), join(PROJECT, LOCK_FILE)])
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 32);
}

function removeOld(): void {
  mkdirSync(CACHE, { recursive: true });
  const byAge = readdirSync(CACHE)
    .map((name) => ({ path: join(CACHE, name), atMs: statSync(join(CACHE, name)).mtimeMs }))
    .sort((a, b) => b.atMs - a.atMs);
  const isDraft = (path: string) => /\.\d+$/.test(path);
  for (const { path } of byAge.filter(({ path }) => !isDraft(path)).slice(KEPT_MOST - 1)) {
    rmSync(path, { recursive: true, force: true });
  }
}
