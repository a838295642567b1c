import { beforeAll, describe, expect, it } from 'vitest';
import { answerLink, showLink } from '../../functions/console/answer-link.ts';
import { answerStorm } from '../../functions/console/answer-storm.ts';
import { giveAnswer } from '../../functions/console/give-answer.ts';
import { auditStore } from '../../functions/doctor/audit.store.ts';
import { alertId, linkHash } from '../../functions/shared/table.ts';
import { type Fault, pagingRig, type Rig } from '../support/paging-rig.ts';
import { memoryTableOfTest, memoryTableWith } from '../support/real-table.ts';

const SECOND = 1 / 60;
const COUNT = 130;
const NAMES = Array.from({ length: COUNT }, (_, n) => `storm-${n}`);

/** Ana has one warning, then a storm of 130 in one email, as it stands at minute 2; and the token of its link. */
let told: { items: Record<string, unknown>[]; token: string };
/** The same just before the email of the storm. */
let before: Record<string, unknown>[];
const tokenOf = (body: string) => /\/a\/([\w-]{22})/.exec(body)![1]!;
beforeAll(async () => {
  const rig = pagingRig(await memoryTableOfTest());
  await rig.signal(0, 'first', 'alarm', { severity: 'warning' });
  for (const name of NAMES) await rig.signal(SECOND, name, 'alarm', { severity: 'warning' });
  before = await rig.items();
  await rig.runTo(2);
  expect(rig.sent[1]!.subject).toBe('WARNING STORM: 130 alerts');
  told = { items: await rig.items(), token: tokenOf(rig.sent[1]!.body) };
});

/** Goes on from there. */
async function storm(fault?: (rig: Rig, call: number) => Fault | undefined) {
  const rig: Rig = pagingRig(await memoryTableWith(told.items), { fault: (call) => fault?.(rig, call) });
  await rig.runTo(2);
  return { rig, token: told.token };
}

const portsOf = (rig: Rig) => ({ ...rig.ports, audits: auditStore({} as never) });

async function statuses(rig: Rig): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const name of NAMES) {
    const { status } = await rig.alert(name);
    found[status] = (found[status] ?? 0) + 1;
  }
  return found;
}

describe('the link of a storm', () => {
  it('tells of all 130 and lists 50', async () => {
    const { rig, token } = await storm();
    const shown = await showLink(token, portsOf(rig));
    expect(shown).toMatchObject({
      kind: 'storm',
      viewer: 'ana',
      link: { storm: { alerts: 130, severity: 'warning' } },
    });
    expect(shown.kind === 'storm' && shown.alerts).toHaveLength(50);
  });

  it('answers one of those that it lists, and nobody else’s', async () => {
    const { rig, token } = await storm();
    const { alerts } = (await rig.ports.links.read(token))!;
    const answered = await answerLink(token, { action: `resolve:${alerts[7]!.id}` }, portsOf(rig));
    expect(answered).toMatchObject({
      kind: 'done',
      done: { alertId: alerts[7]!.id, outcome: { kind: 'done' } },
    });
    expect(await statuses(rig)).toEqual({ resolved: 1, triggered: 129 });
  });

  it.each(['resolve', 'escalate', 'acknowledge:nobodys'])('does not know the answer “%s”', async (action) => {
    const { rig, token } = await storm();
    const before = await rig.items();
    expect(await answerLink(token, { action }, portsOf(rig))).toEqual({
      kind: 'refused',
      refusal: 'bad-request',
    });
    expect(await rig.items()).toEqual(before);
  });
});

describe('answerStorm', () => {
  it('acknowledges all that the message told of, and none that came after it', async () => {
    const { rig, token } = await storm();
    await rig.signal(3, 'later', 'alarm', { severity: 'warning' });
    await rig.answer(4, 'storm-7', 'escalate', 'ben');
    await rig.answer(4, 'storm-3', 'resolve', 'ben');
    await rig.answer(4, 'storm-4', 'acknowledge', 'ben');
    const snooze = { until: rig.at() + 3_600_000 };
    await giveAnswer(alertId('storm-6'), 'snooze', 'ben', rig.ports, { snooze });
    await rig.justTo(5);
    await answerLink(token, { action: 'acknowledge' }, portsOf(rig));
    await rig.runTo(5.5);
    expect(await statuses(rig)).toEqual({ acknowledged: 127, triggered: 2, resolved: 1 });
    expect((await rig.alert('storm-6')).holds.snoozed).toMatchObject({ by: 'ben' });
    expect((await rig.alert('storm-4')).acknowledgement).toMatchObject({ by: 'ben' });
    expect((await rig.alert('storm-5')).acknowledgement).toMatchObject({ by: 'ana' });
    expect((await rig.alert('later')).status).toBe('triggered');
    // The first alert is Ana's as well, by the message before.
    expect((await rig.alert('first')).status).toBe('triggered');
    // Level 2 has it now.
    expect((await rig.alert('storm-7')).status).toBe('triggered');
    const link = (await rig.ports.links.read(token))!;
    expect(link.dueAt).toBeUndefined();
    expect(link.answer).toMatchObject({ by: 'ana', acknowledged: 126, finishedAt: expect.any(Number) });
    expect(rig.failures).toEqual([]);
  });

  it('waits for the pages that are still to be settled as told by the message', async () => {
    const rig = pagingRig(await memoryTableWith(before));
    const { send } = rig.ports.sender;
    rig.ports.sender.send = async (contact, message) => {
      const result = await send(contact, message);
      await answerLink(tokenOf(message.body), { action: 'acknowledge' }, portsOf(rig));
      return result;
    };
    await rig.runTo(2);
    expect(await statuses(rig)).toEqual({ acknowledged: COUNT });
    expect((await rig.alert('first')).status).toBe('triggered');
    expect((await rig.ports.links.read(tokenOf(rig.sent[0]!.body)))!.answer!.acknowledged).toBe(COUNT);
    const { pages } = await rig.alert('storm-129');
    expect(pages.map(({ status }) => status)).toEqual(['sent']);
  });

  it('acknowledges what its message lists although the answer of SNS was lost, and nobody knows that it came', async () => {
    const rig = pagingRig(await memoryTableWith(before), { publish: () => 'failed' });
    await rig.justTo(1.02);
    const [message] = rig.attempts;
    expect(message!.subject).toBe('WARNING STORM: 130 alerts');
    await answerLink(tokenOf(message!.body), { action: 'acknowledge' }, portsOf(rig));
    await rig.runTo(5);
    expect(await statuses(rig)).toEqual({ acknowledged: 50, triggered: 80 });
  });

  it('leaves 55 warnings alone that another message told of, an email of the same minute', async () => {
    const rig = pagingRig(await memoryTableOfTest());
    await rig.signal(0, 'first', 'alarm');
    for (const name of NAMES.slice(0, 55)) await rig.signal(SECOND, name, 'alarm');
    for (const name of NAMES.slice(55, 110)) {
      await rig.signal(SECOND, name, 'alarm', { severity: 'warning' });
    }
    await rig.runTo(2);
    const sms = rig.sent.filter(({ channel }) => channel === 'sms')[1]!;
    expect(sms.body).toContain('CRITICAL STORM: 55 alerts');
    await answerLink(tokenOf(sms.body), { action: 'acknowledge' }, portsOf(rig));
    await rig.runTo(3);
    expect((await rig.ports.links.read(tokenOf(sms.body)))!.answer!.acknowledged).toBe(55);
    expect((await rig.alert('storm-54')).status).toBe('acknowledged');
    expect((await rig.alert('storm-55')).status).toBe('triggered');
  });

  it('is one answer, however often it is pressed', async () => {
    const { rig, token } = await storm();
    await rig.justTo(5);
    await answerLink(token, { action: 'acknowledge' }, portsOf(rig));
    const armed = await rig.ports.links.read(token);
    await answerLink(token, { action: 'acknowledge' }, portsOf(rig));
    expect(await rig.ports.links.read(token)).toEqual(armed);
    await rig.runTo(6);
    const after = await rig.items();
    await answerLink(token, { action: 'acknowledge' }, portsOf(rig));
    await answerStorm(linkHash(token), armed!.dueAt!, rig.ports);
    expect(await rig.items()).toEqual(after);
  });

  it('drops what still waits for others, so that nobody of level 2 is paged at minute 45', async () => {
    const { rig, token } = await storm();
    await rig.answer(5, 'first', 'acknowledge', 'ben');
    await answerLink(token, { action: 'acknowledge' }, portsOf(rig));
    await rig.runTo(50);
    expect(rig.sent.filter(({ responder }) => responder !== 'ana')).toEqual([]);
  });

  it('goes on from where it was after a worker that died at any of its calls', {
    timeout: 120_000,
  }, async () => {
    for (const fatal of ['links.readByHash', 'reviews.open', 'alerts.write', 'links.goOn', 'due.enqueue']) {
      for (const at of ['before', 'after'] as const) {
        let armed = false;
        let done = false;
        const { rig, token } = await storm((rig, call) => {
          if (!armed || done || rig.calls[call - 1] !== fatal) return undefined;
          done = true;
          return { at, worker: 'dies' };
        });
        await rig.justTo(5);
        await answerLink(token, { action: 'acknowledge' }, portsOf(rig));
        armed = true;
        await rig.runTo(9);
        expect([fatal, at, done]).toEqual([fatal, at, true]);
        expect(await statuses(rig)).toEqual({ acknowledged: COUNT });
        expect((await rig.ports.links.read(token))!.answer!.finishedAt).toBeDefined();
      }
    }
  });
});
