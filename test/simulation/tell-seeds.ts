/** Tells the stories of many seeds, some side by side. */
import { generateStory } from './generate-story.ts';
import type { StoryTeller } from './story-teller.ts';
import type { Telling } from './tell-story.ts';

/**
 * @param tellers  each tells one story at a time
 * @param onTold   in the order of the seeds, each as soon as those before it are told
 */
export async function tellSeeds(
  seeds: readonly number[],
  days: number,
  tellers: readonly StoryTeller[],
  onTold: (telling: Telling) => void = () => undefined,
): Promise<Telling[]> {
  const told: (Telling | undefined)[] = seeds.map(() => undefined);
  let next = 0;
  let passedOn = 0;
  const work = async (teller: StoryTeller) => {
    while (next < seeds.length) {
      const place = next++;
      told[place] = await teller.tell(generateStory(seeds[place]!, days));
      for (; told[passedOn]; passedOn++) onTold(told[passedOn]!);
    }
  };
  await Promise.all(tellers.map(work));
  return told as Telling[];
}
