import { describe, expect, it } from 'vitest';
import { slotStore, type TurnEnd } from '../../functions/paging/slot.store.ts';
import { ROW_ON_ITS_WAY_MS, SLOT_INTERVAL_MS, SLOT_LEASE_MS } from '../../functions/paging/slot.ts';
import { keys } from '../../functions/shared/table.ts';
import { stuckRows } from '../../functions/tick/stuck.store.ts';
import { memoryTableOfTest, realTables } from '../support/real-table.ts';

const freshTable = realTables();

const ANA = { responder: 'ana', channel: 'sms' } as const;
const NOW = Date.parse('2026-03-02T03:00:00Z');
const SECOND_MS = 1_000;

const sentAt = (at: number) => ({ at, pages: ['alert-1#1'] });

const end = (changes: Partial<TurnEnd>): TurnEnd => ({ sent: null, turn: null, told: undefined, ...changes });

const waitingPage = (alertId: string) => ({
  alertId,
  pageId: '1',
  attempt: 1,
  owedAt: NOW,
  isNotice: false,
});

async function freshSlots() {
  const table = await freshTable();
  return { table, slots: slotStore(table) };
}

describe('slotStore.claim', () => {
  it('takes a slot that nobody has used yet, for 30 s', async () => {
    const { slots } = await freshSlots();
    const lease = await slots.claim(ANA, NOW);
    expect(lease).toMatchObject({ contact: ANA, version: 1, sent: [] });
    expect(await slots.read(ANA)).toEqual({
      version: 1,
      leaseId: lease!.id,
      leaseUntil: NOW + SLOT_LEASE_MS,
    });
  });

  it('refuses a leased slot until its lease ends, and takes it then', async () => {
    const { slots } = await freshSlots();
    await slots.claim(ANA, NOW);
    expect(await slots.claim(ANA, NOW + SLOT_LEASE_MS - 1)).toBeUndefined();
    expect(await slots.claim(ANA, NOW + SLOT_LEASE_MS)).toMatchObject({ version: 2 });
  });

  it('refuses a slot while somebody waits for it', async () => {
    const { slots } = await freshSlots();
    await slots.wait(ANA, waitingPage('a'), NOW);
    expect(await slots.claim(ANA, NOW + SLOT_INTERVAL_MS)).toBeUndefined();
  });

  it('keeps the slots of one responder’s channels apart', async () => {
    const { slots } = await freshSlots();
    await slots.claim(ANA, NOW);
    expect(await slots.claim({ ...ANA, channel: 'email' }, NOW)).toBeDefined();
  });

  it('lets exactly one of 20 win', async () => {
    const { slots } = await freshSlots();
    const leases = await Promise.all(Array.from({ length: 20 }, () => slots.claim(ANA, NOW)));
    expect(leases.filter((lease) => lease)).toHaveLength(1);
  });

  it('knows its own claim when the response was lost and the SDK repeated it', async () => {
    const { slots, table } = await freshSlots();
    table.loseResponses(1);
    const lease = await slots.claim(ANA, NOW);
    expect(lease).toMatchObject({ version: 1, id: (await slots.read(ANA))!.leaseId });
  });
});

describe('slotStore.release', () => {
  it('keeps 60 s from publish to publish', async () => {
    const { slots } = await freshSlots();
    const publishedAt = NOW + 2 * SECOND_MS;
    await slots.release((await slots.claim(ANA, NOW))!, sentAt(publishedAt));
    expect(await slots.claim(ANA, publishedAt + SLOT_INTERVAL_MS - 1)).toBeUndefined();
    expect(await slots.claim(ANA, publishedAt + SLOT_INTERVAL_MS)).toBeDefined();
  });

  it('gives the slot back at once when nothing was published', async () => {
    const { slots } = await freshSlots();
    await slots.release((await slots.claim(ANA, NOW))!, null);
    expect(await slots.claim(ANA, NOW)).toBeDefined();
  });

  it('leaves the slot to whoever took it when the lease had ended', async () => {
    const { slots } = await freshSlots();
    const late = (await slots.claim(ANA, NOW))!;
    const next = (await slots.claim(ANA, NOW + SLOT_LEASE_MS))!;
    await slots.release(late, sentAt(NOW + SLOT_LEASE_MS));
    expect((await slots.read(ANA))?.leaseId).toBe(next.id);
  });

  it('does not fail on itself when its response was lost', async () => {
    const { slots, table } = await freshSlots();
    const lease = (await slots.claim(ANA, NOW))!;
    table.loseResponses(1);
    await slots.release(lease, sentAt(NOW));
    expect(await slots.read(ANA)).toMatchObject({
      version: 2,
      nextAllowedAt: NOW + SLOT_INTERVAL_MS,
      sent: [sentAt(NOW)],
    });
  });
});

describe('slotStore.wait', () => {
  it('arms the slot for the moment at which it can be free', async () => {
    const { slots } = await freshSlots();
    await slots.release((await slots.claim(ANA, NOW))!, sentAt(NOW));
    const turn = await slots.wait(ANA, waitingPage('a'), NOW + 10 * SECOND_MS);
    expect(turn).toBe(NOW + SLOT_INTERVAL_MS);
    expect((await slots.read(ANA))?.dueAt).toBe(turn);
  });

  it('arms a slot that is free by now, or was never used, for now', async () => {
    const { slots } = await freshSlots();
    expect(await slots.wait(ANA, waitingPage('a'), NOW)).toBe(NOW);
  });

  it('keeps the turn that the first who waits has armed', async () => {
    const { slots } = await freshSlots();
    await slots.wait(ANA, waitingPage('a'), NOW);
    expect(await slots.wait(ANA, waitingPage('b'), NOW + SECOND_MS)).toBe(NOW);
  });

  it('puts a page in the line once, however often it comes', async () => {
    const { slots, table } = await freshSlots();
    table.loseResponses(1);
    await slots.wait(ANA, waitingPage('a'), NOW);
    await slots.wait(ANA, waitingPage('a'), NOW + SECOND_MS);
    expect(await slots.waiting(ANA, 50)).toMatchObject([{ alertId: 'a', pageId: '1' }]);
  });

  it('keeps one line per contact, and reads at most as many as asked for', async () => {
    const { slots } = await freshSlots();
    for (const id of ['a', 'b', 'c']) await slots.wait(ANA, waitingPage(id), NOW);
    await slots.wait({ ...ANA, responder: 'ben' }, waitingPage('d'), NOW);
    expect((await slots.waiting(ANA, 2)).map(({ alertId }) => alertId)).toEqual(['a', 'b']);
    expect(await slots.waiting(ANA, 50)).toHaveLength(3);
  });
});

describe('slotStore.wait beside a turn that reads the line', () => {
  it('keeps the moment of a row that came before the turn', async () => {
    const { slots } = await freshSlots();
    await slots.wait(ANA, waitingPage('a'), NOW);
    await slots.claimTurn(ANA, (await slots.read(ANA))!, NOW + ROW_ON_ITS_WAY_MS);
    expect(await slots.waiting(ANA, 50)).toMatchObject([{ alertId: 'a', putAt: NOW }]);
  });

  it('gives a row that was on its way for more than a second a moment after what the turn has read', async () => {
    const { slots } = await freshSlots();
    await slots.wait(ANA, waitingPage('a'), NOW);
    const turnAt = NOW + 10 * SECOND_MS;
    await slots.claimTurn(ANA, (await slots.read(ANA))!, turnAt);
    await slots.wait(ANA, waitingPage('late'), NOW + SECOND_MS);
    expect(await slots.waiting(ANA, 50)).toMatchObject([
      { alertId: 'a', putAt: NOW },
      { alertId: 'late', putAt: turnAt - ROW_ON_ITS_WAY_MS + 1 },
    ]);
  });

  it('reads 2,500 rows in their order, and the first 3 that are wanted', async () => {
    const table = await memoryTableOfTest();
    const slots = slotStore(table);
    const id = (n: number) => `alert-${String(n).padStart(4, '0')}`;
    await Promise.all(Array.from({ length: 2_500 }, (_, n) => slots.wait(ANA, waitingPage(id(n)), NOW)));
    const all = await slots.waiting(ANA, 10_000);
    expect(all.map(({ alertId }) => alertId)).toEqual(Array.from({ length: 2_500 }, (_, n) => id(n)));
    const wanted = await slots.waiting(ANA, 3, ({ alertId }) => alertId >= id(2_000));
    expect(wanted.map(({ alertId }) => alertId)).toEqual([id(2_000), id(2_001), id(2_002)]);
  });
});

describe('slotStore.leave', () => {
  it('takes a page out of the line', async () => {
    const { slots } = await freshSlots();
    await slots.wait(ANA, waitingPage('a'), NOW);
    const [row] = await slots.waiting(ANA, 50);
    await slots.leave(ANA, row!);
    expect(await slots.waiting(ANA, 50)).toEqual([]);
  });

  it('leaves a page in the line that has come back since it was read', async () => {
    const { slots } = await freshSlots();
    await slots.wait(ANA, waitingPage('a'), NOW);
    const [row] = await slots.waiting(ANA, 50);
    await slots.wait(ANA, { ...waitingPage('a'), attempt: 2 }, NOW);
    await slots.leave(ANA, row!);
    expect(await slots.waiting(ANA, 50)).toMatchObject([{ alertId: 'a', attempt: 2 }]);
  });
});

describe('slotStore turns', () => {
  /** Ana's slot as somebody has read it whose page waits there. */
  async function waitingSlot() {
    const { slots, table } = await freshSlots();
    await slots.wait(ANA, waitingPage('a'), NOW);
    return { slots, table, slot: (await slots.read(ANA))! };
  }

  it('lets exactly one of 20 take the turn', async () => {
    const { slots, slot } = await waitingSlot();
    const leases = await Promise.all(Array.from({ length: 20 }, () => slots.claimTurn(ANA, slot, NOW)));
    expect(leases.filter((lease) => lease)).toHaveLength(1);
  });

  it('makes the turn come again after 30 s should its worker crash', async () => {
    const { slots, slot } = await waitingSlot();
    await slots.claimTurn(ANA, slot, NOW);
    expect((await slots.read(ANA))?.dueAt).toBe(NOW + SLOT_LEASE_MS);
  });

  it('knows its own turn when the response was lost', async () => {
    const { slots, slot, table } = await waitingSlot();
    table.loseResponses(1);
    expect(await slots.claimTurn(ANA, slot, NOW)).toMatchObject({ version: 2 });
  });

  it('refuses a turn when the slot is not as it was read', async () => {
    const { slots, slot } = await waitingSlot();
    await slots.wait(ANA, waitingPage('b'), NOW);
    expect(await slots.claimTurn(ANA, slot, NOW)).toBeUndefined();
    expect(await slots.moveTurn(ANA, slot, NOW + 1)).toBe(false);
  });

  it('disarms the slot when nobody waits any more, 60 s after the publish it is free', async () => {
    const { slots, slot, table } = await waitingSlot();
    const lease = (await slots.claimTurn(ANA, slot, NOW))!;
    expect(await slots.endTurn(lease, end({ sent: sentAt(NOW) }), NOW)).toBeNull();
    expect(await slots.read(ANA)).toMatchObject({
      version: 3,
      nextAllowedAt: NOW + SLOT_INTERVAL_MS,
      sent: [sentAt(NOW)],
    });
    const row = (await table.items()).find(({ sk }) => sk === 'slot');
    expect(row).not.toHaveProperty('dueShard');
    expect(await slots.claim(ANA, NOW + SLOT_INTERVAL_MS)).toBeDefined();
  });

  it('stays armed for 60 s after the publish when somebody came meanwhile', async () => {
    const { slots, slot } = await waitingSlot();
    const lease = (await slots.claimTurn(ANA, slot, NOW))!;
    await slots.wait(ANA, waitingPage('b'), NOW);
    expect(await slots.endTurn(lease, end({ sent: sentAt(NOW) }), NOW)).toBe(NOW + SLOT_INTERVAL_MS);
    expect((await slots.read(ANA))?.dueAt).toBe(NOW + SLOT_INTERVAL_MS);
  });

  it.each([
    ['the last one', null],
    ['with another to come', NOW + 10 * SECOND_MS],
  ])('is stuck no more after a turn that has succeeded: %s', async (_, turn) => {
    const { slots, slot, table } = await waitingSlot();
    const told = { ...keys.slot('ana', ANA.channel), dueAt: slot.dueAt! };
    expect(await stuckRows(table).mark(told, 'it failed', NOW)).toBe(true);
    const stuck = (await slots.read(ANA))!;
    expect(stuck.stuck).toBe('it failed');
    const lease = (await slots.claimTurn(ANA, stuck, NOW))!;
    await slots.endTurn(lease, end({ turn }), NOW);
    expect(await slots.read(ANA)).not.toHaveProperty('stuck');
  });

  it('is as before a turn that was given back, and nobody holds it', async () => {
    const { slots, slot } = await waitingSlot();
    const lease = (await slots.claimTurn(ANA, slot, NOW))!;
    await slots.giveBackTurn(lease, slot.dueAt!);
    const after = (await slots.read(ANA))!;
    expect(after.dueAt).toBe(slot.dueAt);
    expect(after).not.toHaveProperty('leaseId');
    expect(await slots.claimTurn(ANA, after, NOW)).toBeDefined();
  });

  it('is not given back by whose lease has ended', async () => {
    const { slots, slot } = await waitingSlot();
    const late = (await slots.claimTurn(ANA, slot, NOW))!;
    const next = (await slots.claimTurn(ANA, (await slots.read(ANA))!, NOW + 40 * SECOND_MS))!;
    await slots.giveBackTurn(late, slot.dueAt!);
    expect(await slots.read(ANA)).toMatchObject({ leaseId: next.id, dueAt: NOW + 70 * SECOND_MS });
  });

  it('has the next turn when it is asked for, though nothing was published', async () => {
    const { slots, slot } = await waitingSlot();
    const lease = (await slots.claimTurn(ANA, slot, NOW))!;
    expect(await slots.endTurn(lease, end({ turn: NOW + 10 * SECOND_MS }), NOW)).toBe(NOW + 10 * SECOND_MS);
    expect(await slots.read(ANA)).toMatchObject({ version: 3, dueAt: NOW + 10 * SECOND_MS });
    expect(await slots.read(ANA)).not.toHaveProperty('leaseId');
  });

  it('remembers a storm until its rows are settled', async () => {
    const { slots, slot } = await waitingSlot();
    const lease = (await slots.claimTurn(ANA, slot, NOW))!;
    const told = { pages: { at: NOW, upTo: NOW - 1 } };
    await slots.noteSent(lease, sentAt(NOW), told);
    expect(await slots.read(ANA)).toMatchObject({ told, nextAllowedAt: NOW + SLOT_INTERVAL_MS });
    expect(await slots.endTurn(lease, end({ sent: sentAt(NOW), turn: NOW + 1, told }), NOW)).toBe(NOW + 1);
    expect(await slots.read(ANA)).toMatchObject({ told, dueAt: NOW + 1 });
    const last = (await slots.claimTurn(ANA, (await slots.read(ANA))!, NOW + 1))!;
    expect(last.nextAllowedAt).toBe(NOW + SLOT_INTERVAL_MS);
    await slots.endTurn(last, end({ turn: last.nextAllowedAt }), NOW + 1);
    expect(await slots.read(ANA)).not.toHaveProperty('told');
  });

  it('ends a turn once when its response was lost', async () => {
    const { slots, slot, table } = await waitingSlot();
    const lease = (await slots.claimTurn(ANA, slot, NOW))!;
    table.loseResponses(1);
    expect(await slots.endTurn(lease, end({ sent: sentAt(NOW) }), NOW)).toBeNull();
    expect(await slots.read(ANA)).toMatchObject({
      version: 3,
      nextAllowedAt: NOW + SLOT_INTERVAL_MS,
      sent: [sentAt(NOW)],
    });
  });

  it('leaves the slot to whoever took it when the lease had ended', async () => {
    const { slots, slot } = await waitingSlot();
    const late = (await slots.claimTurn(ANA, slot, NOW))!;
    const next = (await slots.claimTurn(ANA, (await slots.read(ANA))!, NOW + SLOT_LEASE_MS))!;
    expect(await slots.endTurn(late, end({ sent: sentAt(NOW) }), NOW + SLOT_LEASE_MS)).toBeNull();
    expect((await slots.read(ANA))?.leaseId).toBe(next.id);
  });
});
