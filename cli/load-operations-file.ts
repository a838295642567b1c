/** Reads a team's operations file, wherever it is: `operations.ts`, or what `--operations` names. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineOperations } from '../functions/operations/define-operations.ts';
import type { Operations } from '../functions/operations/operations.ts';
import { messageOf, OpsError } from '../functions/shared/errors.ts';

/**
 * @param path  a module whose default export is `defineOperations({…})`, or the bare object
 * @throws OpsError `rejected` when there is no such file, when it does not load, or with all its mistakes
 */
export async function loadOperationsFile(path: string): Promise<Operations> {
  const file = resolve(path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new OpsError('rejected', `${path}: no such file; name one that exports defineOperations({…})`);
  try {
    const module = await import(pathToFileURL(file).href);
    if (!('default' in module))
      throw new OpsError('rejected', 'no default export; write `export default defineOperations({…})`');
    // What defineOperations made passes through unchanged; a bare object is checked here.
    return defineOperations(module.default);
  } catch (cause) {
    throw new OpsError('rejected', `${path}: ${messageOf(cause)}`, { cause });
  }
}
