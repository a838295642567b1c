/**
 * `npm run simulate`: many teams' days in virtual time, with all that can go wrong, and whether everything held.
 * Exits with 1 on a violation, and with 2 when it was asked for something that there is not.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describeStory } from './describe-story.ts';
import { generateStory } from './generate-story.ts';
import { prepareAssemblies } from './prepare-assemblies.ts';
import { readSimulateOptions, type SimulateOptions } from './read-simulate-options.ts';
import { shrinkStory } from './shrink-story.ts';
import { counted, jsonOf, renderTotals, renderViolations, totalOf } from './simulation-report.ts';
import { type StoryTeller, storyTeller } from './story-teller.ts';
import { tellSeeds } from './tell-seeds.ts';
import type { Telling } from './tell-story.ts';

/** So many failing seeds are told of at length, each shrunk for so long. */
const SHRUNK_MOST = 3;
const SHRINK = { runs: 150, forMs: 120_000 };

/** So many stories have a line each; of more there is one now and then. */
const SHOWN_MOST = 20;

// The SDK would print how long it supports Node.js 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const program = new Command('npm run simulate --')
  .description('Stories of seeds in virtual time, against the real code. Nothing leaves the machine.')
  .option('--seeds <count>', 'tells the seeds 0, 1, … (default: 200)')
  .option('--seed <n>', 'tells this one alone')
  .option('--days <count>', 'how long each story is', '7')
  .option('--workers <count>', 'how many are told side by side', String(availableParallelism()))
  .option('--json', 'one line for each seed, and nothing else (npm run -s)')
  .allowExcessArguments()
  .showHelpAfterError('Write --help to see the options that there are.')
  .exitOverride();

const options = readOptions();
if (options) process.exitCode = await simulate(options);

function readOptions(): SimulateOptions | undefined {
  try {
    return readSimulateOptions(program.parse().opts(), program.args);
  } catch (error) {
    const { exitCode = 2, message } = error as { exitCode?: number; message: string };
    // Help is no mistake, and commander has said its own already.
    if (!('exitCode' in (error as object))) process.stderr.write(`simulate: ${message}\n`);
    process.exitCode = exitCode === 0 ? 0 : 2;
    return undefined;
  }
}

async function simulate({ seeds, days, workers, json }: SimulateOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-simulation-'));
  const say = json ? () => undefined : (line: string) => void process.stdout.write(`${line}\n`);
  const startedAt = performance.now();
  const tellers: StoryTeller[] = [];
  // Whoever is told to stop takes its folder along, too.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const side = Math.min(workers, seeds.length);
  say(`${counted(seeds.length, 'story', 'stories')} of ${counted(days, 'day')}, ${side} at a time`);
  try {
    const assemblies = await prepareAssemblies(folder);
    for (let n = side; n > 0; n--) tellers.push(storyTeller(assemblies));
    let told = 0;
    const tellings = await tellSeeds(seeds, days, tellers, (telling) => {
      told += 1;
      if (json) process.stdout.write(`${jsonOf(telling)}\n`);
      else showProgress(telling, told, seeds.length);
    });
    const totals = totalOf(tellings);
    if (!json) {
      const failing = tellings.filter(({ violations }) => violations.length > 0);
      for (const telling of failing.slice(0, SHRUNK_MOST)) await tellWhatFails(telling, tellers[0]!, say);
      for (const line of renderTotals(totals, performance.now() - startedAt)) say(line);
      for (const seed of totals.failingSeeds.slice(SHRUNK_MOST)) say(`  ${rerun(seed, days)}`);
    }
    return totals.failingSeeds.length > 0 ? 1 : 0;
  } finally {
    for (const teller of tellers) teller.end();
  }
}

/** On a terminal one line that is written again; elsewhere a line now and then, and for each violation. */
function showProgress({ seed, alarms, pages, faults, violations }: Telling, told: number, of: number): void {
  if (of <= SHOWN_MOST) {
    const held = violations.length === 0 ? 'everything held' : counted(violations.length, 'violation');
    process.stdout.write(`seed ${seed}: ${alarms} alarms, ${pages} messages, ${faults} faults; ${held}\n`);
    return;
  }
  const line = `${told} of ${of} seeds`;
  if (violations.length > 0) {
    const [{ invariant }] = violations as [Telling['violations'][number]];
    process.stdout.write(`${process.stdout.isTTY ? '\r\x1b[K' : ''}seed ${seed} violates ${invariant}\n`);
  }
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${told === of ? '' : line}`);
  else if (told % 20 === 0 && told < of) process.stdout.write(`${line}\n`);
}

/** The violations, and the shortest story that has one of them. */
async function tellWhatFails(
  { seed, days, violations }: Telling,
  teller: StoryTeller,
  say: (line: string) => void,
): Promise<void> {
  say(`\nseed ${seed}: ${counted(violations.length, 'violation')}`);
  for (const line of renderViolations(violations)) say(line);
  const story = generateStory(seed, days);
  const { invariant } = violations[0]!;
  const until = performance.now() + SHRINK.forMs;
  let found: Telling['violations'] = violations;
  const { story: shortest, runs } = await shrinkStory(
    story,
    async (shorter) => {
      const told = await teller.tell(shorter);
      const same = told.violations.filter((one) => one.invariant === invariant);
      if (same[0] === undefined) return undefined;
      found = same;
      return same[0].at - shorter.startMs;
    },
    { runs: SHRINK.runs, isOver: () => performance.now() > until },
  );
  say(`\n  the shortest story found that violates ${invariant}, in ${runs} runs:`);
  for (const line of describeStory(shortest)) say(`    ${line}`);
  for (const line of renderViolations(found.slice(0, 1))) say(line);
  say(`  again: ${rerun(seed, days)}`);
}

function rerun(seed: number, days: number): string {
  return `npm run simulate -- --seed ${seed}${days === 7 ? '' : ` --days ${days}`}`;
}
