/** `npm run sbom`: what Tocsin is made of and made with, as CycloneDX, into dist/sbom.cdx.json. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../lib/bundles.ts';
import { bundledFolders } from './licences/list-packages.ts';
import { checkSbom, markBundled, type Sbom } from './sbom/check-sbom.ts';
import { scriptCommand } from './script-command.ts';

scriptCommand(
  'sbom',
  'Writes dist/sbom.cdx.json: what Tocsin is made of and made with, as CycloneDX.',
).parse();

const FILE = 'dist/sbom.cdx.json';
/** All that the lockfile names, whatever this machine has installed. */
const COMMAND = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];

const sbom = JSON.parse(
  execFileSync('npm', COMMAND, { cwd: PROJECT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
) as Sbom;
const { packages } = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version?: string }>;
};
const bundled = new Set(
  [...(await bundledFolders())].map(
    (folder) => `${folder.split('node_modules/').at(-1)}@${packages[folder]?.version}`,
  ),
);
const marked = markBundled(sbom, [...bundled]);
const mistakes = checkSbom(marked, packages);
for (const mistake of mistakes) console.error(mistake);
if (mistakes.length > 0) process.exit(1);
mkdirSync(join(PROJECT, 'dist'), { recursive: true });
writeFileSync(join(PROJECT, FILE), `${JSON.stringify(marked, null, 2)}\n`);
console.log(
  `${FILE}: CycloneDX ${sbom.specVersion}, ${sbom.components.length} packages, ${bundled.size} of them within the functions`,
);
