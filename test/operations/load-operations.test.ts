import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { loadOperationsFile } from '../../cli/load-operations-file.ts';
import full from '../../examples/full.ts';
import { loadOperations, serializeOperations } from '../../functions/operations/load-operations.ts';
import { kindOf, messageOf } from '../../functions/shared/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-operations-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The kind and text of what a call throws. */
async function failureOf(call: () => unknown): Promise<string> {
  try {
    await call();
    return 'no failure';
  } catch (error) {
    return `${kindOf(error)}: ${messageOf(error)}`;
  }
}

describe('loadOperations', () => {
  it('reads what serializeOperations wrote', () => {
    const path = write('operations.json', serializeOperations(full));
    expect(loadOperations(pathToFileURL(path))).toEqual(full);
  });

  it.each([
    ['is missing', undefined, /^bug: .*cannot be read: ENOENT/],
    ['is not JSON', '{', /^bug: .*cannot be read: .*JSON/],
    ['is null', 'null', /^bug: .*has format undefined, not 2/],
    ['has format 1', '{"format":1}', /^bug: .*has format 1, not 2: synthesise and deploy again$/],
  ])('is a bug when operations.json %s', async (name, text, message) => {
    const path = text === undefined ? join(folder, 'absent.json') : write(`${name}.json`, text);
    expect(await failureOf(() => loadOperations(pathToFileURL(path)))).toMatch(message);
  });
});

describe('loadOperationsFile', () => {
  it('reads a file that uses defineOperations', async () => {
    expect(await loadOperationsFile('examples/full.ts')).toEqual(full);
  });

  it('checks and completes a bare object', async () => {
    const path = write('bare.mjs', "export default { responders: { ana: { email: 'ana@example.com' } } };");
    expect(await loadOperationsFile(path)).toMatchObject({ levels: [['ana'], ['ana'], ['ana'], ['ana']] });
  });

  it.each([
    ['absent.mjs', undefined, 'no such file; name one that exports defineOperations({…})'],
    [
      'named.mjs',
      'export const operations = {};',
      'no default export; write `export default defineOperations({…})`',
    ],
    [
      'wrong.mjs',
      'export default { responders: {} };',
      '1 mistake in operations:\n  responders: found an empty object',
    ],
    ['syntax.mjs', 'export default {', ''],
    ['throwing.mjs', "throw new Error('no such secret');", 'no such secret'],
  ])('rejects %s by its path', async (name, text, message) => {
    const path = text === undefined ? join(folder, name) : write(name, text);
    expect(await failureOf(() => loadOperationsFile(path))).toContain(`rejected: ${path}: ${message}`);
  });

  it('rejects a folder', async () => {
    expect(await failureOf(() => loadOperationsFile(folder))).toContain(`rejected: ${folder}: no such file`);
  });
});
