/**
 * `npm run soak`: an hour of alarms in the local world, with a kill -9 every five minutes; then what became of each of them.
 * Exits with 1 when a signal or a page is lost, somebody is told twice, or memory grows.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { parseDuration } from '../../cli/duration.ts';
import { messageOf } from '../../functions/shared/errors.ts';
import { settleAccounts } from './account.ts';
import { readInbox, readKeptLives } from './kept-rows.ts';
import { judgeMemory, type Sample } from './memory.ts';
import { People } from './people.ts';
import { Queues } from './queues.ts';
import { makeReport, render } from './report.ts';
import { addKey } from './routing-key.ts';
import { Sender, WEBHOOK_SENDER } from './sender.ts';
import team from './team.ts';
import { openTraffic } from './traffic.ts';
import { WorldProcess } from './world-process.ts';

// The SDK would print how long it supports Node.js 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const SAMPLE_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

/** What waits after a kill is worked off within this; until then its alarms stay as they are. */
const AFTER_KILL_MS = 30_000;
const BEFORE_KILL_MS = 10_000;

/** Two minutes of quiet, a slot's minute for the last page and one for the notice, and the tick's minute for what a kill left. */
const QUIET_DOWN_MS = 5 * 60_000;

/** A world that fell behind is given so long to catch up; by how much it did, the report says. */
const BACKLOG_MOST_MS = 30 * 60_000;

type Options = { minutes: string; rate: string; killEvery: string; json?: boolean; keep?: boolean };

const program = new Command('npm run soak --')
  .description(
    'Alarms without end in the local world, with a kill -9 now and then. Nothing leaves the machine.',
  )
  .option('--minutes <n>', 'how long alarms come', '60')
  .option('--rate <n>', 'changes of alarms a second', '50')
  .option('--kill-every <duration>', 'kill -9 and start again; 0: never', '5m')
  .option('--json', 'the report as JSON')
  .option('--keep', 'leave the data folder where it is, and what was sent in its soak.json')
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`soak: ${messageOf(error)}\n`);
  process.exitCode = 2;
}

async function run(options: Options): Promise<void> {
  const rate = atLeastOne('--rate', options.rate);
  const durationMs = atLeastOne('--minutes', options.minutes) * 60_000;
  const killEveryMs = parseDuration(options.killEvery, '--kill-every');
  const world = new WorldProcess();
  const samples: Sample[] = [];
  try {
    await world.start();
    say(`the world is at ${world.url}, its data in ${world.folder}`);
    const traffic = openTraffic(rate, Date.now());
    const queues = new Queues(world.folder);
    const routingKey = addKey(world.folder, WEBHOOK_SENDER);
    const sender = new Sender(
      () => world.url,
      traffic,
      routingKey,
      () => queues.latest,
    );
    const people = new People(() => world.url);
    const sampling = setInterval(() => sample(world, samples), SAMPLE_EVERY_MS);
    const watching = setInterval(() => queues.look(), LOOK_EVERY_MS);
    const beganAt = Date.now();
    const work = [sender.run(rate), people.run()];

    for (let kill = 1; killEveryMs > 0 && kill * killEveryMs < durationMs; kill++) {
      await sleep(beganAt + kill * killEveryMs - Date.now());
      say(`kill ${kill}: ${queues.latest} wait in the queue`);
      const { killedAt, upAt } = await world.killAndStart();
      traffic.hold(killedAt - BEFORE_KILL_MS, upAt + AFTER_KILL_MS);
      say(
        `kill ${kill}: back after ${((upAt - killedAt) / 1_000).toFixed(1)} s; ${progress(sender, samples)}`,
      );
    }
    await sleep(Math.max(0, beganAt + durationMs - Date.now()));
    const sentForS = (Date.now() - beganAt) / 1_000;
    sender.end();
    people.end();
    await Promise.all(work);
    const backlog = await queues.waiting('tocsin-intake');
    say(`all is sent, ${progress(sender, samples)}, ${backlog} wait in the queue; quieting down`);
    clearInterval(sampling);
    clearInterval(watching);
    // First what waits, however long that takes; then what follows from it in time; then what that has put there.
    for (const part of ['the backlog', 'what followed']) {
      if (!(await queues.untilEmpty(BACKLOG_MOST_MS))) world.complaints.push(`${part} was not worked off`);
      if (part === 'the backlog') await sleep(QUIET_DOWN_MS);
    }
    const endedAt = Date.now();
    await world.stop();

    const { signals, webhooks } = sender;
    const { folder, outages } = world;
    if (options.keep) {
      const sent = { signals, webhooks: [...webhooks], outages, endedAt, samples };
      writeFileSync(join(folder, 'soak.json'), JSON.stringify(sent));
    }
    const [lives, inbox] = [await readKeptLives(folder), readInbox(folder)];
    const verdict = settleAccounts({
      ...{ signals, webhooks, lives, inbox, outages, endedAt },
      contacts: contactsOf(),
    });
    verdict.complaints.push(...world.complaints);
    const report = makeReport({
      verdict,
      memory: judgeMemory(samples),
      outages,
      answers: people.answers,
      repeats: sender.repeats,
      backlog,
      rate: sender.signals.length / sentForS,
      minutes: sentForS / 60,
    });
    process.stdout.write(
      options.json ? `${JSON.stringify(report, null, 2)}\n` : `${render(report).join('\n')}\n`,
    );
    process.exitCode = report.complaints.length > 0 ? 1 : 0;
  } finally {
    await world.stop('SIGKILL');
    if (!options.keep) world.removeFolder();
  }
}

function sample(world: WorldProcess, samples: Sample[]): void {
  const usage = world.usage();
  if (!usage || world.startedAt === 0) return;
  samples.push({ life: world.outages.length, ageS: (Date.now() - world.startedAt) / 1_000, ...usage });
}

function progress(sender: Sender, samples: readonly Sample[]): string {
  return `${sender.signals.length} signals accepted, ${Math.round(samples.at(-1)?.residentMb ?? 0)} MB resident`;
}

function contactsOf(): Map<string, string> {
  return new Map(
    Object.entries(team.responders).flatMap(([name, { phone, email }]) => [
      [`${name} sms`, String(phone)],
      [`${name} email`, String(email)],
    ]),
  );
}

function atLeastOne(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`${option} ${text}: give a whole number from 1`);
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
}
