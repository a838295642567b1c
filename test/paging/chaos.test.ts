import { describe, expect, it } from 'vitest';
import { isActive } from '../../functions/alerts/alert-draft.ts';
import { alertId } from '../../functions/shared/table.ts';
import { type Fault, pagingRig, type Rig } from '../support/paging-rig.ts';
import { randomOf } from '../support/random.ts';
import { memoryTableOfTest } from '../support/real-table.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';

const NAMES = ['cpu', 'disk', 'memory', 'network', 'queue'];

/** Nothing fails any more from here on. */
const FAULTS_UNTIL_MINUTE = 5;
const END_MINUTE = 12;

/**
 * Five alarms that fire, recover and are answered at random moments of 4 minutes, by workers side by side.
 * @param faultRate  of all calls in the first 5 minutes
 */
async function randomStory(seed: number, faultRate: number) {
  const random = randomOf(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  let faults = 0;
  const rig: Rig = pagingRig(await memoryTableOfTest(), {
    fault: (): Fault | undefined => {
      if (rig.at() >= START_MS + FAULTS_UNTIL_MINUTE * MINUTE_MS || random() >= faultRate) return undefined;
      faults += 1;
      return { at: pick(['before', 'after']), worker: pick(['dies', 'lives']) };
    },
  });
  for (const name of NAMES) await rig.signal(0.01 * NAMES.indexOf(name), name, 'alarm');
  const moments = Array.from({ length: 10 }, () => 0.1 + random() * 3.9).sort((a, b) => a - b);
  for (const minute of moments) {
    const name = pick(NAMES);
    const deed = pick(['alarm', 'alarm', 'ok', 'deleted', 'acknowledge', 'escalate', 'resolve'] as const);
    if (deed === 'alarm' || deed === 'ok' || deed === 'deleted') await rig.signal(minute, name, deed);
    else await rig.answer(minute, name, deed, pick(['ana', 'ben']));
  }
  await rig.runTo(END_MINUTE);
  return { rig, faults };
}

/** Nobody waits for anything that is not due later, and whoever had to be paged was. */
async function expectSettled(rig: Rig): Promise<void> {
  const items = await rig.items();
  expect((await rig.due(rig.at())).length).toBe(0);
  for (const name of NAMES) {
    const alert = await rig.alert(name);
    const held = alert.holds.recovering !== undefined;
    const open = alert.pages.filter((page) => isActive(page) && !(held && page.status === 'owed'));
    expect(open).toEqual([]);
    expect(items.filter(({ alertId: waits }) => waits === alert.id)).toEqual([]);
    if (alert.status === 'resolved') {
      expect(await rig.ports.alerts.readEnded(alert.id, alert.openedAt)).toBeDefined();
    } else if (alert.status === 'triggered' && !held) {
      const paged = alert.pages.filter(({ kind, status }) => kind === 'page' && status === 'sent');
      expect(new Set(paged.map(({ channel }) => channel))).toEqual(new Set(['sms', 'email']));
    }
  }
}

/** The timeline claims no message that nobody was sent. */
async function expectHonest(rig: Rig): Promise<void> {
  const told = new Map<string, number>();
  const count = (key: string, by: number) => told.set(key, (told.get(key) ?? 0) + by);
  for (const { responder, channel, body } of rig.sent) {
    const link = await rig.ports.links.read(/\/a\/([\w-]{22})/.exec(body)![1]!);
    for (const { id } of link!.alerts) count(`${id} ${responder} ${channel}`, 1);
  }
  for (const name of NAMES) {
    for (const { event, responder, channel } of await rig.timeline(name)) {
      if (event.endsWith('.sent')) count(`${alertId(name)} ${responder} ${channel}`, -1);
    }
  }
  expect([...told].filter(([, surplus]) => surplus < 0)).toEqual([]);
}

describe('random stories', () => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    'settles after 1 call in 10 failed for 5 minutes, seed %i',
    async (seed) => {
      const { rig, faults } = await randomStory(seed, 0.1);
      expect(faults).toBeGreaterThan(0);
      await expectSettled(rig);
      await expectHonest(rig);
    },
  );
  it.each(Array.from({ length: 10 }, (_, seed) => seed + 100))(
    'sends nothing twice within a minute to one contact without a fault, seed %i',
    async (seed) => {
      const { rig } = await randomStory(seed, 0);
      expect(rig.failures).toEqual([]);
      await expectSettled(rig);
      for (const { at, responder, channel } of rig.sent) {
        const near = rig.sent.filter(
          (other) =>
            other.responder === responder &&
            other.channel === channel &&
            other.at >= at &&
            other.at < at + MINUTE_MS,
        );
        expect(near).toHaveLength(1);
      }
    },
  );
});
