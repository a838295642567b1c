/** docs/threat-model.md names tests that there are, and leaves none of these out. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT } from '../../lib/bundles.ts';

const text = readFileSync(join(PROJECT, 'docs/threat-model.md'), 'utf8');
const named = [...new Set([...text.matchAll(/`(test\/[\w./-]+)`/g)].map(([, file]) => file!))];

/** Of each table of threats: heading, and the cells of its rows. */
const tables = text
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [heading = ''] = section.split('\n');
    const rows = section
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(1);
    return { heading, section, rows: rows.map((row) => row.split(' | ')) };
  });

describe('docs/threat-model.md', () => {
  test('names only tests that there are', () => {
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((file) => !existsSync(join(PROJECT, file)))).toEqual([]);
  });

  test('leaves out none of the tests in test/security', () => {
    const own = readdirSync(join(PROJECT, 'test/security')).filter((file) => file.endsWith('.test.ts'));
    const wanted = own.map((file) => `test/security/${file}`).filter((file) => !/threat-model/.test(file));
    expect(wanted.filter((file) => !named.includes(file))).toEqual([]);
  });

  test('says of each threat how it is stopped, and which test shows it', () => {
    expect(tables.map(({ rows }) => rows.length).every((count) => count > 0)).toBe(true);
    const bare = tables
      .flatMap(({ rows }) => rows)
      .filter(([what, how, shown]) => !what || !how || !/`test\//.test(shown ?? ''));
    expect(bare).toEqual([]);
  });

  test('says of each kind of attacker what is not covered, but of text, where nothing is known', () => {
    const silent = tables.filter(({ section }) => !section.includes('**Not covered.**'));
    expect(silent.map(({ heading }) => heading)).toEqual(['A malicious alarm name, reason or payload']);
  });
});
