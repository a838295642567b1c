/**
 * How late people are paged when nobody answers: the local world in real time, its table on disk, every call through a
 * socket, all of it in one process. Twenty alerts escalate within a minute to three people. Late is what comes after its
 * time and after the moment at which the contact may have its next message.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Alert } from '../functions/alerts/alert.ts';
import type { CommandAnswer } from '../functions/console/commands.ts';
import type { OperationsInput } from '../functions/operations/operations-input.ts';
import type { DeliveredMessage } from '../local/aws/topics.ts';
import { type LocalWorld, startLocalWorld } from '../local/start.ts';
import { type Figure, figure, percentile } from './figure.ts';

/** Source: design, Numbers to hold */
const BOUND_MS = 1_000;

/** As many as one process can play AWS for within the second: beyond that, it measures this machine. */
const ALERTS = 20;
const APART_MS = 3_000;
const ESCALATES_AFTER_MS = 60_000;
/** of one contact, publish to publish */
const SLOT_MS = 60_000;

/** Those who came while the slots were taken have their turn within one slot more. */
const RUN_MS = ALERTS * APART_MS + ESCALATES_AFTER_MS + SLOT_MS + 10_000;

const LEVEL_2 = ['ben', 'cleo', 'dev'];
const OPERATIONS: OperationsInput = {
  responders: Object.fromEntries(
    ['ana', ...LEVEL_2].map((name, n) => [
      name,
      { email: `${name}@example.com`, phone: `+120255501${n + 10}` },
    ]),
  ),
  levels: [['ana'], LEVEL_2],
  escalation: {
    critical: {
      steps: [
        { level: 1, afterMinutes: 0 },
        { level: 2, afterMinutes: ESCALATES_AFTER_MS / 60_000 },
      ],
      repeat: [],
    },
  },
};

export async function measureLateness(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-lateness-'));
  const operationsFile = join(folder, 'operations.mjs');
  writeFileSync(operationsFile, `export default ${JSON.stringify(OPERATIONS)};\n`);
  const messages: DeliveredMessage[] = [];
  const local = await startLocalWorld({
    port: 0,
    speed: 1,
    noStory: true,
    operationsFile,
    dataDir: join(folder, 'data'),
    onMessage: (message) => messages.push(message),
  });
  try {
    await letAlarmsFire(local);
    const late = (await listAlerts(local)).flatMap((alert) => lateness(alert, messages));
    const pages = ALERTS * LEVEL_2.length * 2;
    if (late.length !== pages) throw new Error(`${late.length} pages were sent to level 2, not ${pages}`);
    return [
      figure('lateness', percentile(late, 0.99), 'ms', BOUND_MS),
      figure('lateness:median', percentile(late, 0.5), 'ms', null),
      figure('lateness:most', percentile(late, 1), 'ms', null),
    ];
  } finally {
    await local.stop();
    rmSync(folder, { recursive: true });
  }
}

async function letAlarmsFire({ world }: LocalWorld): Promise<void> {
  const startMs = world.nowMs() + 1_000;
  for (let n = 0; n < ALERTS; n++) {
    world.at(startMs + n * APART_MS, () =>
      world.putAlarmState({ alarmName: `alarm-${n}`, state: 'ALARM', reason: 'Threshold Crossed' }),
    );
  }
  await pause(startMs + RUN_MS - world.nowMs());
}

async function listAlerts({ world }: LocalWorld): Promise<Alert[]> {
  const answer = await world.invoke('tocsin-operate', { command: 'list' });
  const { alerts } = (answer as { payload: Extract<CommandAnswer, { alerts: Alert[] }> }).payload;
  return alerts;
}

/** Milliseconds of each page to level 2. */
function lateness({ openedAt, pages }: Alert, messages: readonly DeliveredMessage[]): number[] {
  return pages
    .filter(({ level, status }) => level === 2 && status === 'sent')
    .map(({ responder, channel, settledAt = 0 }) => {
      const received = messages
        .filter((message) => message.channel === channel && message.to === addressOf(responder, channel))
        .filter(({ at }) => at <= settledAt);
      // Settled right after it was published.
      const sentMs = received.at(-1)!.at;
      const slotMs = (received.at(-2)?.at ?? 0) + SLOT_MS;
      return sentMs - Math.max(openedAt + ESCALATES_AFTER_MS, slotMs);
    });
}

function addressOf(responder: string, channel: string): string | undefined {
  const { email, phone } = OPERATIONS.responders[responder]!;
  return channel === 'sms' ? phone : email;
}
