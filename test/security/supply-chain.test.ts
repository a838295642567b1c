/** What Tocsin is made of: no licence that nobody looked at, a bill that is whole, a vulnerability that stops CI. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT } from '../../lib/bundles.ts';
import { whyNotAllowed } from '../../scripts/licences/licence-rules.ts';
import { bundledFolders, listPackages, type Package } from '../../scripts/licences/list-packages.ts';
import { renderThirdParty } from '../../scripts/licences/third-party.ts';
import { BUNDLED, checkSbom, markBundled, type Sbom } from '../../scripts/sbom/check-sbom.ts';

describe('licences', () => {
  let packages: Package[];
  beforeAll(async () => {
    packages = await listPackages();
  });

  test('every package of the lockfile has one that it may have', () => {
    expect(packages.length).toBeGreaterThan(300);
    const refused = packages.map(({ name, licence, use }) => ({ name, why: whyNotAllowed(licence, use) }));
    expect(refused.filter(({ why }) => why !== undefined)).toEqual([]);
  });

  test('what a function contains is shipped, although package.json calls it a tool', () => {
    const uses = new Map(packages.map(({ name, use }) => [name, use]));
    expect(['@middy/core', '@aws-sdk/client-sns', 'zod'].map((name) => uses.get(name))).toEqual([
      'shipped',
      'shipped',
      'shipped',
    ]);
    expect(['vitest', 'esbuild', 'aws-cdk-lib'].map((name) => uses.get(name))).toEqual([
      'tool',
      'tool',
      'tool',
    ]);
  });

  test.each([
    ['MIT', 'shipped', true],
    ['(MIT OR GPL-3.0-or-later)', 'shipped', true],
    ['MIT AND ISC', 'shipped', true],
    ['MIT AND GPL-3.0-only', 'shipped', false],
    ['GPL-3.0-only', 'tool', false],
    ['AGPL-3.0-or-later', 'tool', false],
    ['MPL-2.0', 'tool', true],
    ['MPL-2.0', 'shipped', false],
    ['SEE LICENSE IN LICENSE.md', 'tool', false],
    ['UNLICENSED', 'tool', false],
    [undefined, 'tool', false],
    ['(MIT AND (ISC OR GPL-2.0))', 'tool', false],
  ] as const)('%s, %s: allowed is %s', (expression, use, isAllowed) => {
    expect(whyNotAllowed(expression, use) === undefined).toBe(isAllowed);
  });

  test('the notices beside the bundles name each package that is in them, with its text', async () => {
    const folders = [...(await bundledFolders())].sort();
    expect(folders.length).toBeGreaterThan(20);
    const text = renderThirdParty(folders);
    const missing = folders.filter((folder) => !text.includes(`${folder.split('node_modules/').at(-1)} `));
    expect(missing).toEqual([]);
    expect(text).toContain('Apache License');
    expect(text).toContain('Permission is hereby granted, free of charge');
  });
});

describe('package.json', () => {
  test('names exact versions, so that nothing changes without a commit', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(PROJECT, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.length).toBeGreaterThan(20);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

describe('the bill of materials', () => {
  const lock = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string }>;
  };
  let sbom: Sbom;
  beforeAll(() => {
    const command = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
    const printed = execFileSync('npm', command, {
      cwd: PROJECT,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    sbom = JSON.parse(printed) as Sbom;
  }, 120_000);

  test('names every package of the lockfile, with address, hash and licence', () => {
    expect(checkSbom(sbom, lock.packages)).toEqual([]);
  });

  test('of which one is missing, or has no hash or licence, is refused', () => {
    const [first, second, ...others] = sbom.components;
    const { hashes: _, licenses: __, ...bare } = second!;
    const mistakes = checkSbom({ ...sbom, components: [bare, ...others] }, lock.packages);
    expect(mistakes).toContain(
      `${first!.name}@${first!.version} is in package-lock.json and not in the bill`,
    );
    expect(mistakes).toContain(`${second!.name} has no hash`);
    expect(mistakes).toContain(`${second!.name} has no licence`);
    expect(checkSbom({ ...sbom, specVersion: '1.2' }, lock.packages)).toHaveLength(1);
  });

  test('marks what is within the functions', () => {
    const marked = markBundled(sbom, [`zod@${lock.packages['node_modules/zod']!.version}`]);
    const zod = marked.components.filter(({ properties }) =>
      properties?.some(({ name }) => name === BUNDLED),
    );
    expect(zod.map(({ name }) => name)).toEqual(['zod']);
  });
});

describe('.ci/audit.mjs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-audit-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** With an npm that says this, and ends as npm does. */
  function audit(report: unknown, status: number, isOnGitHub = false) {
    const npm = join(folder, 'npm');
    const text = typeof report === 'string' ? report : JSON.stringify(report);
    writeFileSync(npm, `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit ${status}\n`);
    chmodSync(npm, 0o755);
    const env = {
      ...process.env,
      PATH: `${folder}:${process.env.PATH}`,
      GITHUB_ACTIONS: isOnGitHub ? 'true' : '',
    };
    return spawnSync(process.execPath, ['.ci/audit.mjs'], { cwd: PROJECT, env, encoding: 'utf8' });
  }

  const metadata = { dependencies: { total: 401 } };

  test('no known vulnerability: 0, and how many packages were asked about', () => {
    const { status, stdout } = audit({ auditReportVersion: 2, vulnerabilities: {}, metadata }, 0);
    expect([status, stdout]).toEqual([0, 'no known vulnerability in 401 packages\n']);
  });

  test('one of a tool, of the least severity: 1, and which', () => {
    const via = [{ title: 'Prototype pollution', url: 'https://github.com/advisories/GHSA-x' }];
    const vulnerabilities = { tool: { name: 'tool', severity: 'low', range: '<1.2.3', via } };
    const { status, stdout } = audit({ auditReportVersion: 2, vulnerabilities, metadata }, 1);
    expect([status, stdout]).toEqual([
      1,
      'low  tool <1.2.3: Prototype pollution https://github.com/advisories/GHSA-x\n',
    ]);
  });

  test.each([
    [
      'a registry without audits',
      { message: '405 Method Not Allowed', statusCode: 405 },
      '405 Method Not Allowed',
    ],
    ['no network', { error: { code: 'ENOTFOUND', summary: 'request failed' } }, 'request failed'],
    ['no JSON', 'oops', 'npm audit printed no JSON: oops'],
  ])('%s: 0, on GitHub 1, and it is said that nothing was checked', (_, report, why) => {
    const here = audit(report, 1);
    const onGitHub = audit(report, 1, true);
    expect([here.status, onGitHub.status]).toEqual([0, 1]);
    expect(here.stdout).toContain('Vulnerabilities are NOT known to be absent.');
    expect(here.stdout).toContain(why);
    expect(onGitHub.stdout).toBe(here.stdout);
  });

  test('no known vulnerability on GitHub: 0', () => {
    expect(audit({ auditReportVersion: 2, vulnerabilities: {}, metadata }, 0, true).status).toBe(0);
  });
});

describe('.github/workflows', () => {
  const folder = join(PROJECT, '.github/workflows');
  const workflows = Object.fromEntries(
    readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
  const all = Object.values(workflows).join('\n');

  test('use only actions of GitHub, each at a version, and may only read', () => {
    const uses = [...all.matchAll(/uses: (.*)/g)].map(([, action]) => action!);
    expect(uses.length).toBeGreaterThan(2);
    expect(uses.filter((action) => !/^actions\/[\w-]+@v\d+$/.test(action))).toEqual([]);
    const rights = Object.values(workflows).map((text) => /^permissions:\n((?: .*\n)+)/m.exec(text)?.[1]);
    expect(new Set(rights)).toEqual(new Set(['  contents: read\n']));
  });

  test('keep the bill of materials, and run only what package.json has, the bugs of the simulator too', () => {
    expect(workflows['ci.yml']).toMatch(
      /run: \.ci\/run\n +- uses: actions\/upload-artifact@.*\n[^-]*path: dist\/sbom\.cdx\.json/,
    );
    const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const weekly = /run: \[(.*)\]/.exec(workflows['weekly.yml']!)![1]!.replaceAll('"', '').split(', ');
    expect(weekly).toContain('simulate:bugs');
    const run = [...all.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    expect([...weekly, ...run].filter((name) => !scripts[name])).toEqual([]);
  });
});
