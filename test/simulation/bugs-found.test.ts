import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemblyOf } from '../../local/assembly-cache.ts';
import { breakAssemblies } from './bug-assembly.ts';
import { bugNamed } from './bugs.ts';
import { checkRun } from './invariants/index.ts';
import { type Assemblies, runStory } from './run-story.ts';
import type { PlannedFault, Story } from './story.ts';
import { TEAMS } from './teams.ts';

const MINUTE_MS = 60_000;

/** Bundles are built and templates made; a slow machine may take its time. */
const LIMIT_MS = 5 * MINUTE_MS;

/** An alarm fires in minute 1, and nobody answers for 40 minutes. */
function unanswered(team: Story['team'], faults: Story['faults'] = []): Story {
  return {
    seed: 0,
    days: 40 / (24 * 60),
    startMs: Date.UTC(2026, 2, 2, 3),
    team,
    events: [{ at: MINUTE_MS, kind: 'alarm', alarm: 'disk-full', state: 'ALARM' }],
    faults,
    reactions: {},
  };
}

const crashBeforePublish: PlannedFault = {
  at: 0,
  kind: 'call',
  fault: 'crash-before',
  service: 'sns',
  action: 'Publish',
  skip: 0,
  count: 1,
  forMs: 5 * MINUTE_MS,
};

describe('a deliberate bug', { timeout: LIMIT_MS }, () => {
  let folder: string;
  let sound: Assemblies;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-bugs-'));
    const { fourLevels, shrunk } = TEAMS;
    sound = {
      fourLevels: { directory: await assemblyOf(fourLevels), operations: fourLevels },
      shrunk: { directory: await assemblyOf(shrunk), operations: shrunk },
    };
  }, LIMIT_MS);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    { name: 'lease-never-expires', story: unanswered('fourLevels', [crashBeforePublish]) },
    { name: 'empty-level-waits', story: unanswered('shrunk') },
  ])(
    '$name is found by a small story, in which the code as it is violates nothing',
    async ({ name, story }) => {
      const bug = bugNamed(name)!;
      const broken = await breakAssemblies(sound, bug, join(folder, name));
      expect(checkRun(await runStory(story, sound))).toEqual([]);
      const violations = checkRun(await runStory(story, broken));
      const found = violations.filter(({ invariant }) => bug.foundBy.includes(invariant));
      expect(found).not.toEqual([]);
    },
  );
});
