/** Before the first scenario: the cloud assembly of each team, as `npm run deploy` would make it, in a folder of this run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../lib/synth-app.ts';
import { scenarioTeams } from './scenario-teams.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** holds an assembly per team, named as the team */
    assemblies: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-scenarios-'));
  for (const [team, operations] of Object.entries(scenarioTeams)) {
    await synthesize({ operations, outdir: join(folder, team), nag: false });
  }
  project.provide('assemblies', folder);
  return () => rm(folder, { recursive: true });
}
