import { describe, expect, it } from 'vitest';
import { alertId, keys } from '../../functions/shared/table.ts';
import type { Fault, Rig } from '../support/paging-rig.ts';
import { clock, pagingRig } from '../support/paging-rig.ts';
import { realTables } from '../support/real-table.ts';
import { START_MS } from '../support/story.ts';

const freshTable = realTables();

const SECOND = 1 / 60;
const bySms = (messages: string[]) => messages.filter((message) => message.endsWith('sms'));

describe('carryOut', () => {
  it('sends the first page by SMS and email within the call that opened the alert', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm');
    expect(rig.messages().sort()).toEqual(['0:00 ana email', '0:00 ana sms']);
    const alert = await rig.alert('cpu');
    expect(alert.pages.map(({ status }) => status)).toEqual(['sent', 'sent']);
    expect(alert.paged).toEqual([{ responder: 'ana', level: 1 }]);
    expect(clock(alert.dueAt!)).toBe('15:00');
  });

  it('has a link in the SMS that reads back as this responder’s and this alert’s, and is stored hashed', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm');
    const sms = rig.sent.find(({ channel }) => channel === 'sms')!;
    const token = /\/a\/([\w-]{22})/.exec(sms.body)![1]!;
    const { id } = await rig.alert('cpu');
    expect(await rig.ports.links.read(token)).toMatchObject({
      responder: 'ana',
      alerts: [{ id, openedAt: START_MS }],
    });
    expect(JSON.stringify(await rig.items())).not.toContain(token);
  });

  it('tells of the resolve by email alone, and copies the life out of the item', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm');
    await rig.signal(5, 'cpu', 'ok');
    await rig.runTo(20);
    expect(rig.messages().slice(2)).toEqual(['10:00 ana email']);
    const alert = await rig.alert('cpu');
    expect(alert).toMatchObject({ status: 'resolved', endedCopied: true });
    expect(alert.dueAt).toBeUndefined();
    expect(await rig.ports.alerts.readEnded(alert.id, START_MS)).toMatchObject({ status: 'resolved' });
    expect(await rig.due(Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it('tries a page that SNS failed again after 5 s', async () => {
    const rig = pagingRig(await freshTable(), {
      publish: ({ channel, at }) => (channel === 'sms' && at < START_MS + 4_000 ? 'failed' : 'sent'),
    });
    await rig.signal(0, 'cpu', 'alarm');
    await rig.runTo(1);
    expect(rig.messages()).toEqual(['0:00 ana email', '0:05 ana sms']);
  });

  it('never gives a channel up for faults of the table: 8 claims of the slot fail, the page goes out after', async () => {
    const claims: number[] = [];
    const rig: Rig = pagingRig(await freshTable(), {
      fault: (call): Fault | undefined => {
        if (rig.calls[call - 1] !== 'slots.claim') return undefined;
        return claims.push(call) <= 16 ? { at: 'before', worker: 'lives' } : undefined;
      },
    });
    await rig.signal(0, 'cpu', 'alarm');
    await rig.runTo(8);
    expect(
      rig
        .messages()
        .map((message) => message.replace(/^\S+ /, ''))
        .sort(),
    ).toEqual(['ana email', 'ana sms']);
    expect((await rig.alert('cpu')).pages.map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  it('pages level 2 at once when nobody of level 1 can be reached', async () => {
    const rig = pagingRig(await freshTable(), {
      publish: ({ responder }) => (responder === 'ana' ? 'undeliverable' : 'sent'),
    });
    await rig.signal(0, 'cpu', 'alarm');
    await rig.runTo(1);
    expect(rig.messages().sort()).toEqual(['0:00 ben email', '0:00 ben sms']);
  });

  it('pages the watchers when nobody of any level can be reached', async () => {
    const rig = pagingRig(await freshTable(), {
      publish: ({ channel }) => (channel === 'topic' ? 'sent' : 'undeliverable'),
    });
    await rig.signal(0, 'cpu', 'alarm');
    await rig.runTo(1);
    expect(rig.messages()).toEqual(['0:00 watchers topic']);
  });

  it('gives the slot back with a page that was refused, so the next alert does not wait', async () => {
    const rig = pagingRig(await freshTable(), {
      publish: (_, count) => (count === 1 ? 'undeliverable' : 'sent'),
    });
    await rig.signal(0, 'cpu', 'alarm');
    await rig.signal(SECOND, 'disk', 'alarm');
    expect(rig.sent.map(({ at }) => clock(at))).toContain('0:01');
  });
});

describe('takeSlotTurn', () => {
  it('sends a page that found the slot taken 60 s after the message before it', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm');
    await rig.signal(15 * SECOND, 'disk', 'alarm');
    expect((await rig.alert('disk')).pages.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
    await rig.runTo(3);
    expect(bySms(rig.messages())).toEqual(['0:00 ana sms', '1:00 ana sms']);
    expect((await rig.alert('disk')).pages.map(({ status }) => status)).toEqual(['sent', 'sent']);
    const events = (await rig.timeline('disk')).map(({ event }) => event);
    expect(events).toEqual(['alert.opened', 'page.held', 'page.held', 'page.sent', 'page.sent']);
  });

  it('sends 3 alerts that waited as one message, and settles each', async () => {
    const rig = pagingRig(await freshTable());
    for (const [n, name] of ['cpu', 'disk', 'memory', 'network'].entries()) {
      await rig.signal(n * SECOND, name, 'alarm');
    }
    await rig.runTo(3);
    expect(bySms(rig.messages())).toEqual(['0:00 ana sms', '1:00 ana sms']);
    expect(rig.sent.filter(({ channel }) => channel === 'sms')[1]!.body).toContain('3 alerts');
    for (const name of ['disk', 'memory', 'network']) {
      expect((await rig.alert(name)).pages.map(({ status }) => status)).toEqual(['sent', 'sent']);
    }
    expect((await rig.items()).filter(({ sk }) => String(sk).startsWith('waiting#'))).toEqual([]);
    expect((await rig.ports.slots.read({ responder: 'ana', channel: 'sms' }))?.dueAt).toBeUndefined();
  });

  it('leaves out an alert that was acknowledged while it waited', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm');
    await rig.signal(10 * SECOND, 'disk', 'alarm');
    await rig.answer(30 * SECOND, 'disk', 'acknowledge', 'ana');
    await rig.runTo(3);
    expect(rig.messages()).toHaveLength(2);
    expect((await rig.items()).filter(({ sk }) => String(sk).startsWith('waiting#'))).toEqual([]);
    const dropped = (await rig.timeline('disk')).filter(({ event }) => event === 'page.dropped');
    expect(dropped.map(({ reason }) => reason)).toEqual(['acknowledged', 'acknowledged']);
  });

  it('keeps a held alert back, and sends it when the hold ends', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm');
    await rig.signal(10 * SECOND, 'disk', 'alarm');
    await rig.signal(20 * SECOND, 'disk', 'ok');
    await rig.runTo(4);
    expect(rig.messages()).toHaveLength(2);
    await rig.signal(4, 'disk', 'alarm');
    await rig.runTo(6);
    expect(rig.messages().slice(2).sort()).toEqual(['4:00 ana email', '4:00 ana sms']);
    expect((await rig.alert('disk')).pages.map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  it('sends pages before resolved notices, which have the next minute', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm');
    await rig.answer(10 * SECOND, 'cpu', 'resolve', 'ana');
    await rig.runTo(15 * SECOND);
    await rig.signal(20 * SECOND, 'disk', 'alarm');
    await rig.runTo(5);
    const emails = rig.sent.filter(({ channel }) => channel === 'email');
    expect(emails.map(({ at }) => clock(at))).toEqual(['0:00', '1:00', '2:00']);
    expect(emails[1]!.subject).toContain('disk');
    expect(emails[1]!.subject).not.toContain('resolved');
    expect(emails[2]!.subject).toContain('resolved');
  });

  it('passes a bundle that cannot be delivered on to the next level', async () => {
    const rig = pagingRig(await freshTable(), {
      publish: ({ at, responder }) => (responder === 'ana' && at > START_MS ? 'undeliverable' : 'sent'),
    });
    for (const [n, name] of ['cpu', 'disk', 'memory'].entries()) await rig.signal(n * SECOND, name, 'alarm');
    await rig.runTo(5);
    const toBen = rig.sent.filter(({ responder, channel }) => responder === 'ben' && channel === 'sms');
    expect(toBen.map(({ at }) => clock(at))).toEqual(['1:00', '2:00']);
    for (const name of ['disk', 'memory']) {
      const { pages } = await rig.alert(name);
      expect(pages.map(({ responder, status }) => `${responder} ${status}`)).toEqual([
        'ana undeliverable',
        'ana undeliverable',
        'ben sent',
        'ben sent',
      ]);
    }
  });

  it('sends what waits beside an alert whose row cannot be read, and keeps nobody waiting after it', async () => {
    const table = await freshTable();
    const rig = pagingRig(table);
    for (const [n, name] of ['cpu', 'disk', 'memory'].entries()) await rig.signal(n * SECOND, name, 'alarm');
    await table.client.update({
      TableName: table.name,
      Key: keys.alert(alertId('disk')),
      UpdateExpression: 'SET severity = :broken',
      ExpressionAttributeValues: { ':broken': 'nonsense' },
    });
    await rig.signal(5, 'network', 'alarm');
    await rig.runTo(6);
    const toAna = rig.sent.filter(({ responder, channel }) => responder === 'ana' && channel === 'sms');
    expect(toAna.map(({ at }) => clock(at))).toEqual(['0:00', '1:00', '5:00']);
    expect(rig.warnings.join()).toContain(`alert ${alertId('disk')} left the line`);
  });

  it('does nothing when its turn has moved', async () => {
    const rig = pagingRig(await freshTable());
    await rig.signal(0, 'cpu', 'alarm');
    await rig.signal(SECOND, 'disk', 'alarm');
    await rig.justTo(2);
    const before = await rig.items();
    const { takeSlotTurn } = await import('../../functions/paging/take-slot-turn.ts');
    await takeSlotTurn({ responder: 'ana', channel: 'sms' }, START_MS, rig.ports);
    expect(await rig.items()).toEqual(before);
  });
});
