/** Builds the bundles from the sources. Each runs by itself in a plain Node: 20 and newer on a laptop, 24 in AWS. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { BUNDLES, HANDLERS, PROJECT } from './bundles.ts';

/** The SDK's CommonJS parts call `require`, which a module does not have by itself. */
const REQUIRE_BANNER =
  "import{createRequire as tocsinRequire}from'node:module';const require=tocsinRequire(import.meta.url);";

/** How every bundle is made. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE_BANNER },
  legalComments: 'none',
  logLevel: 'error',
} satisfies BuildOptions;

export async function buildBundles(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: Object.fromEntries(Object.entries(HANDLERS).map(([name, file]) => [`${name}/index`, file])),
    outdir: BUNDLES,
    outExtension: { '.js': '.mjs' },
    ...BUNDLE_OPTIONS,
    write: false,
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
}

/** In one step, and only when it differs: somebody else may be reading it. */
function replaceFile(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}
