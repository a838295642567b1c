/** The run of continuous integration: `npm run simulate` tells longer stories of more seeds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateStory } from './generate-story.ts';
import { prepareAssemblies } from './prepare-assemblies.ts';
import type { Assemblies } from './run-story.ts';
import { totalOf } from './simulation-report.ts';
import { CHARACTERS } from './stories/characters.ts';
import { type StoryTeller, storyTeller } from './story-teller.ts';
import { tellSeeds } from './tell-seeds.ts';

/** One of each character. */
const SEEDS = Object.keys(CHARACTERS).map((_, seed) => seed);
const DAYS = 1.5;

/** A story that hangs must not hang the suite; otherwise a slow machine may take its time. */
const LIMIT_MS = 15 * 60_000;

describe('the simulation', { timeout: LIMIT_MS }, () => {
  let folder: string;
  let assemblies: Assemblies;
  let tellers: StoryTeller[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-simulation-'));
    assemblies = await prepareAssemblies(folder);
    tellers = [storyTeller(assemblies), storyTeller(assemblies)];
  }, LIMIT_MS);
  afterAll(() => {
    for (const teller of tellers ?? []) teller.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`violates nothing in ${SEEDS.length} seeds of ${DAYS} days, with faults, alarms and pages in each of them`, async () => {
    const order: number[] = [];
    const tellings = await tellSeeds(SEEDS, DAYS, tellers, ({ seed }) => order.push(seed));
    expect(tellings.flatMap(({ seed, violations }) => violations.map((one) => ({ seed, ...one })))).toEqual(
      [],
    );
    expect(order).toEqual(SEEDS);
    for (const { seed, alarms, pages, faults } of tellings) {
      const happened = { alarms: alarms > 0, pages: pages > 0, faults: faults > 0 };
      expect({ seed, ...happened }).toEqual({ seed, alarms: true, pages: true, faults: true });
    }
    const { met } = totalOf(tellings);
    expect(Object.keys(met.calls).filter((name) => name.endsWith('(not in the list)'))).toEqual([]);
  });

  it('is the same in another process, after other stories: every call, write, message and row', async () => {
    const story = generateStory(6, DAYS);
    const [first, second] = await Promise.all(tellers.map((teller) => teller.tell(story)));
    expect(first!.digest).not.toBe('');
    expect(first!.digest).toBe(second!.digest);
    expect((await tellers[0]!.tell(story)).digest).toBe(first!.digest);
    const other = await tellers[0]!.tell({ ...story, faults: story.faults.slice(1) });
    expect(other.digest).not.toBe(first!.digest);
  });

  it('says of a story that cannot be told that it violates run-completed, and tells the next', async () => {
    const [teller] = tellers;
    const story = generateStory(10, 0.1);
    const told = await teller!.tell({ ...story, team: 'nobody' });
    expect(told.violations).toEqual([
      {
        invariant: 'run-completed',
        at: story.startMs,
        what: expect.stringContaining('names the team nobody'),
      },
    ]);
    const hasty = storyTeller(assemblies, 1);
    const { violations } = await hasty.tell(story);
    hasty.end();
    expect(violations).toMatchObject([
      { invariant: 'run-completed', what: expect.stringContaining('not told within') },
    ]);
    expect((await teller!.tell(story)).violations).toEqual([]);
  });
});
