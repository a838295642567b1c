import { beforeAll, describe, expect, it } from 'vitest';
import { giveAnswer } from '../../functions/console/give-answer.ts';
import { alertId } from '../../functions/shared/table.ts';
import { clock, type Fault, pagingRig, type Rig, type Sent } from '../support/paging-rig.ts';
import { memoryTableOfTest, memoryTableWith } from '../support/real-table.ts';
import { MINUTE_MS, START_MS } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

const SECOND = 1 / 60;

/** `storm-0` … of two services, two in three of checkout. */
const stormOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    name: `storm-${n}`,
    service: n % 3 === 2 ? 'search' : 'checkout',
  }));

/** A first alert takes Ana's slots; so many others come while they are taken. Warnings go by email alone. */
async function storm(
  count: number,
  options: Parameters<typeof pagingRig>[1] & { severity?: 'critical' | 'warning' } = {},
): Promise<Rig> {
  const { severity = 'critical', ...rest } = options;
  const rig = pagingRig(await memoryTableOfTest(), rest);
  await rig.signal(0, 'first', 'alarm', { severity });
  for (const { name, service } of stormOf(count)) {
    await rig.signal(SECOND, name, 'alarm', { service, severity });
  }
  return rig;
}

/** Which alerts have what on their pages: `sent sent` of 60. */
async function statuses(rig: Rig, count: number): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { name } of stormOf(count)) {
    const pages = (await rig.alert(name)).pages.map(({ status }) => status).join(' ');
    found[pages] = (found[pages] ?? 0) + 1;
  }
  return found;
}

const waitingRows = async (rig: Rig) =>
  (await rig.items()).filter(({ sk }) => String(sk).startsWith('waiting#'));

const bySms = (rig: Rig) => rig.sent.filter(({ channel }) => channel === 'sms');

/** Does something once, right after the second message was published and before anything of it is settled. */
async function afterStorm(rig: Rig, act: () => Promise<unknown>): Promise<void> {
  const { send } = rig.ports.sender;
  rig.ports.sender.send = async (contact, message) => {
    const result = await send(contact, message);
    if (rig.sent.length === 2) await act();
    return result;
  };
}

/** The most that one contact and channel had within a minute. */
function mostPerMinute(messages: readonly Sent[]): number {
  const counts = messages.map(
    ({ at, responder, channel }) =>
      messages.filter(
        (other) =>
          other.responder === responder &&
          other.channel === channel &&
          other.at >= at &&
          other.at < at + MINUTE_MS,
      ).length,
  );
  return Math.max(...counts);
}

describe('a storm', () => {
  it('of 1,100 alerts, more than one query reads, is one message, and every page is settled as sent by it at once', {
    timeout: 180_000,
  }, async () => {
    const rig = await storm(1_100, { severity: 'warning' });
    await rig.runTo(2);
    expect(rig.messages()).toEqual(['0:00 ana email', '1:00 ana email']);
    expect(rig.sent[1]!.subject).toBe('WARNING STORM: 1,100 alerts: checkout 734, search 366');
    expect(await statuses(rig, 1_100)).toEqual({ sent: 1_100 });
    const { pages } = await rig.alert('storm-1099');
    expect(pages.map(({ settledAt }) => clock(settledAt!))).toEqual(['1:00']);
    expect(await waitingRows(rig)).toEqual([]);
    expect(rig.failures).toEqual([]);
    expect(rig.warnings).toEqual([]);
  });

  it('is one message to each contact: the SMS holds severity, numbers, services and the link', async () => {
    const rig = await storm(60);
    await rig.runTo(3);
    expect(rig.messages().sort()).toEqual([
      '0:00 ana email',
      '0:00 ana sms',
      '1:00 ana email',
      '1:00 ana sms',
    ]);
    expect(bySms(rig)[1]!.body).toMatch(
      /^CRITICAL STORM: 60 alerts: checkout 40, search 20\nhttps:\/\/answer\.example\.com\/a\/[\w-]{22}$/,
    );
  });

  it('of 60 has an email that counts all and lists the worst 50', async () => {
    const rig = await storm(60);
    await rig.runTo(3);
    const email = rig.sent.filter(({ channel }) => channel === 'email')[1]!;
    expect(email.subject).toBe('CRITICAL STORM: 60 alerts: checkout 40, search 20');
    expect(email.body).toContain('\n  40 checkout\n  20 search\n\nThe worst 50 of them:\n');
    expect(email.body.match(/^CRITICAL (checkout|search): storm-\d+$/gm)).toHaveLength(50);
    expect(await statuses(rig, 60)).toEqual({ 'sent sent': 60 });
    expect((await rig.ports.slots.read({ responder: 'ana', channel: 'sms' }))?.told).toBeUndefined();
  });

  it('of 51 is one; 50 are a bundle that lists all', async () => {
    const bundle = await storm(50);
    await bundle.runTo(2);
    expect(bySms(bundle)[1]!.body).toContain('CRITICAL 34 alerts in checkout, 16 in search since 03:00Z');
    const one = await storm(51);
    await one.runTo(2);
    expect(bySms(one)[1]!.body).toContain('CRITICAL STORM: 51 alerts: checkout 34, search 17');
  });

  it('tells the worst severity, and lists critical alerts that came after 60 warnings', async () => {
    const rig = pagingRig(await memoryTableOfTest());
    await rig.signal(0, 'first', 'alarm', { severity: 'warning' });
    for (const { name } of stormOf(60)) await rig.signal(SECOND, name, 'alarm', { severity: 'warning' });
    await rig.signal(2 * SECOND, 'worst', 'alarm');
    await rig.runTo(2);
    const email = rig.sent.filter(({ channel }) => channel === 'email')[1]!;
    expect(email.subject).toBe('CRITICAL STORM: 61 alerts');
    expect(email.body).toContain('CRITICAL worst\n');
  });

  it('is not told of again: an alert that comes as its message goes out has the next minute, on its own', async () => {
    const rig = await storm(250, { severity: 'warning' });
    await afterStorm(rig, () => rig.arrive('later', 'alarm', { severity: 'warning' }));
    await rig.runTo(4);
    expect(rig.sent.map(({ at }) => clock(at))).toEqual(['0:00', '1:00', '2:00']);
    expect(rig.sent[1]!.subject).toContain('250 alerts');
    expect(rig.sent[2]!.subject).toBe('WARNING later since 03:01Z');
    expect(await statuses(rig, 250)).toEqual({ sent: 250 });
  });

  it('leaves to the next message what comes within the second before it', async () => {
    const rig = await storm(60);
    await rig.signal(1 - SECOND / 2, 'late', 'alarm');
    await rig.runTo(4);
    expect(bySms(rig)[1]!.body).toContain('60 alerts');
    expect(bySms(rig)[2]!.body).toContain('CRITICAL late');
    expect(await statuses(rig, 60)).toEqual({ 'sent sent': 60 });
  });

  it('lists 50 critical alerts of the last second alone, and then all the others, 60 warnings before them included', async () => {
    const rig = pagingRig(await memoryTableOfTest());
    await rig.signal(0, 'first', 'alarm', { severity: 'warning' });
    for (const { name } of stormOf(60)) await rig.signal(SECOND, name, 'alarm', { severity: 'warning' });
    const late = Array.from({ length: 101 }, (_, n) => `late-${n}`);
    for (const name of late) await rig.signal(1 - SECOND / 2, name, 'alarm', { severity: 'critical' });
    await rig.runTo(4);
    const subjects = rig.sent.filter(({ channel }) => channel === 'email').map(({ subject }) => subject);
    expect(subjects.slice(1)).toEqual(['CRITICAL 50 alerts since 03:00Z', 'CRITICAL STORM: 111 alerts']);
    for (const name of late) expect((await rig.alert(name)).paged).toEqual([{ responder: 'ana', level: 1 }]);
    expect(await waitingRows(rig)).toEqual([]);
  });

  it('of 80 of which 40 recovered and 30 were acknowledged tells of the 10 others', async () => {
    const rig = await storm(80);
    for (const { name } of stormOf(40)) await rig.signal(0.5, name, 'ok');
    for (const { name } of stormOf(70).slice(40)) await rig.answer(0.6, name, 'acknowledge', 'ben');
    await rig.runTo(2);
    expect(bySms(rig)[1]!.body).toContain('CRITICAL 7 alerts in checkout, 3 in search');
    expect(await statuses(rig, 80)).toEqual({ 'owed owed': 40, 'dropped dropped': 30, 'sent sent': 10 });
    expect(await waitingRows(rig)).toEqual([]);
  });

  it('of 250 of which 100 are acknowledged as its message goes out drops those, and settles the others', async () => {
    const rig = await storm(250, { severity: 'warning' });
    await afterStorm(rig, async () => {
      for (const { name } of stormOf(100)) await giveAnswer(alertId(name), 'acknowledge', 'ben', rig.ports);
    });
    await rig.runTo(3);
    expect(rig.sent).toHaveLength(2);
    expect(await statuses(rig, 250)).toEqual({ dropped: 100, sent: 150 });
    expect(await waitingRows(rig)).toEqual([]);
  });

  it('counts each message that SNS refuses', async () => {
    const rig = await storm(3, {
      publish: ({ channel, at }) => (channel === 'sms' && at < START_MS + 90_000 ? 'failed' : 'sent'),
    });
    const refused = () => rig.attempts.length - rig.sent.length;
    const before = refused();
    let failed = 0;
    rig.ports.countFailedSend = () => {
      failed += 1;
    };
    await rig.runTo(3);
    expect(failed).toBe(refused() - before);
    expect(failed).toBeGreaterThan(0);
  });

  it('of 60 that SNS refuses for a minute is told when it takes messages again', async () => {
    const rig = await storm(60, {
      publish: ({ at }) => (at > START_MS && at < START_MS + 2 * MINUTE_MS ? 'failed' : 'sent'),
    });
    await rig.runTo(6);
    expect(await statuses(rig, 60)).toEqual({ 'sent sent': 60 });
    expect(mostPerMinute(rig.sent)).toBe(1);
    expect(bySms(rig).length).toBeLessThanOrEqual(4);
  });

  it('of 120 that can never be delivered by SMS and email goes to level 2, as a storm', async () => {
    const rig = await storm(120, {
      publish: ({ responder, at }) => (responder === 'ana' && at > START_MS ? 'undeliverable' : 'sent'),
    });
    await rig.runTo(5);
    const toBen = bySms(rig).filter(({ responder }) => responder === 'ben');
    expect(toBen.map(({ at }) => clock(at))).toEqual(['1:00', '2:00']);
    expect(toBen[1]!.body).toContain('STORM');
    expect(await statuses(rig, 120)).toEqual({ 'undeliverable undeliverable sent sent': 120 });
  });

  it('that is over is told in one email to each who was paged', async () => {
    const rig = await storm(120);
    await rig.runTo(2);
    for (const { name } of stormOf(120)) await rig.signal(3, name, 'ok');
    await rig.runTo(12);
    const emails = rig.sent.filter(({ at }) => at > START_MS + 2 * MINUTE_MS);
    expect(emails.map(({ subject }) => subject.replace(/ since.*/, ''))).toEqual([
      expect.stringMatching(/^CRITICAL resolved: (checkout|search): storm-\d+$/),
      expect.stringMatching(/^CRITICAL resolved: 119 alerts: checkout (79|80), search (39|40)$/),
    ]);
    expect(await waitingRows(rig)).toEqual([]);
  });
});

describe('a storm beside a window that has begun', () => {
  it('of 60 in maintenance since half a minute tells nobody, though no alert knows of it yet', async () => {
    const rig = await storm(60);
    await rig.runTo(0.5);
    const window = {
      id: 'abc123',
      hold: 'maintenance' as const,
      match: {},
      reason: 'upgrade',
      by: 'cli:ana',
      from: rig.at(),
      until: rig.at() + 60 * MINUTE_MS,
    };
    await rig.ports.situation.change((situation) => ({ ...situation, windows: [window] }));
    await rig.runTo(3);
    expect(rig.messages().sort()).toEqual(['0:00 ana email', '0:00 ana sms']);
    expect(await statuses(rig, 60)).toEqual({ 'owed owed': 60 });
    expect((await rig.alert('storm-7')).holds.maintenance).toMatchObject({ until: window.until });
  });
});

describe('what goes on after a hold', () => {
  it('is one message a few seconds later, which says why it comes now', async () => {
    const window = {
      id: 'upgrade',
      hold: 'maintenance' as const,
      match: {},
      reason: 'upgrade',
      kind: 'once' as const,
      from: START_MS,
      until: START_MS + 10 * MINUTE_MS,
    };
    const rig = pagingRig(await memoryTableOfTest(), { operations: { ...fourLevels, windows: [window] } });
    for (const { name, service } of stormOf(7)) await rig.signal(SECOND, name, 'alarm', { service });
    await rig.runTo(12);
    expect(rig.messages().sort()).toEqual(['10:05 ana email', '10:05 ana sms']);
    expect(bySms(rig)[0]!.body).toContain(
      'CRITICAL after maintenance: 5 alerts in checkout, 2 in search since 03:00Z',
    );
    const email = rig.sent.find(({ channel }) => channel === 'email')!;
    expect(email.body).toContain('The maintenance has ended. This is what still fires.');
    expect(await statuses(rig, 7)).toEqual({ 'sent sent': 7 });
  });
});

describe('the rows that a delivery report is read by', () => {
  it('name the page of a text message, and the first 50 of a storm’s; email has none', async () => {
    const rig = await storm(60);
    await rig.runTo(3);
    const rows = (await rig.items()).filter(({ pk }) => String(pk).startsWith('message#'));
    expect(rows).toHaveLength(2);
    const found = await Promise.all(
      rows.map(({ pk }) => rig.ports.messages.read(String(pk).slice('message#'.length))),
    );
    const [single, whole] = found.sort((a, b) => a!.at - b!.at);
    expect(single).toMatchObject({
      responder: 'ana',
      channel: 'sms',
      at: START_MS,
      pages: [{ alert: alertId('first'), openedAt: START_MS, page: '1' }],
    });
    expect(whole).toMatchObject({ storm: true, at: START_MS + MINUTE_MS });
    expect(whole!.pages).toHaveLength(50);
    expect(rows[0]!.expiresAtEpochS).toBe(START_MS / 1000 + 7 * 24 * 3600);
  });
});

describe('a fault in a slot’s turn, in a storm of 51', () => {
  const COUNT = 51;
  let before: Record<string, unknown>[];
  beforeAll(async () => {
    before = await (await storm(COUNT, { severity: 'warning' })).items();
  }, 60_000);

  /** The minute in which the storm is told, from the rows as they stood before it. */
  async function story(faultAt = 0, fault?: Fault): Promise<Rig> {
    const rig = pagingRig(await memoryTableWith(before), {
      fault: (call) => (call === faultAt ? fault : undefined),
    });
    await rig.runTo(4);
    return rig;
  }

  it('loses nothing whichever call the worker dies at, and repeats at most the one message', {
    timeout: 300_000,
  }, async () => {
    const { calls, sent } = await story();
    expect(sent).toHaveLength(1);
    // Of calls that are made for each alert the first and the last.
    const places = calls.flatMap((name, n) =>
      [calls.indexOf(name), calls.lastIndexOf(name)].includes(n) ? [{ call: n + 1, name }] : [],
    );
    expect(new Set(places.map(({ name }) => name)).size).toBeGreaterThan(9);
    for (const { call, name } of places) {
      for (const at of ['before', 'after'] as const) {
        const rig = await story(call, { at, worker: 'dies' });
        const where = `${at} ${call} ${name}`;
        expect([where, await statuses(rig, COUNT)]).toEqual([where, { sent: COUNT }]);
        expect([where, await waitingRows(rig)]).toEqual([where, []]);
        expect([where, (await rig.due(rig.at())).length]).toEqual([where, 0]);
        // Only between the publish and the slot's knowing of it.
        const mayRepeat = at === 'after' ? name === 'sender.send' : name === 'slots.noteSent';
        expect([where, rig.sent.length]).toEqual([where, mayRepeat ? 2 : 1]);
      }
    }
  });
});
