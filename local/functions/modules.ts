/** The modules of Node that a function may load here, and what it finds in them. */
import * as nodeFs from 'node:fs';
import { createRequire } from 'node:module';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodeRequire = createRequire(import.meta.url);

/** They compute, and reach nothing outside the function. */
const HARMLESS = new Set([
  'assert',
  'async_hooks',
  'buffer',
  'console',
  'crypto',
  'diagnostics_channel',
  'events',
  'os',
  'path',
  'querystring',
  'stream',
  'stream/promises',
  'string_decoder',
  'url',
  'util',
  'zlib',
]);

/**
 * @param replaced  what a function finds instead of a module, by its name without `node:`
 * @returns its `require`; anything that could reach out of the world fails when it is used
 */
export function openModules(directory: string, replaced: Record<string, unknown>) {
  const fs = readOnlyFs(directory);
  const modules: Record<string, unknown> = {
    ...replaced,
    fs,
    'fs/promises': fs.promises,
    module: { createRequire: () => require },
  };
  const require = (id: string): unknown => {
    const name = id.replace(/^node:/, '');
    const found = modules[name];
    if (found !== undefined) return found;
    modules[name] = HARMLESS.has(name) ? nodeRequire(id) : unreachable(name);
    return modules[name];
  };
  return require;
}

/** Only the function's own files are there: no `~/.aws`, and with it nobody's credentials. */
function readOnlyFs(directory: string) {
  const inside = (file: nodeFs.PathOrFileDescriptor | URL): string => {
    const path = resolve(file instanceof URL ? fileURLToPath(file) : String(file));
    if (path.startsWith(directory + sep)) return path;
    throw Object.assign(new Error(`ENOENT: no such file in the function's bundle: ${path}`), {
      code: 'ENOENT',
    });
  };
  const readFileSync = (file: string | URL, options?: { encoding?: BufferEncoding } | BufferEncoding) =>
    nodeFs.readFileSync(inside(file), options);
  const existsSync = (file: string | URL): boolean => {
    try {
      return nodeFs.existsSync(inside(file));
    } catch {
      return false;
    }
  };
  const promises = {
    readFile: async (...[file, options]: Parameters<typeof readFileSync>) => readFileSync(file, options),
  };
  const { ReadStream, constants } = nodeFs;
  return unreachable('fs', { readFileSync, existsSync, promises, ReadStream, constants });
}

/** A module that loads, and says what it is when it is used. */
function unreachable(name: string, known: Record<string, unknown> = {}): Record<string, unknown> {
  const module: Record<string, unknown> = new Proxy(known, {
    get(_, property) {
      if (typeof property === 'symbol' || property === '__esModule' || property === 'then') return undefined;
      if (property === 'default') return module;
      if (property in known) return known[property];
      throw new Error(
        `a function used ${property} of node:${name}, which is out of reach in the local world`,
      );
    },
  });
  return module;
}
