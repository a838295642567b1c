/** `npm run simulate:bugs`: does the simulator bite? Each deliberate bug is built in, and stories are told until it is found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { breakAssemblies } from './bug-assembly.ts';
import { BUGS, type Bug, bugNamed } from './bugs.ts';
import { describeFinding, type Finding, findBug } from './find-bug.ts';
import { generateStory } from './generate-story.ts';
import { prepareAssemblies } from './prepare-assemblies.ts';
import { storyTeller } from './story-teller.ts';

/** So many bugs are looked for side by side: one for each core. */
const AT_ONCE = 2;

type Options = { bug?: Bug; seeds: number; days: number; json?: boolean };

const { bug, seeds, days, json } = new Command('simulate:bugs')
  .description('builds each deliberate bug in, and tells stories from seed 0 on until an invariant finds it')
  .option('--bug <name>', `one of ${BUGS.map(({ name }) => name).join(', ')}; default: all`, readBug)
  .option('--seeds <count>', 'a bug that is not found within so many stories fails the run', readCount, 200)
  .option('--days <count>', 'how long each story is', readCount, 7)
  .option('--json', 'one line per bug, and nothing else')
  .parse()
  .opts<Options>();

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.exitCode = await simulateBugs(bug ? [bug] : BUGS);

/** @returns the exit code */
async function simulateBugs(bugs: readonly Bug[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bugs-'));
  const waiting = [...bugs];
  const missed: string[] = [];
  try {
    const assemblies = await prepareAssemblies(join(folder, 'sound'));
    const sound = storyTeller(assemblies);
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const place = join(folder, next.name);
        const broken = storyTeller(await breakAssemblies(assemblies, next, place));
        const finding = await findBug(
          next,
          async (seed) => (await broken.tell(generateStory(seed, days))).violations,
          async (seed) => (await sound.tell(generateStory(seed, days))).violations,
          seeds,
        ).finally(broken.end);
        rmSync(place, { recursive: true });
        if (finding.kind !== 'found') missed.push(next.name);
        print(next, finding);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work)).finally(sound.end);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (missed.length > 0) console.error(`not found: ${missed.join(', ')}`);
  return missed.length > 0 ? 1 : 0;
}

function print({ name }: Bug, finding: Finding): void {
  console.log(json ? JSON.stringify({ bug: name, ...finding }) : `${name}: ${describeFinding(finding)}`);
}

function readBug(name: string): Bug {
  const found = bugNamed(name);
  if (found) return found;
  throw new InvalidArgumentError(`There is no such bug.`);
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('Write a whole number, 1 or more.');
}
