/** The soak itself: alarms come, the world is killed and started again, everything is worked off, and the account is made. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { settleAccounts } from './account.ts';
import { readInbox, readKeptLives } from './kept-rows.ts';
import { judgeMemory, type Sample } from './memory.ts';
import { People } from './people.ts';
import { Queues } from './queues.ts';
import type { SoakOptions } from './read-soak-options.ts';
import { makeReport, type Report } from './report.ts';
import { addKey } from './routing-key.ts';
import { Sender, WEBHOOK_SENDER } from './sender.ts';
import team from './team.ts';
import { openTraffic } from './traffic.ts';
import type { WorldProcess } from './world-process.ts';

const SAMPLE_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

/** What waits after a kill is worked off within this; until then its alarms stay as they are. */
const AFTER_KILL_MS = 30_000;
const BEFORE_KILL_MS = 10_000;

/** Two minutes of quiet, a slot's minute for the last page and one for the notice, and the tick's minute for what a kill left. */
const QUIET_DOWN_MS = 5 * 60_000;

/** A world that fell behind is given so long to catch up; by how much it did, the report says. */
const BACKLOG_MOST_MS = 30 * 60_000;

/** @param keep  what was sent is left in the data folder, too */
export async function runSoak(
  asked: SoakOptions,
  world: WorldProcess,
  { keep }: { keep: boolean },
): Promise<Report> {
  await world.start();
  const queues = new Queues(world.folder);
  const traffic = openTraffic(asked.rate, Date.now());
  const routingKey = addKey(world.folder, WEBHOOK_SENDER);
  const sender = new Sender(
    () => world.url,
    traffic,
    routingKey,
    () => queues.isBehind(asked.rate),
  );
  const people = new People(() => world.url);
  const samples: Sample[] = [];
  const timers = [
    setInterval(() => sample(world, samples), SAMPLE_EVERY_MS),
    setInterval(() => queues.look(), LOOK_EVERY_MS),
  ];
  const beganAt = Date.now();
  const endsAt = beganAt + asked.minutes * 60_000;
  say(`the world is at ${world.url}, its data in ${world.folder}`);
  say(
    `alarms come until ${clock(endsAt)}; then what waits is worked off, and ${QUIET_DOWN_MS / 60_000} minutes of quiet: ` +
      `it ends at ${clock(endsAt + QUIET_DOWN_MS)} or a little later`,
  );

  const killAndEnd = async () => {
    for (let at = beganAt + asked.killEveryMs; at > beganAt && at < endsAt; at += asked.killEveryMs) {
      await sleep(Math.max(0, at - Date.now()));
      const outage = await world.killAndStart();
      traffic.hold(outage.killedAt - BEFORE_KILL_MS, outage.upAt + AFTER_KILL_MS);
      const downS = ((outage.upAt - outage.killedAt) / 1_000).toFixed(1);
      say(`kill ${world.outages.length}: back after ${downS} s; ${progress(sender, queues, samples)}`);
    }
    await sleep(Math.max(0, endsAt - Date.now()));
    sender.end();
    people.end();
  };
  await Promise.all([sender.run(asked.rate), people.run(), killAndEnd()]);
  for (const timer of timers) clearInterval(timer);
  const sentForS = (Date.now() - beganAt) / 1_000;
  const backlog = await queues.both();
  say(`all is sent: ${progress(sender, queues, samples)}; quieting down`);

  // First what waits, however long that takes; then what follows from it in time; then what that has put there.
  for (const part of ['the backlog', 'what followed']) {
    if (!(await queues.untilEmpty(BACKLOG_MOST_MS))) world.complaints.push(`${part} was not worked off`);
    if (part === 'the backlog') await sleep(QUIET_DOWN_MS);
  }
  const endedAt = Date.now();
  await world.stop();

  const { signals, webhooks, repeats } = sender;
  const { folder, outages } = world;
  if (keep) {
    const sent = { signals, webhooks: [...webhooks], outages, endedAt, samples };
    writeFileSync(join(folder, 'soak.json'), JSON.stringify(sent));
  }
  const [lives, inbox] = [await readKeptLives(folder), readInbox(folder)];
  return makeReport({
    asked,
    verdict: settleAccounts({
      ...{ signals, webhooks, lives, inbox, outages, endedAt },
      contacts: contactsOf(),
    }),
    worldComplaints: world.complaints,
    memory: judgeMemory(samples),
    cores: coresOf(samples),
    outages,
    answers: people.answers,
    repeats,
    backlog,
    backlogMost: queues.most,
    rate: signals.length / sentForS,
    minutes: sentForS / 60,
  });
}

function sample(world: WorldProcess, samples: Sample[]): void {
  const usage = world.usage();
  if (!usage || world.startedAt === 0) return;
  samples.push({ life: world.outages.length, ageS: (Date.now() - world.startedAt) / 1_000, ...usage });
}

/** How much of a core the world had while it could be reached: what it used between the first and last sample of each life. */
function coresOf(samples: readonly Sample[]): number {
  let cpuS = 0;
  let ranS = 0;
  for (const [i, { life, ageS, cpuS: used }] of samples.entries()) {
    const before = samples[i - 1];
    if (before?.life !== life) continue;
    cpuS += used - before.cpuS;
    ranS += ageS - before.ageS;
  }
  return cpuS / ranS;
}

function progress(sender: Sender, queues: Queues, samples: readonly Sample[]): string {
  const megabytes = Math.round(samples.at(-1)?.ownMb ?? 0);
  return `${sender.signals.length} signals accepted, ${queues.latest.intake} wait in the queue and ${queues.latest.due} are due, ${megabytes} MB of its own before`;
}

function contactsOf(): Map<string, string> {
  return new Map(
    Object.entries(team.responders).flatMap(([name, { phone, email }]) => [
      [`${name} sms`, String(phone)],
      [`${name} email`, String(email)],
    ]),
  );
}

function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)}Z`;
}

function say(text: string): void {
  process.stderr.write(`${clock(Date.now())}  ${text}\n`);
}
