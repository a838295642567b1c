/** What the scripts of package.json do when they are only asked, or asked for something that there is not: nothing. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

function run(name: string, ...args: string[]) {
  const file = /^tsx (\S+)$/.exec(scripts[name] ?? '')?.[1];
  if (!file) throw new Error(`${name} is "${scripts[name]}", no single file`);
  return spawnSync(process.execPath, ['--import', 'tsx', file, ...args], { cwd: PROJECT, encoding: 'utf8' });
}

describe('package.json', () => {
  test('each file that a script names is there, and each script that it calls', () => {
    const commands = Object.values(scripts).join(' ');
    const named = [...commands.matchAll(/(?<=\s)[\w./-]+\.(?:ts|mjs|json)\b/g)].map(([file]) => file);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((file) => !existsSync(join(PROJECT, file)))).toEqual([]);
    const called = [...commands.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    expect(called.length).toBeGreaterThan(3);
    expect(called.filter((name) => !scripts[name])).toEqual([]);
  });
});

describe.each(['bench', 'build', 'cost', 'elsewhere', 'fuzz', 'guide', 'licences', 'sbom', 'week'])(
  'npm run %s',
  (name) => {
    test('--help tells of it, and is all that happens', () => {
      const { status, stdout, stderr } = run(name, '--help');
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout.split('\n')[0]).toContain(`npm run ${name} --`);
    });

    test('an option that there is not ends it with 2, and is named', () => {
      const { status, stdout, stderr } = run(name, '--frobnicate');
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr.split('\n')[0]).toContain("nknown option '--frobnicate'");
    });
  },
);

describe('npm run cost', () => {
  test('a number below 0 is told what it may be', () => {
    const { status, stderr } = run('cost', '--responders', '-1');
    expect([status, stderr]).toEqual([2, '--responders is "-1": give a whole number from 1 to 5000\n']);
  });
});

describe('npm run bench', () => {
  test('a figure that there is not ends it with 2, before any is measured', () => {
    const { status, stdout, stderr } = run('bench', 'tik');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Allowed choices are event-to-publish, ');
  });
});
