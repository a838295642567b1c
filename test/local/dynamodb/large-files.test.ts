import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dynaliteDb from 'dynalite/db/index.js';
import { afterEach, expect, it } from 'vitest';
import { useLargeFiles } from '../../../local/dynamodb/large-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-files-'));
afterEach(() => rmSync(folder, { recursive: true }));

it('a compaction of 8 MB ends in one file, not in four', async () => {
  useLargeFiles();
  const { db } = dynaliteDb.create({ path: folder });
  const value = () => randomBytes(8_192).toString('base64');
  for (let n = 0; n < 800; n += 100) {
    await db.batch(
      Array.from({ length: 100 }, (_, i) => ({ type: 'put', key: `key ${n + i}`, value: value() })),
    );
  }
  await db.compactRange('key', 'kez');
  expect(readdirSync(folder).filter((file) => file.endsWith('.ldb'))).toHaveLength(1);
  await db.close();
});
