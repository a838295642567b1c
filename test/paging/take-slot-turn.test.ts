import { describe, expect, it } from 'vitest';
import { takeSlotTurn } from '../../functions/paging/take-slot-turn.ts';
import { clock, START_MS } from '../support/story.ts';
import {
  ANA_SMS,
  claimedAlert,
  type LineRig,
  lineRig,
  rowOf,
  takeTurn,
  waitingAlert,
} from '../support/waiting-line.ts';

const SECOND_MS = 1_000;

const linkIn = (text: string) => /\/a\/([\w-]{22})/.exec(text)![1]!;

/** What the next turn is told of, or nothing. */
const armedFor = async (rig: LineRig) => {
  const { dueAt } = await rig.slot();
  return dueAt === undefined ? undefined : clock(dueAt);
};

describe('takeSlotTurn', () => {
  it('publishes what waits as one message, settles each page, and disarms the slot', async () => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu'));
    await rig.putInLine(waitingAlert('disk', { owedAt: START_MS + 1 }));
    await rig.wait(2 * SECOND_MS);
    await takeTurn(rig);
    expect(rig.messages()).toEqual(['0:02 ana sms']);
    for (const id of ['cpu', 'disk'])
      expect(await rig.page(id)).toMatchObject({ status: 'sent', settledAt: START_MS + 2 * SECOND_MS });
    expect(await rig.line()).toEqual([]);
    expect(await rig.slot()).toMatchObject({
      nextAllowedAt: START_MS + 62 * SECOND_MS,
      sent: [{ at: START_MS + 2 * SECOND_MS, pages: ['cpu#1', 'disk#1'] }],
    });
    expect(await armedFor(rig)).toBeUndefined();
    expect(rig.handedOver).toEqual([]);
  });

  it('has a link that answers each alert once, whatever number of its pages the message is', async () => {
    const rig = await lineRig();
    const cpu = waitingAlert('cpu');
    const [first] = cpu.pages;
    await rig.putInLine({ ...cpu, pages: [first!, { ...first!, id: '2' }] });
    await rig.ports.slots.wait(ANA_SMS, rowOf(cpu, { pageId: '2' }), START_MS);
    await takeTurn(rig);
    expect(await rig.ports.links.read(linkIn(rig.sent[0]!.body))).toEqual({
      responder: 'ana',
      sentAt: START_MS,
      alerts: [{ id: 'cpu', openedAt: START_MS }],
    });
    expect((await rig.ports.messages.read('1'))?.pages.map(({ page }) => page)).toEqual(['1', '2']);
  });

  it('does nothing for a slot that nobody has used', async () => {
    const rig = await lineRig();
    await takeSlotTurn(ANA_SMS, START_MS, rig.ports);
    expect(await rig.items()).toEqual([]);
  });

  it('does nothing when its turn has moved', async () => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu'));
    await takeSlotTurn(ANA_SMS, START_MS - 1, rig.ports);
    expect(rig.attempts).toEqual([]);
    expect(await armedFor(rig)).toBe('0:00');
  });

  /** A slot that is armed for now, whose last message went out 20 s ago. */
  async function busySlot() {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu'));
    const { dueAt, version } = await rig.slot();
    const lease = (await rig.ports.slots.claimTurn(ANA_SMS, { dueAt, version }, START_MS))!;
    const sent = { at: START_MS, pages: [] };
    await rig.ports.slots.endTurn(
      lease,
      { sent, turn: START_MS + 20 * SECOND_MS, told: undefined },
      START_MS,
    );
    await rig.wait(20 * SECOND_MS);
    return rig;
  }

  it('that comes within the minute of the message before moves to its end, and is handed over', async () => {
    const rig = await busySlot();
    await takeTurn(rig);
    expect(rig.attempts).toEqual([]);
    expect(await armedFor(rig)).toBe('1:00');
    expect(rig.handedOver).toEqual(['1:00 contact#ana#sms slot']);
  });

  it('that somebody else has moved is not handed over again', async () => {
    const rig = await busySlot();
    rig.ports.slots.moveTurn = async () => false;
    await takeTurn(rig);
    expect(rig.handedOver).toEqual([]);
  });

  it('that somebody else has taken publishes nothing', async () => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu'));
    rig.ports.slots.claimTurn = async () => undefined;
    await takeTurn(rig);
    expect(rig.attempts).toEqual([]);
    expect(await rig.line()).toEqual(['cpu']);
  });

  it.each([
    ['by itself gives its turn back, for whoever counts the failures', new Error('no such row'), '0:00'],
    [
      'since AWS has failed comes again when its lease ends',
      Object.assign(new Error('throttled'), { $metadata: {} }),
      '0:30',
    ],
  ])('that fails %s', async (_, error, due) => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu'));
    rig.ports.slots.waiting = async () => {
      throw error;
    };
    await expect(takeTurn(rig)).rejects.toBe(error);
    expect(await armedFor(rig)).toBe(due);
    expect(rig.attempts).toEqual([]);
  });

  it('finds who has come meanwhile in the next turn, a minute after the message', async () => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu'));
    const { send } = rig.ports.sender;
    rig.ports.sender.send = async (contact, message) => {
      await rig.putInLine(waitingAlert('late'));
      return send(contact, message);
    };
    await takeTurn(rig);
    expect(await rig.line()).toEqual(['late']);
    expect(await armedFor(rig)).toBe('1:00');
    expect(rig.handedOver).toEqual(['1:00 contact#ana#sms slot']);
  });

  it('goes on from a line of nothing but what is gone, at once and without a message', async () => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu', { status: 'dropped' }));
    await takeTurn(rig);
    expect(rig.attempts).toEqual([]);
    expect(await rig.line()).toEqual([]);
    expect(await armedFor(rig)).toBeUndefined();
    expect((await rig.slot()).nextAllowedAt).toBeUndefined();
  });

  it('leaves out what is answered or held: the alert decides, and nobody else waits for it', async () => {
    const rig = await lineRig();
    const holds = { recovering: { since: START_MS, until: START_MS + 300 * SECOND_MS } };
    await rig.putInLine(waitingAlert('known', {}, { status: 'acknowledged' }));
    await rig.putInLine(waitingAlert('held', {}, { holds }));
    await rig.putInLine(waitingAlert('cpu'));
    await takeTurn(rig);
    expect(rig.sent.map(({ body }) => body)).toEqual([expect.stringContaining('cpu')]);
    expect((await rig.slot()).sent).toEqual([{ at: START_MS, pages: ['cpu#1'] }]);
    expect(await rig.page('known')).toMatchObject({ status: 'dropped' });
    expect(await rig.page('held')).toMatchObject({ status: 'owed' });
    expect(await rig.line()).toEqual([]);
  });

  it('settles what one of the latest messages was, as sent by it, and sends it not again', async () => {
    const rig = await lineRig();
    const lease = (await rig.ports.slots.claim(ANA_SMS, START_MS))!;
    await rig.ports.slots.release(lease, { at: START_MS, pages: ['cpu#1'] });
    await rig.wait(SECOND_MS);
    await rig.putInLine(waitingAlert('cpu'));
    await takeTurn(rig);
    expect(rig.attempts).toEqual([]);
    expect(await rig.page('cpu')).toMatchObject({ status: 'sent', settledAt: START_MS });
    expect(await rig.line()).toEqual([]);
    expect(await armedFor(rig)).toBeUndefined();
  });

  it('sends notices only when no page waits: they have the next minute', async () => {
    const rig = await lineRig();
    const notice = { kind: 'notice' } as const;
    await rig.putInLine(waitingAlert('over', notice, { status: 'resolved', endedCopied: true }));
    await rig.putInLine(waitingAlert('cpu'));
    await takeTurn(rig);
    expect((await rig.slot()).sent).toEqual([{ at: START_MS, pages: ['cpu#1'] }]);
    expect(await rig.line()).toEqual(['over']);
    expect(await armedFor(rig)).toBe('1:00');
    await takeTurn(rig);
    expect((await rig.slot()).sent?.[0]).toEqual({ at: START_MS + 60 * SECOND_MS, pages: ['over#1'] });
    expect(await armedFor(rig)).toBeUndefined();
  });

  it('that SNS refuses for now leaves the line, and who is left waits 5 s', async () => {
    const rig = await lineRig({ publish: () => 'failed' });
    await rig.putInLine(waitingAlert('cpu'));
    await rig.putInLine(waitingAlert('over', { kind: 'notice' }, { status: 'resolved', endedCopied: true }));
    await takeTurn(rig);
    expect(await rig.page('cpu')).toMatchObject({ status: 'owed', refusals: 1 });
    expect(await rig.line()).toEqual(['over']);
    expect(await armedFor(rig)).toBe('0:05');
    expect((await rig.slot()).sent).toBeUndefined();
  });

  it('that cannot be delivered leaves the line, and who is left has the slot at once', async () => {
    const rig = await lineRig({
      publish: ({ responder }) => (responder === 'ana' ? 'undeliverable' : 'sent'),
    });
    await rig.putInLine(waitingAlert('cpu'));
    await rig.putInLine(waitingAlert('over', { kind: 'notice' }, { status: 'resolved', endedCopied: true }));
    await takeTurn(rig);
    expect(await rig.page('cpu')).toMatchObject({ status: 'undeliverable' });
    expect(await rig.line()).toEqual(['over']);
    expect(await armedFor(rig)).toBe('0:00');
  });

  it('settles its pages although the slot cannot note the message, and says what a crash would do', async () => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu'));
    rig.ports.slots.noteSent = async () => {
      throw new Error('no table');
    };
    await takeTurn(rig);
    expect(await rig.page('cpu')).toMatchObject({ status: 'sent' });
    expect(rig.warnings).toEqual(['a crash now would repeat a message']);
  });

  it('goes by the situation as it stands now: a window started by hand since keeps the page back', async () => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu'));
    const window = { id: 'w', hold: 'maintenance', match: {}, reason: 'upgrade', by: 'cli:ana' } as const;
    const until = START_MS + 600 * SECOND_MS;
    await rig.ports.situation.change((before) => ({
      ...before,
      windows: [{ ...window, from: START_MS, until }],
    }));
    await takeTurn(rig);
    expect(rig.attempts).toEqual([]);
    expect(await rig.page('cpu')).toMatchObject({ status: 'owed' });
  });
});

describe('a line of what goes on after a hold', () => {
  const gathers = { gathers: true };

  /** Two such pages, `apartMs` apart; the turn comes `laterMs` after the second. */
  async function gathering(apartMs: number, laterMs: number, other = {}) {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu', { after: 'maintenance' }), gathers, START_MS);
    await rig.wait(apartMs);
    await rig.putInLine(waitingAlert('disk', { after: 'maintenance' }), { ...gathers, ...other });
    await rig.wait(laterMs);
    await takeTurn(rig);
    return rig;
  }

  it('waits 5 s more while the latest of it came less than 2 s ago', async () => {
    const rig = await gathering(1_000, 1_999);
    expect(rig.attempts).toEqual([]);
    expect(rig.handedOver).toEqual(['0:08 contact#ana#sms slot']);
    expect(await rig.line()).toEqual(['cpu', 'disk']);
  });

  it('goes out when nothing has come for 2 s', async () => {
    const rig = await gathering(1_000, 2_000);
    expect(rig.messages()).toEqual(['0:03 ana sms']);
  });

  it('is not waited for longer than 30 s after its first', async () => {
    expect((await gathering(28_100, 1_899)).messages()).toEqual([]);
    expect((await gathering(28_100, 1_900)).messages()).toEqual(['0:30 ana sms']);
  });

  it('goes out at once with a page that does not gather', async () => {
    const rig = await gathering(1_000, 0, { gathers: undefined });
    expect(rig.messages()).toEqual(['0:01 ana sms']);
  });

  it('waits beside a notice, which gathers with nobody', async () => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('cpu', { after: 'maintenance' }), gathers, START_MS);
    await rig.putInLine(waitingAlert('over', { kind: 'notice' }, { status: 'resolved', endedCopied: true }));
    await takeTurn(rig);
    expect(rig.messages()).toEqual([]);
  });

  it('that is a notice alone goes out', async () => {
    const rig = await lineRig();
    await rig.putInLine(waitingAlert('over', { kind: 'notice' }, { status: 'resolved', endedCopied: true }));
    await takeTurn(rig);
    expect(rig.messages()).toEqual(['0:00 ana sms']);
  });
});

describe('a slot whose storm is not settled yet', () => {
  /** The storm's message went out at minute 0 and told of all rows until then; a row is left of it. */
  async function toldSlot(row = waitingAlert('cpu')) {
    const rig = await lineRig();
    await rig.putInLine(row);
    const { dueAt, version } = await rig.slot();
    const lease = (await rig.ports.slots.claimTurn(ANA_SMS, { dueAt, version }, START_MS))!;
    const told = { pages: { at: START_MS, upTo: START_MS } };
    await rig.ports.slots.endTurn(
      lease,
      { sent: { at: START_MS, pages: [] }, turn: START_MS, told },
      START_MS,
    );
    await rig.wait(SECOND_MS);
    return rig;
  }

  it('settles its rows within the minute, publishes nothing, and has its next turn after the minute', async () => {
    const rig = await toldSlot();
    await takeTurn(rig);
    expect(rig.attempts).toEqual([]);
    expect(await rig.page('cpu')).toMatchObject({ status: 'sent', settledAt: START_MS });
    expect((await rig.slot()).told).toBeUndefined();
    expect(rig.handedOver).toEqual(['1:00 contact#ana#sms slot']);
  });

  it('goes on a second later with a row whose writer is not ready', async () => {
    const rig = await toldSlot(claimedAlert('cpu'));
    await takeTurn(rig);
    expect((await rig.slot()).told).toEqual({ pages: { at: START_MS, upTo: START_MS } });
    expect(rig.handedOver).toEqual(['0:02 contact#ana#sms slot']);
  });

  it('waits for the lease of who settles already', async () => {
    const rig = await toldSlot();
    const before = await rig.slot();
    await rig.ports.slots.claimTurn(ANA_SMS, before, rig.at());
    await takeSlotTurn(ANA_SMS, (await rig.slot()).dueAt!, rig.ports);
    expect(await rig.page('cpu')).toMatchObject({ status: 'waiting' });
    expect(rig.handedOver).toEqual(['0:31 contact#ana#sms slot']);
  });

  it('after the minute publishes who came since, does not repeat who was told, and settles them', async () => {
    const rig = await toldSlot();
    await rig.putInLine(waitingAlert('later'));
    await rig.wait(60 * SECOND_MS);
    await takeTurn(rig);
    expect((await rig.slot()).sent?.[0]).toEqual({ at: START_MS + 61 * SECOND_MS, pages: ['later#1'] });
    expect(await rig.page('cpu')).toMatchObject({ status: 'sent', settledAt: START_MS });
    expect(await rig.line()).toEqual([]);
  });
});
