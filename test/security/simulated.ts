/** A day of the simulator, with all that goes wrong in it: what functions used of their roles. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateStory } from '../simulation/generate-story.ts';
import { prepareAssemblies } from '../simulation/prepare-assemblies.ts';
import { runStory } from '../simulation/run-story.ts';
import type { TeamName } from '../simulation/teams.ts';

/** @param seed  as `npm run simulate -- --seed` takes it */
export async function usedInSimulation(seed: number): Promise<readonly string[]> {
  const story = generateStory(seed, 1);
  const deployed = story.events.flatMap((event) => (event.kind === 'deploy' ? [event.team] : []));
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-grants-'));
  try {
    const teams = [...new Set([story.team, ...deployed])] as TeamName[];
    return (await runStory(story, await prepareAssemblies(folder, teams))).grantsUsed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
