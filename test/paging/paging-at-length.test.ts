import { describe, expect, it } from 'vitest';
import type { Sent } from '../support/paging-rig.ts';
import { clock, pagingRig } from '../support/paging-rig.ts';
import { realTables } from '../support/real-table.ts';
import { START_MS } from '../support/story.ts';

const freshTable = realTables();

const SECOND = 1 / 60;

describe('carryOut, at length', { timeout: 120_000 }, () => {
  it('tries at 0, 5, 15, 35, 75 s and then each minute, and gives the channel up at the 20th refusal', async () => {
    const rig = pagingRig(await freshTable(), {
      publish: ({ channel }) => (channel === 'sms' ? 'failed' : 'sent'),
    });
    await rig.signal(0, 'cpu', 'alarm');
    await rig.runTo(20);
    const toAna = rig.attempts.filter(({ channel, responder }) => channel === 'sms' && responder === 'ana');
    const tried = toAna.map(({ at }) => clock(at));
    expect(tried.slice(0, 6)).toEqual(['0:00', '0:05', '0:15', '0:35', '1:15', '2:15']);
    expect(tried.at(-1)).toBe('16:15');
    const [sms] = (await rig.alert('cpu')).pages;
    expect(sms).toMatchObject({ status: 'undeliverable', attempt: 20 });
  });
});

describe('takeSlotTurn, at length', { timeout: 120_000 }, () => {
  it('sends what may go although 51 held alerts are in the line, and does not turn without end', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm', { severity: 'warning' });
    const names = Array.from({ length: 51 }, (_, n) => `storm-${n}`);
    for (const name of names) await rig.signal(SECOND, name, 'alarm', { severity: 'warning' });
    for (const name of names) await rig.signal(2 * SECOND, name, 'ok');
    await rig.signal(3 * SECOND, 'last', 'alarm', { severity: 'warning' });
    const before = rig.calls.length;
    await rig.runTo(3);
    expect(rig.messages()).toEqual(['0:00 ana email', '1:00 ana email']);
    expect((await rig.alert('last')).pages.map(({ status }) => status)).toEqual(['sent']);
    expect(rig.calls.length - before).toBeLessThan(51 * 8);
  });

  it('tells of 51 waiting alerts in 1 message, as a storm, and loses none', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm', { severity: 'warning' });
    const names = Array.from({ length: 51 }, (_, n) => `storm-${n}`);
    for (const name of names) await rig.signal(SECOND, name, 'alarm', { severity: 'warning' });
    await rig.runTo(3);
    expect(rig.messages()).toEqual(['0:00 ana email', '1:00 ana email']);
    for (const name of names) expect((await rig.alert(name)).pages[0]?.status).toBe('sent');
  });

  it('tries a bundle that SNS failed again, and gives it up after 20 refusals', async () => {
    const rig = pagingRig(await freshTable(), {
      publish: ({ at, channel }) => (channel === 'sms' && at > START_MS ? 'failed' : 'sent'),
    });
    for (const [n, name] of ['cpu', 'disk', 'memory'].entries()) await rig.signal(n * SECOND, name, 'alarm');
    await rig.runTo(25);
    for (const name of ['disk', 'memory']) {
      expect((await rig.alert(name)).pages[0]).toMatchObject({ channel: 'sms', status: 'undeliverable' });
    }
    expect((await rig.items()).filter(({ sk }) => String(sk).startsWith('waiting#'))).toEqual([]);
  });
});

describe('messages per contact, channel and minute', () => {
  it('is at most 1 in a storm of 20 alerts over 1 minute that flap', async () => {
    const rig = pagingRig(await freshTable());
    for (let n = 0; n < 20; n++) await rig.signal(n * 3 * SECOND, `storm-${n}`, 'alarm');
    for (let n = 0; n < 10; n++) await rig.signal(2 + n * SECOND, `storm-${n}`, 'ok');
    for (let n = 0; n < 5; n++) await rig.signal(3 + n * SECOND, `storm-${n}`, 'alarm');
    await rig.runTo(12);
    for (const message of rig.sent) expect(messagesWithin(rig.sent, message)).toBe(1);
  });
});

function messagesWithin(all: readonly Sent[], { at, responder, channel }: Sent): number {
  return all.filter(
    (other) =>
      other.responder === responder && other.channel === channel && other.at >= at && other.at < at + 60_000,
  ).length;
}
