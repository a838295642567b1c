import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dynaliteDb from 'dynalite/db/index.js';
import { afterEach, expect, it } from 'vitest';
import { useLargeFiles } from '../../../local/dynamodb/large-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-files-'));
afterEach(() => rmSync(folder, { recursive: true }));

it('a compaction of 10 MB ends in a file of more than 5, not in files of 2', async () => {
  useLargeFiles();
  const { db } = dynaliteDb.create({ path: folder });
  const put = (n: number) => ({
    type: 'put' as const,
    key: `key ${n % 1_200}`,
    value: randomBytes(8_192).toString('base64'),
  });
  // Twice, so that what was written first has to be merged, and is not moved as it is.
  for (let n = 0; n < 2_400; n += 100) await db.batch(Array.from({ length: 100 }, (_, i) => put(n + i)));
  await db.compactRange('key', 'kez');
  const tables = readdirSync(folder).filter((file) => file.endsWith('.ldb'));
  expect(Math.max(...tables.map((file) => statSync(join(folder, file)).size))).toBeGreaterThan(5e6);
  await db.close();
});
