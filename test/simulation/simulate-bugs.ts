/** `npm run simulate:bugs`: does the simulator bite? Each deliberate bug is built in, and stories are told until it is found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { scriptCommand } from '../../scripts/script-command.ts';
import { breakAssemblies } from './bug-assembly.ts';
import { BUGS, type Bug, bugNamed } from './bugs.ts';
import { describeFinding, type Finding, findBug } from './find-bug.ts';
import { generateStory } from './generate-story.ts';
import { prepareAssemblies } from './prepare-assemblies.ts';
import { counted } from './simulation-report.ts';
import { storyTeller } from './story-teller.ts';

/** So many bugs are looked for side by side: one for each core. */
const AT_ONCE = availableParallelism();

/**
 * Short stories: as many faults aim at a day or two of them as at a week, so that they find more in a minute.
 * A bug may need longer ones; `--days` tells them.
 */
const DAYS = 2;

type Options = { bug?: Bug; seeds: number; days: number; json?: boolean };

const { bug, seeds, days, json } = scriptCommand(
  'simulate:bugs',
  'Builds each deliberate bug in, and tells stories until an invariant finds it. Nothing leaves the machine.',
)
  .option('--bug <name>', 'looks for this one alone', readBug)
  .option('--seeds <count>', 'a bug that is not found within so many stories fails the run', readCount, 200)
  .option('--days <count>', 'how long each story is', readCount, DAYS)
  .option('--json', 'one line per bug, and nothing else (npm run -s)')
  .addHelpText('after', () => `\nThe bugs:\n${BUGS.map(({ name, why }) => `  ${name}: ${why}`).join('\n')}`)
  .parse()
  .opts<Options>();

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.exitCode = await simulateBugs(bug ? [bug] : BUGS);

/** @returns the exit code */
async function simulateBugs(bugs: readonly Bug[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bugs-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const startedAt = performance.now();
  const waiting = [...bugs];
  const missed: string[] = [];
  const say = (line: string) => void (json || console.log(line));
  say(
    `${counted(bugs.length, 'bug')}, ${AT_ONCE} at once, each told up to ${counted(seeds, 'story', 'stories')} of ${counted(days, 'day')}`,
  );
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
      console.log(json ? JSON.stringify({ bug: next.name, ...finding }) : render(next, finding));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, bugs.length) }, work)).finally(sound.end);
  const took = `${Math.round((performance.now() - startedAt) / 1_000)} s`;
  say(`\n${bugs.length - missed.length} of ${counted(bugs.length, 'bug')} found, in ${took}`);
  if (missed.length > 0) console.error(`not found: ${missed.join(', ')}`);
  return missed.length > 0 ? 1 : 0;
}

/** What was broken, and what came of it. */
function render({ name, why }: Bug, finding: Finding): string {
  return `\n${name}\n  ${why}\n  ${describeFinding(finding)}`;
}

function readBug(name: string): Bug {
  const found = bugNamed(name);
  if (found) return found;
  const near = BUGS.filter((one) =>
    name.split('-').some((word) => word.length > 3 && one.name.includes(word)),
  );
  const names = (near.length > 0 ? near : BUGS).map((one) => one.name).join(', ');
  throw new InvalidArgumentError(`There is no such bug; there ${near.length === 1 ? 'is' : 'are'} ${names}.`);
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('Write a whole number, 1 or more.');
}
