/** The cloud assembly of each simulated team, as `npm run deploy` would make it. */
import { join } from 'node:path';
import { buildBundles } from '../../lib/build-bundles.ts';
import { TocsinApp } from '../../lib/tocsin-app.ts';
import { changeAssemblies } from './bug-assembly.ts';
import { NEWER_CODE } from './newer-code.ts';
import type { Assemblies } from './run-story.ts';
import { TEAMS, type TeamName } from './teams.ts';

/**
 * @param folder  gets an assembly per team, named as the team
 * @param names   which of them; default: all
 */
export async function prepareAssemblies(
  folder: string,
  names: readonly TeamName[] = Object.keys(TEAMS) as TeamName[],
): Promise<Assemblies> {
  // Built once: teams differ in their procedures, not in their code.
  await buildBundles();
  const assemblies: Record<string, Assemblies[string]> = {};
  for (const name of names) {
    const operations = TEAMS[name];
    const directory = join(folder, name);
    await new TocsinApp({ operations, outdir: directory, nag: false }).write();
    assemblies[name] = { directory, operations };
  }
  const { newer } = assemblies;
  if (newer) Object.assign(assemblies, await changeAssemblies({ newer }, NEWER_CODE, join(folder, 'code')));
  return assemblies;
}
