/** The process of a story teller: asked for a story, it answers with what there was of it. */
import type { Asked } from './story-teller.ts';
import { tellStory } from './tell-story.ts';

process.on('message', async ({ story, assemblies }: Asked) => {
  process.send!(await tellStory(story, assemblies));
});
// In the middle of a story, too: nobody is left to hear it.
process.on('disconnect', () => process.exit());
