import { describe, expect, it } from 'vitest';
import { decideContacts } from '../../functions/escalation/decide-contacts.ts';
import { operationsNow } from '../../functions/holds/situation.ts';
import { takeDeliveryReport } from '../../functions/paging/delivery-feedback.ts';
import { messageStore } from '../../functions/paging/message.store.ts';
import { alertId } from '../../functions/shared/table.ts';
import { pagingRig } from '../support/paging-rig.ts';
import { memoryTableOfTest } from '../support/real-table.ts';
import { MINUTE_MS } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';

const OPTED_OUT = { messageId: 'm-1', reason: 'not delivered: Phone number is opted out', lasting: true };
const PASSING = {
  messageId: 'm-1',
  reason: 'not delivered: Unknown error attempting to reach phone',
  lasting: false,
};

/** Ana's first SMS of a critical alert was the message `m-1`, and says so. */
async function paged() {
  const table = await memoryTableOfTest();
  const rig = pagingRig(table);
  const ports = { ...rig.ports, messages: messageStore(table) };
  await rig.signal(0, 'cpu', 'alarm');
  await rig.runTo(0.5);
  const { openedAt, pages } = await rig.alert('cpu');
  const sms = pages.find(({ responder, channel }) => responder === 'ana' && channel === 'sms')!;
  await ports.messages.put('m-1', {
    responder: 'ana',
    channel: 'sms',
    at: rig.at(),
    pages: [{ alert: alertId('cpu'), openedAt, page: sms.id }],
  });
  return { rig, ports, smsId: sms.id };
}

const pageOf = async (rig: Awaited<ReturnType<typeof paged>>['rig'], id: string) =>
  (await rig.alert('cpu')).pages.find((page) => page.id === id);

describe('takeDeliveryReport', () => {
  it('makes the page undeliverable, with its reason on the timeline', async () => {
    const { rig, ports, smsId } = await paged();
    expect(await takeDeliveryReport(PASSING, ports)).toBe('taken');
    expect(await pageOf(rig, smsId)).toMatchObject({ status: 'undeliverable', reason: PASSING.reason });
    expect((await rig.timeline('cpu')).map(({ event, reason }) => `${event} ${reason ?? ''}`)).toContain(
      `page.undeliverable ${PASSING.reason}`,
    );
  });

  it('pages the level above at once when the email of the only person does not get out either', async () => {
    const { rig, ports } = await paged();
    const alert = await rig.alert('cpu');
    const email = alert.pages.find(({ channel }) => channel === 'email')!;
    await ports.messages.put('m-2', {
      responder: 'ana',
      channel: 'email',
      at: rig.at(),
      pages: [{ alert: alert.id, openedAt: alert.openedAt, page: email.id }],
    });
    await takeDeliveryReport(PASSING, ports);
    await takeDeliveryReport({ ...PASSING, messageId: 'm-2' }, ports);
    expect(rig.sent.map(({ responder, channel }) => `${responder} ${channel}`)).toEqual([
      'ana sms',
      'ana email',
      'ben sms',
      'ben email',
    ]);
  });

  it('marks the contact for 60 minutes when the cause lasts, so that the next page leaves that channel out', async () => {
    const { rig, ports } = await paged();
    await takeDeliveryReport(OPTED_OUT, ports);
    expect((await ports.situation.read()).unreachable).toEqual([
      {
        responder: 'ana',
        channel: 'sms',
        reason: OPTED_OUT.reason,
        since: rig.at(),
        until: rig.at() + 60 * MINUTE_MS,
      },
    ]);
    const nowMs = rig.at() + 59 * MINUTE_MS;
    const operations = operationsNow(fourLevels, await ports.situation.read(), nowMs);
    expect(decideContacts(operations, 1, ['sms', 'email'], nowMs)).toMatchObject({
      contacts: [{ responder: 'ana', channel: 'email' }],
    });
  });

  it('marks nobody for a cause that may pass', async () => {
    const { ports } = await paged();
    await takeDeliveryReport(PASSING, ports);
    expect((await ports.situation.read()).unreachable).toEqual([]);
  });

  it('taken twice is taken once: nobody is paged again, the timeline says it once', async () => {
    const { rig, ports } = await paged();
    await takeDeliveryReport(PASSING, ports);
    const sent = rig.sent.length;
    await takeDeliveryReport(PASSING, ports);
    await rig.runTo(1);
    expect(rig.sent.length).toBe(sent);
    const told = (await rig.timeline('cpu')).filter(({ event }) => event === 'page.undeliverable');
    expect(told).toHaveLength(1);
  });

  it('does not know a message of somebody else in the account, and writes nothing', async () => {
    const { rig, ports } = await paged();
    const { version } = await rig.alert('cpu');
    expect(await takeDeliveryReport({ ...OPTED_OUT, messageId: 'theirs' }, ports)).toBe('unknown');
    expect((await rig.alert('cpu')).version).toBe(version);
    expect((await ports.situation.read()).unreachable).toEqual([]);
  });

  it('leaves a later life of the alert alone', async () => {
    const { rig, ports } = await paged();
    await rig.answer(1, 'cpu', 'resolve', 'ana');
    await rig.signal(2, 'cpu', 'alarm');
    await rig.runTo(3);
    const before = await rig.alert('cpu');
    await takeDeliveryReport(PASSING, ports);
    expect((await rig.alert('cpu')).version).toBe(before.version);
  });

  it('marks nobody for what went to the watchers’ topic', async () => {
    const { rig, ports } = await paged();
    await ports.messages.put('w', { responder: 'watchers', channel: 'topic', at: rig.at(), pages: [] });
    expect(await takeDeliveryReport({ ...OPTED_OUT, messageId: 'w' }, ports)).toBe('taken');
    expect((await ports.situation.read()).unreachable).toEqual([]);
  });

  it('takes of a bundle for each alert its own pages', async () => {
    const { rig, ports, smsId } = await paged();
    const { openedAt } = await rig.alert('cpu');
    await rig.signal(2, 'disk', 'alarm');
    await rig.runTo(3);
    const disk = await rig.alert('disk');
    const email = disk.pages.find(({ channel }) => channel === 'email')!;
    expect(email.id).not.toBe(smsId);
    await ports.messages.put('both', {
      responder: 'ana',
      channel: 'sms',
      at: rig.at(),
      pages: [
        { alert: alertId('cpu'), openedAt, page: smsId },
        { alert: disk.id, openedAt: disk.openedAt, page: email.id },
      ],
    });
    await takeDeliveryReport({ ...PASSING, messageId: 'both' }, ports);
    const undelivered = (await rig.alert('disk')).pages.filter(({ status }) => status === 'undeliverable');
    expect(undelivered.map(({ id }) => id)).toEqual([email.id]);
  });

  it('tells of a page that the alert has forgotten by now, as its contact’s', async () => {
    const { rig, ports } = await paged();
    const { id, openedAt } = await rig.alert('cpu');
    const pages = [{ alert: id, openedAt, page: 'long ago' }];
    await ports.messages.put('old', { responder: 'ana', channel: 'sms', at: rig.at(), pages });
    await takeDeliveryReport({ ...PASSING, messageId: 'old' }, ports);
    expect(await rig.timeline('cpu')).toContainEqual(
      expect.objectContaining({ event: 'page.undeliverable', responder: 'ana', channel: 'sms' }),
    );
  });

  it('has nothing to change where the alert itself is gone', async () => {
    const { rig, ports } = await paged();
    const pages = [{ alert: 'gone', openedAt: rig.at(), page: '1' }];
    await ports.messages.put('gone', { responder: 'ana', channel: 'sms', at: rig.at(), pages });
    expect(await takeDeliveryReport({ ...PASSING, messageId: 'gone' }, ports)).toBe('taken');
  });

  it('marks the contact of a test message, which was no page', async () => {
    const { rig, ports } = await paged();
    await ports.messages.put('test', { responder: 'ben', channel: 'sms', at: rig.at(), pages: [] });
    expect(await takeDeliveryReport({ ...OPTED_OUT, messageId: 'test' }, ports)).toBe('taken');
    expect((await ports.situation.read()).unreachable).toMatchObject([{ responder: 'ben', channel: 'sms' }]);
  });
});
