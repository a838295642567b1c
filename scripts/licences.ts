/** `npm run licences`: the licence of every package, and 1 when one of them may not be used so. */
import { alignColumns } from '../cli/columns.ts';
import { whyNotAllowed } from './licences/licence-rules.ts';
import { listPackages } from './licences/list-packages.ts';
import { scriptCommand } from './script-command.ts';

scriptCommand('licences', 'The licence of every package; 1 when one of them may not be used so.').parse();

const packages = await listPackages();
const rows = packages.map(({ name, version, licence = 'unknown', use }) => [name, version, licence, use]);
console.log(alignColumns([['package', 'version', 'licence', 'use'], ...rows]).join('\n'));

const counts = new Map<string, number>();
for (const { licence = 'unknown', use } of packages)
  counts.set(`${licence}, ${use}`, (counts.get(`${licence}, ${use}`) ?? 0) + 1);
console.log();
for (const [what, count] of [...counts].sort(([, a], [, b]) => b - a)) console.log(`${count}  ${what}`);
const shipped = packages.filter(({ use }) => use === 'shipped').length;
console.log(
  `\n${packages.length} packages, the same that \`npm run sbom\` lists; ${shipped} are shipped: within the functions, or installed with the package`,
);

const refused = packages.flatMap(({ name, version, licence, use }) => {
  const why = whyNotAllowed(licence, use);
  return why ? [`${name} ${version}: ${why}`] : [];
});
for (const line of refused) console.error(`REFUSED: ${line}`);
if (refused.length > 0) {
  console.error(
    'Use another package, or say in scripts/licences/licence-rules.ts why this licence is in order.',
  );
  process.exitCode = 1;
}
