/** The process of a story teller: asked for a seed, it answers with what the run violates. */
import { generateStory } from './generate-story.ts';
import { checkRun } from './invariants/index.ts';
import { runStory } from './run-story.ts';
import type { Asked, Told } from './story-teller.ts';

process.on('message', async ({ seed, days, assemblies }: Asked) => {
  process.send!(await tell(seed, days, assemblies));
});

async function tell(seed: number, days: number, assemblies: Asked['assemblies']): Promise<Told> {
  try {
    return { violations: checkRun(await runStory(generateStory(seed, days), assemblies)) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
