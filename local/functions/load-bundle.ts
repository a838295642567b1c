/** Loads a function's real bundle in this process, as often as Lambda would start it, each time with globals of its own. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { transformSync } from 'esbuild';

export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** What a bundle finds instead of the globals and modules of this process. */
export type Surroundings = { globals: Record<string, unknown>; require: (id: string) => unknown };

/** A bundle, compiled once. Each call starts it anew: a cold start. */
export type Bundle = { directory: string; start(surroundings: Surroundings): Handler };

type Start = (...values: unknown[]) => void;

/** Every name that a bundle may find changed. A global that is not here is the one of this process. */
const GLOBALS = [
  'process',
  'console',
  'globalThis',
  'global',
  'Date',
  'Math',
  'performance',
  'fetch',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
] as const;

/** By content: stacks of many teams share the code. */
const compiled = new Map<string, Start>();

/** @param directory  the asset directory that the template names, with an `index.mjs` */
export function loadBundle(directory: string): Bundle {
  const file = join(directory, 'index.mjs');
  const source = readFileSync(file, 'utf8');
  const hash = createHash('sha256').update(source).digest('base64');
  let start = compiled.get(hash);
  if (!start) {
    start = compile(file);
    compiled.set(hash, start);
  }
  const startBundle = start;
  return {
    directory,
    start({ globals, require }) {
      const module = { exports: {} as { handler?: Handler } };
      startBundle(
        require,
        module,
        module.exports,
        pathToFileURL(file).href,
        ...GLOBALS.map((name) => globals[name]),
      );
      const { handler } = module.exports;
      if (typeof handler !== 'function') throw new Error(`${file} does not export a function named handler`);
      return handler;
    },
  };
}

/** The file beside a bundle that holds what {@link compileBundle} made of it, where somebody kept it. */
export const COMPILED = 'index.cjs';

/** An ES module cannot be given its globals, a function body can. */
export function compileBundle(file: string): string {
  return transformSync(readFileSync(file, 'utf8'), {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__import_meta_url' },
    sourcefile: file,
  }).code;
}

function compile(file: string): Start {
  const kept = join(dirname(file), COMPILED);
  const code = existsSync(kept) ? readFileSync(kept, 'utf8') : compileBundle(file);
  return compileFunction(code, ['require', 'module', 'exports', '__import_meta_url', ...GLOBALS], {
    filename: file,
  }) as Start;
}
