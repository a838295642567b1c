import { describe, expect, it } from 'vitest';
import type { Operations } from '../../functions/operations/operations.ts';
import { carryOut, enqueueIfNear } from '../../functions/paging/send-pages.ts';
import { OpsError } from '../../functions/shared/errors.ts';
import { clock, START_MS } from '../support/story.ts';
import { fourLevels } from '../support/teams.ts';
import { ANA_SMS, claimedAlert, lineRig, waitingAlert } from '../support/waiting-line.ts';

const SECOND_MS = 1_000;

const linkIn = (text: string) => /\/a\/([\w-]{22})/.exec(text)![1]!;

describe('carryOut', () => {
  it('publishes the claimed page with a link of its own, and writes down when', async () => {
    const rig = await lineRig();
    const alert = claimedAlert('cpu');
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    expect(rig.messages()).toEqual(['0:00 ana sms']);
    expect(await rig.page('cpu')).toMatchObject({ status: 'sent', settledAt: START_MS });
    expect(await rig.ports.links.read(linkIn(rig.sent[0]!.body))).toEqual({
      responder: 'ana',
      sentAt: START_MS,
      alerts: [{ id: 'cpu', openedAt: START_MS }],
    });
    expect(await rig.slot()).toMatchObject({
      nextAllowedAt: START_MS + 60 * SECOND_MS,
      sent: [{ at: START_MS, pages: ['cpu#1'] }],
    });
  });

  it('remembers which page a text message was, for its delivery report', async () => {
    const rig = await lineRig();
    await carryOut(claimedAlert('cpu'), rig.ports);
    expect(await rig.ports.messages.read('1')).toMatchObject({
      ...ANA_SMS,
      at: START_MS,
      pages: [{ alert: 'cpu', openedAt: START_MS, page: '1' }],
    });
  });

  it.each([
    ['an open alert that owes nothing', waitingAlert('cpu')],
    ['what remembers an OK that came alone', waitingAlert('cpu', {}, { status: 'resolved', openedAt: 0 })],
    ['a life that is copied out', waitingAlert('cpu', {}, { status: 'resolved', endedCopied: true })],
  ])('writes nothing for %s', async (_, alert) => {
    const rig = await lineRig();
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    expect((await rig.ports.alerts.read('cpu'))!.version).toBe(1);
    expect(rig.sent).toEqual([]);
  });

  it('copies a life that has ended out of the item, with its timeline, once', async () => {
    const rig = await lineRig();
    const timeline = [
      { openedAt: START_MS, version: 1, n: 0, at: START_MS, event: 'alert.resolved' as const },
    ];
    const ended = waitingAlert('cpu', { status: 'sent' }, { status: 'resolved', next: null, timeline });
    await rig.ports.alerts.write(ended);
    await carryOut(ended, rig.ports);
    expect(await rig.ports.alerts.readEnded('cpu', START_MS)).toMatchObject({ status: 'resolved' });
    const alert = (await rig.ports.alerts.read('cpu'))!;
    expect(alert).toMatchObject({ version: 2, endedCopied: true, timeline: [] });
    expect(await rig.ports.alerts.readTimeline(alert)).toMatchObject([{ event: 'alert.resolved' }]);
  });

  it('comes to an end when the alert has gone meanwhile', async () => {
    const rig = await lineRig();
    await carryOut(claimedAlert('cpu', {}, { version: 2 }), rig.ports);
    expect(rig.sent).toHaveLength(1);
    expect(await rig.ports.alerts.read('cpu')).toBeUndefined();
  });

  it('passes an undeliverable page up 20 levels in one go, and leaves the rest to the due queue', async () => {
    const levels = Array.from({ length: 25 }, () => ['ana']);
    const steps = levels.map((_, n) => ({ level: n + 1, afterMinutes: n, channels: ['sms' as const] }));
    const { ana } = fourLevels.responders;
    const operations: Operations = {
      ...fourLevels,
      responders: { ana: { name: 'Ana', phone: ana!.phone } },
      levels,
      escalation: { ...fourLevels.escalation, critical: { ...fourLevels.escalation.critical, steps } },
    };
    const rig = await lineRig({ operations, publish: () => 'undeliverable' });
    const alert = claimedAlert('cpu');
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    expect(rig.attempts).toHaveLength(20);
    expect((await rig.ports.alerts.read('cpu'))!.highestPagedLevel).toBe(21);
    expect(rig.handedOver).toEqual(['0:30 alert#cpu current']);
  });

  it('pages although the hints of what it explains cannot be left, and says so', async () => {
    const inhibition = { while: {}, hold: { severity: 'info' as const }, equal: [] };
    const rig = await lineRig({ operations: { ...fourLevels, inhibitions: [inhibition] as never } });
    rig.ports.inhibitors.put = async () => {
      throw new Error('no table');
    };
    await carryOut(claimedAlert('cpu'), rig.ports);
    expect(rig.sent).toHaveLength(1);
    expect(rig.warnings).toEqual(['what alert cpu explains may page meanwhile']);
  });
});

describe('a page of a slot that is taken', () => {
  it('goes into the line with what a storm is counted by, and its turn is handed over', async () => {
    const rig = await lineRig();
    await rig.ports.slots.claim(ANA_SMS, START_MS);
    await rig.wait(10 * SECOND_MS);
    const alert = claimedAlert('cpu', { attempt: 3 });
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    expect(await rig.ports.slots.waiting(ANA_SMS, 10)).toEqual([
      expect.objectContaining({
        alertId: 'cpu',
        pageId: '1',
        attempt: 3,
        owedAt: START_MS,
        isNotice: false,
        severity: 'critical',
        service: 'checkout',
        putAt: START_MS + 10 * SECOND_MS,
      }),
    ]);
    expect(rig.handedOver).toEqual(['0:30 contact#ana#sms slot']);
    expect(await rig.page('cpu')).toMatchObject({ status: 'waiting' });
    const alertNow = (await rig.ports.alerts.read('cpu'))!;
    expect(alertNow.timeline.map(({ event, reason }) => `${event} ${reason}`)).toEqual([
      'page.held waiting-for-slot',
    ]);
    expect(rig.sent).toEqual([]);
  });

  it('that is a notice waits as one', async () => {
    const rig = await lineRig();
    await rig.ports.slots.claim(ANA_SMS, START_MS);
    await carryOut(claimedAlert('cpu', { kind: 'notice' }), rig.ports);
    expect(await rig.ports.slots.waiting(ANA_SMS, 10)).toMatchObject([{ isNotice: true }]);
  });

  it('that one of its latest messages was is not sent again: it is sent as of then, and the slot is free', async () => {
    const rig = await lineRig();
    const lease = (await rig.ports.slots.claim(ANA_SMS, START_MS))!;
    await rig.ports.slots.release(lease, { at: START_MS, pages: ['cpu#1'] });
    await rig.wait(70 * SECOND_MS);
    const alert = claimedAlert('cpu');
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    expect(rig.attempts).toEqual([]);
    expect(await rig.page('cpu')).toMatchObject({ status: 'sent', settledAt: START_MS });
    expect(await rig.ports.slots.claim(ANA_SMS, rig.at())).toBeDefined();
  });
});

describe('a page that a hold has kept back', () => {
  it('gathers for 5 s although the slot is free, and that is no news', async () => {
    const rig = await lineRig();
    const alert = claimedAlert('cpu', { after: 'maintenance' });
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    expect(rig.sent).toEqual([]);
    expect(await rig.ports.slots.waiting(ANA_SMS, 10)).toMatchObject([{ alertId: 'cpu', gathers: true }]);
    expect(rig.handedOver).toEqual(['0:05 contact#ana#sms slot']);
    expect((await rig.ports.alerts.read('cpu'))!.timeline).toEqual([]);
  });

  it('waits like any other when the slot has its minute', async () => {
    const rig = await lineRig();
    const lease = (await rig.ports.slots.claim(ANA_SMS, START_MS))!;
    await rig.ports.slots.release(lease, { at: START_MS, pages: [] });
    const alert = claimedAlert('cpu', { after: 'maintenance' });
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    expect(rig.handedOver).toEqual(['1:00 contact#ana#sms slot']);
    expect((await rig.ports.alerts.read('cpu'))!.timeline).toMatchObject([{ reason: 'waiting-for-slot' }]);
  });

  it('goes out at once when a hand asks for it', async () => {
    const rig = await lineRig();
    await carryOut(claimedAlert('cpu', { after: 'maintenance', byHand: true }), rig.ports);
    expect(rig.messages()).toEqual(['0:00 ana sms']);
  });
});

describe('a page that does not get out', () => {
  it.each(['failed', 'undeliverable'] as const)('because SNS says %s leaves the slot free', async (kind) => {
    const rig = await lineRig({ publish: ({ responder }) => (responder === 'ana' ? kind : 'sent') });
    const alert = claimedAlert('cpu');
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    expect(await rig.page('cpu')).toMatchObject(
      kind === 'failed'
        ? { status: 'owed', refusals: 1 }
        : { status: 'undeliverable', reason: 'SNS: undeliverable' },
    );
    expect((await rig.slot()).nextAllowedAt).toBeUndefined();
    expect(await rig.ports.slots.claim(ANA_SMS, START_MS)).toBeDefined();
  });

  it.each([
    ['a fault of AWS', Object.assign(new Error('throttled'), { $metadata: {} }), undefined],
    ['an error to try again', new OpsError('retry', 'throttled'), undefined],
    ['an error of our own', new Error('throttled'), 1],
  ])('for %s is tried again; a refusal is counted: %#', async (_, error, refusals) => {
    const rig = await lineRig();
    rig.ports.links.put = async () => {
      throw error;
    };
    const alert = claimedAlert('cpu');
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    const page = await rig.page('cpu');
    expect([page.status, page.refusals, clock(page.notBefore!)]).toEqual(['owed', refusals, '0:05']);
    expect((await rig.ports.alerts.read('cpu'))!.timeline).toMatchObject([
      { event: 'page.failed', reason: 'throttled' },
    ]);
    expect(rig.handedOver).toEqual(['0:05 alert#cpu current']);
  });

  it('has got out although the slot cannot be given back: it is settled as sent, and somebody is told', async () => {
    const rig = await lineRig();
    rig.ports.slots.release = async () => {
      throw new Error('no table');
    };
    const alert = claimedAlert('cpu');
    await rig.ports.alerts.write(alert);
    await carryOut(alert, rig.ports);
    expect(await rig.page('cpu')).toMatchObject({ status: 'sent' });
    expect(rig.warnings).toEqual(['the slot is given back when its lease ends']);
  });
});

describe('enqueueIfNear', () => {
  it.each([
    ['nothing that is never due', undefined, []],
    ['what is due in 130 s', 130_000, ['2:10 alert#cpu current']],
    ['not what is due 1 ms later: the tick sees it', 130_001, []],
    ['what is overdue by a minute', -60_000, ['-1:00 alert#cpu current']],
  ])('hands over %s', async (_, inMs, expected) => {
    const rig = await lineRig();
    const dueAt = inMs === undefined ? undefined : START_MS + inMs;
    await enqueueIfNear(waitingAlert('cpu', {}, { dueAt }), rig.ports);
    expect(rig.handedOver).toEqual(expected);
  });
});
