/**
 * Prometheus Alertmanager on the same machine in the same run: the same alerts in, one notification out for each.
 * How soon the first one comes, how many alerts a core carries, what 100,000 open alerts hold in memory.
 * What is compared, and what bounds ours: docs/load.md.
 */
import { fork } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { defineOperations } from '../functions/operations/define-operations.ts';
import { serializeOperations } from '../functions/operations/load-operations.ts';
import { assemblyOf } from '../local/assembly-cache.ts';
import { itemSizeBytes } from '../local/dynamodb/attribute-value.ts';
import { createVirtualWorld } from '../local/virtual-world.ts';
import { alertOf, queueRecord } from './alertmanager-alert.ts';
import type { HandlerLoad } from './alertmanager-handler.ts';
import { Alertmanager, isInstalled } from './alertmanager-process.ts';
import { LocalWorldProcess } from './alertmanager-world-process.ts';
import { type Figure, figure, median, medianRatio, monotonicMs } from './figure.ts';
import { usageOf } from './linux-process.ts';
import { answerOf, start } from './process.ts';
import { environmentAt, type Workshop } from './workshop.ts';

const WARM_UP_ROUNDS = 40;
const ROUNDS = 100;

/** Enough for the resolution of Linux's processor time, 10 ms, to be below a hundredth. */
const LOAD_ALERTS = 5_000;
const LOAD_BATCH = 50;
/** The local world is AWS and Tocsin in one process: it takes its time. */
const WORLD_ALERTS = 1_000;

const OPEN_ALERTS = 100_000;
const OPEN_BATCH = 1_000;
/** Ours are counted for so many, each has rows of its own, and taken times a hundred. */
const COUNTED_ALERTS = 1_000;
/** Until Go has given back what the loading took. */
const SETTLE_MS = 10_000;

/** One message for each alert: with a phone alone, where there would be two. */
const INPUT = { responders: { ana: { name: 'Ana Ruiz', phone: '+12025550101' } } };
const OPERATIONS = defineOperations(INPUT);

export async function measureAlertmanager(workshop: Workshop): Promise<Figure[]> {
  if (!isInstalled()) {
    console.error('alertmanager: left out, it is not installed: apt-get install prometheus-alertmanager');
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-alertmanager-'));
  try {
    return [...(await measureFirstNotification(folder)), ...(await measureLoad(workshop, folder))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One fresh alert at a time, to each in turn, over HTTP; until its notification is there. */
async function measureFirstNotification(folder: string): Promise<Figure[]> {
  const alertmanager = await Alertmanager.start(folder, '...');
  const world = await LocalWorldProcess.start(operationsFile(folder), join(folder, 'world'));
  const theirMs: number[] = [];
  const ourMs: number[] = [];
  try {
    for (let n = 0; n < WARM_UP_ROUNDS + ROUNDS; n++) {
      const theirs = () => timeOne(alertmanager, n);
      const ours = () => timeOne(world, n);
      // Each goes first as often as the other.
      const [first, second] = n % 2 === 0 ? [theirs, ours] : [ours, theirs];
      const times = [await first(), await second()];
      await world.idle();
      await world.freeSlot();
      if (n < WARM_UP_ROUNDS) continue;
      theirMs.push(times[n % 2]!);
      ourMs.push(times[1 - (n % 2)]!);
    }
  } finally {
    await Promise.all([alertmanager.stop(), world.stop()]);
  }
  return [
    figure('alertmanager:first-notification', medianRatio(ourMs, theirMs), 'ratio', null),
    figure('alertmanager:first-notification:ours', median(ourMs), 'ms', null),
    figure('alertmanager:first-notification:theirs', median(theirMs), 'ms', null),
  ];
}

async function timeOne(side: Alertmanager | LocalWorldProcess, n: number): Promise<number> {
  const notification = side.notified(n);
  const alert = alertOf(n);
  const startedMs = monotonicMs();
  await side.post([alert]);
  return (await notification) - startedMs;
}

/** Processor time for each alert, one notification for each; of the local world, where one message tells of all. */
async function measureLoad(workshop: Workshop, folder: string): Promise<Figure[]> {
  const theirS = await loadAlertmanager(folder);
  const { cpuS: ourS, residentMb } = await loadHandler(workshop, folder);
  const worldS = await loadWorld(folder);
  const perCore = (cpuS: number, alerts = LOAD_ALERTS) => alerts / cpuS;
  return [
    figure('alertmanager:alerts-per-core', perCore(ourS) / perCore(theirS), 'ratio', null),
    figure('alertmanager:alerts-per-core:ours', perCore(ourS), 'alerts/s', null),
    figure('alertmanager:alerts-per-core:theirs', perCore(theirS), 'alerts/s', null),
    figure('alertmanager:alerts-per-core:local-world', perCore(worldS, WORLD_ALERTS), 'alerts/s', null),
    ...(await measureMemory(folder, residentMb)),
  ];
}

async function loadAlertmanager(folder: string): Promise<number> {
  const alertmanager = await Alertmanager.start(folder, '...');
  try {
    const before = usageOf(alertmanager.pid).cpuS;
    for (let n = 0; n < LOAD_ALERTS; n += LOAD_BATCH) await alertmanager.post(batch(n, LOAD_BATCH));
    await alertmanager.notified(LOAD_ALERTS - 1);
    return usageOf(alertmanager.pid).cpuS - before;
  } finally {
    await alertmanager.stop();
  }
}

/** Intake's bundle with a phone alone. AWS is played by another process. */
async function loadHandler(workshop: Workshop, folder: string): Promise<HandlerLoad> {
  const directory = join(folder, 'intake');
  mkdirSync(directory);
  copyFileSync(workshop.bundles.intake.real, join(directory, 'index.mjs'));
  writeFileSync(join(directory, 'operations.json'), serializeOperations(OPERATIONS));
  const stub = start(workshop.awsStub, [], {});
  try {
    const address = `http://127.0.0.1:${await answerOf<number>(stub)}`;
    const args = [join(directory, 'index.mjs'), String(LOAD_ALERTS)];
    const handler = fork(workshop.alertmanagerHandler, args, {
      env: environmentAt(address),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    return await answerOf<HandlerLoad>(handler);
  } finally {
    stub.disconnect();
  }
}

async function loadWorld(folder: string): Promise<number> {
  const world = await LocalWorldProcess.start(operationsFile(folder), join(folder, 'loaded-world'));
  try {
    const before = usageOf(world.pid).cpuS;
    for (let n = 0; n < WORLD_ALERTS; n += LOAD_BATCH) await world.post(batch(n, LOAD_BATCH));
    // The first alert at once, all others as one message a minute later.
    await world.notified(1);
    await world.idle();
    return usageOf(world.pid).cpuS - before;
  } finally {
    await world.stop();
  }
}

/**
 * Theirs: the process. Ours: a function's process, which holds none of them, and the rows that they have in the table,
 * as if DynamoDB held these in memory.
 */
async function measureMemory(folder: string, functionMb: number): Promise<Figure[]> {
  const theirMb = await openInAlertmanager(folder);
  const rowsMb = await openInTable();
  return [
    figure('alertmanager:open-100000', (functionMb + rowsMb) / theirMb, 'ratio', null),
    figure('alertmanager:open-100000:ours-function', functionMb, 'MB', null),
    figure('alertmanager:open-100000:ours-rows', rowsMb, 'MB', null),
    figure('alertmanager:open-100000:theirs', theirMb, 'MB', null),
  ];
}

async function openInAlertmanager(folder: string): Promise<number> {
  const alertmanager = await Alertmanager.start(folder, 'service');
  try {
    for (let n = 0; n < OPEN_ALERTS; n += OPEN_BATCH) await alertmanager.post(batch(n, OPEN_BATCH));
    await pause(SETTLE_MS);
    return usageOf(alertmanager.pid).residentMb;
  } finally {
    await alertmanager.stop();
  }
}

/** All rows that alerts have when everybody knows of them, as DynamoDB counts bytes. */
async function openInTable(): Promise<number> {
  const startMs = Date.UTC(2026, 2, 2, 3);
  const world = await createVirtualWorld({ assembly: await assemblyOf(OPERATIONS), startMs });
  for (let n = 0; n < COUNTED_ALERTS; n++) {
    world.at(startMs, () => void world.queue('tocsin-intake').send(queueRecord(n).body));
  }
  await world.advanceTo(startMs + 14 * 60_000);
  const table = world.functions.map(({ env }) => env.TABLE_NAME).find((name) => name !== undefined);
  const bytes = world.tables.items(table!).reduce((sum, item) => sum + itemSizeBytes(item), 0);
  return ((bytes / COUNTED_ALERTS) * OPEN_ALERTS) / 1024 / 1024;
}

function batch(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => alertOf(from + i));
}

function operationsFile(folder: string): string {
  const file = join(folder, 'operations.mjs');
  writeFileSync(file, `export default ${JSON.stringify(INPUT)};\n`);
  return file;
}
