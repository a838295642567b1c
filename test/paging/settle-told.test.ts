import { describe, expect, it } from 'vitest';
import { settleTold } from '../../functions/paging/settle-told.ts';
import type { Slot, WaitingRow } from '../../functions/paging/slot.ts';
import { START_MS } from '../support/story.ts';
import { ANA_SMS, claimedAlert, lineRig, waitingAlert } from '../support/waiting-line.ts';

const SECOND_MS = 1_000;

/** A storm's message went out 2 s after minute 0, and told of all that stood in the line at minute 0. */
const slot: Pick<Slot, 'told'> = { told: { pages: { at: START_MS + 2 * SECOND_MS, upTo: START_MS } } };
const NOW_MS = START_MS + 3 * SECOND_MS;

async function rigAfterStorm() {
  const rig = await lineRig();
  return {
    ...rig,
    /** 3 s after minute 0. */
    settle: async () => {
      await rig.wait(NOW_MS - rig.at());
      return settleTold(ANA_SMS, slot, rig.ports);
    },
  };
}

describe('settleTold', () => {
  it('settles what waited as sent when the message went out, and takes it out of the line', async () => {
    const rig = await rigAfterStorm();
    await rig.putInLine(waitingAlert('cpu'));
    await rig.putInLine(waitingAlert('disk'));
    expect(await rig.settle()).toEqual({ told: undefined, turn: NOW_MS });
    for (const id of ['cpu', 'disk'])
      expect(await rig.page(id)).toMatchObject({ status: 'sent', settledAt: START_MS + 2 * SECOND_MS });
    expect(await rig.line()).toEqual([]);
    expect(rig.attempts).toEqual([]);
  });

  it('leaves in the line what came after it', async () => {
    const rig = await rigAfterStorm();
    await rig.wait(1);
    await rig.putInLine(waitingAlert('later'));
    await rig.settle();
    expect(await rig.line()).toEqual(['later']);
    expect(await rig.page('later')).toMatchObject({ status: 'waiting' });
  });

  it('does not call sent what was acknowledged, resolved or held by then: the alert decides', async () => {
    const rig = await rigAfterStorm();
    await rig.putInLine(waitingAlert('known', {}, { status: 'acknowledged' }));
    const holds = { recovering: { since: START_MS, until: START_MS + 300 * SECOND_MS } };
    await rig.putInLine(waitingAlert('held', {}, { holds }));
    await rig.settle();
    expect(await rig.page('known')).toMatchObject({ status: 'dropped', reason: 'acknowledged' });
    expect(await rig.page('held')).toMatchObject({ status: 'owed' });
    expect(await rig.line()).toEqual([]);
  });

  it('waits a second for a writer who has not said yet that its page waits', async () => {
    const rig = await rigAfterStorm();
    await rig.putInLine(claimedAlert('cpu'));
    expect(await rig.settle()).toEqual({ told: slot.told, turn: NOW_MS + SECOND_MS });
    expect(await rig.line()).toEqual(['cpu']);
    expect(await rig.page('cpu')).toMatchObject({ status: 'sending' });
  });

  it('goes on at once when it has settled something beside it', async () => {
    const rig = await rigAfterStorm();
    await rig.putInLine(claimedAlert('cpu'));
    await rig.putInLine(waitingAlert('disk'));
    expect(await rig.settle()).toEqual({ told: slot.told, turn: NOW_MS });
    expect(await rig.line()).toEqual(['cpu']);
  });

  it.each([
    ['a page that has come into the line anew', waitingAlert('cpu', { attempt: 2 })],
    ['a page that is being sent anew', claimedAlert('cpu', { attempt: 2 })],
    ['a page that is owed again', waitingAlert('cpu', { status: 'owed' })],
  ])('takes the old row of %s away, and leaves the page alone', async (_, alert) => {
    const rig = await rigAfterStorm();
    await rig.putInLine(alert, { attempt: 1 });
    expect(await rig.settle()).toEqual({ told: undefined, turn: NOW_MS });
    expect(await rig.line()).toEqual([]);
    expect((await rig.ports.alerts.read('cpu'))!.version).toBe(1);
  });

  it('takes away the row of a page that is settled by now', async () => {
    const rig = await rigAfterStorm();
    await rig.putInLine(waitingAlert('cpu', { status: 'sent', settledAt: START_MS }));
    expect(await rig.settle()).toEqual({ told: undefined, turn: NOW_MS });
    expect(await rig.line()).toEqual([]);
  });

  it('takes 100 rows in a turn, and comes again while there may be more', async () => {
    const settledOf = async (rows: number) => {
      const rig = await rigAfterStorm();
      const gone = Array.from(
        { length: rows },
        (_, n): WaitingRow => ({
          sk: `waiting#${n}`,
          alertId: 'gone',
          pageId: '1',
          attempt: 1,
          owedAt: START_MS,
          isNotice: false,
          putAt: START_MS,
        }),
      );
      const asked: number[] = [];
      rig.ports.slots.waiting = async (_, limit) => {
        asked.push(limit);
        return gone.slice(0, limit);
      };
      return { asked, ...(await rig.settle()) };
    };
    expect(await settledOf(99)).toEqual({ asked: [100], told: undefined, turn: NOW_MS });
    expect(await settledOf(101)).toEqual({ asked: [100], told: slot.told, turn: NOW_MS });
  });
});
