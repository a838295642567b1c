import { describe, expect, it } from 'vitest';
import { alertStore } from '../../functions/alerts/alert.store.ts';
import { change } from '../../functions/alerts/alert-draft.ts';
import { keys } from '../../functions/shared/table.ts';
import { dueIndex } from '../../functions/tick/due-index.store.ts';
import { STUCK_BACK_OFF_MS, stuckRows } from '../../functions/tick/stuck.store.ts';
import { realTables } from '../support/real-table.ts';
import { minutesIn, sampleAlert } from '../support/sample-alert.ts';
import { fourLevels } from '../support/teams.ts';

const freshTable = realTables();

const alert = sampleAlert({ version: 1, dueAt: minutesIn(15) });
const row = { ...keys.alert(alert.id), dueAt: minutesIn(15) };
const NOW = minutesIn(16);

describe('stuckRows.mark', () => {
  it('backs the row off for 10 minutes and says why', async () => {
    const table = await freshTable();
    await alertStore(table).write(alert);
    expect(await stuckRows(table).mark(row, 'no such level', NOW)).toBe(true);
    expect(await alertStore(table).read(alert.id)).toMatchObject({
      dueAt: NOW + STUCK_BACK_OFF_MS,
      stuck: 'no such level',
    });
    expect(await dueIndex(table).dueUntil(NOW + STUCK_BACK_OFF_MS, 10)).toHaveLength(1);
  });

  it('leaves a row alone that has moved on by itself', async () => {
    const table = await freshTable();
    await alertStore(table).write({ ...alert, dueAt: minutesIn(30) });
    expect(await stuckRows(table).mark(row, 'no such level', NOW)).toBe(false);
    expect(await alertStore(table).read(alert.id)).toMatchObject({ dueAt: minutesIn(30) });
  });

  it('makes no row where there is none', async () => {
    const table = await freshTable();
    expect(await stuckRows(table).mark(row, 'no such level', NOW)).toBe(false);
    expect(await table.items()).toEqual([]);
  });

  it('throws when the table is gone: a fault is not a row that moved on', async () => {
    const table = await freshTable();
    const stuck = stuckRows({ ...table, name: 'no-such-table' });
    await expect(stuck.mark(row, 'no such level', NOW)).rejects.toThrow('resource not found');
  });

  it('ends with the next change of the alert: it moves again', async () => {
    const table = await freshTable();
    const store = alertStore(table);
    await store.write(alert);
    await stuckRows(table).mark(row, 'no such level', NOW);
    const decision = change((await store.read(alert.id))!, NOW, fourLevels, () => {});
    expect(await store.write(decision.alert)).toBe(true);
    expect((await store.read(alert.id))?.stuck).toBeUndefined();
  });
});
