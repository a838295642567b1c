import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HANDLERS } from '../../lib/bundles.ts';
import { assemblyOf } from '../../local/assembly-cache.ts';
import { fourLevels } from '../support/teams.ts';

describe('assemblyOf', () => {
  it('synthesises the same procedures once, and others anew', async () => {
    const first = await assemblyOf(fourLevels);
    const madeAt = statSync(join(first, 'manifest.json')).mtimeMs;
    expect(await assemblyOf(structuredClone(fourLevels))).toBe(first);
    expect(statSync(join(first, 'manifest.json')).mtimeMs).toBe(madeAt);
    expect(await assemblyOf({ ...fourLevels, quietMinutes: 7 })).not.toBe(first);
  });

  it('keeps each bundle beside what it was compiled to', async () => {
    const directory = await assemblyOf(fourLevels);
    const assets = readdirSync(directory).filter((name) => name.startsWith('asset.'));
    expect(assets).toHaveLength(Object.keys(HANDLERS).length);
    for (const asset of assets) expect(existsSync(join(directory, asset, 'index.cjs'))).toBe(true);
  });
});
