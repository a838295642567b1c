import { describe, expect, it, vi } from 'vitest';
import { alertStore } from '../../functions/alerts/alert.store.ts';
import { changeAlert } from '../../functions/alerts/change-alert.ts';
import { realTables } from '../support/real-table.ts';
import { OPENED_AT, sampleAlert, sampleEntry } from '../support/sample-alert.ts';

const freshTable = realTables();

const first = sampleAlert({ version: 1, feedAt: OPENED_AT });
const second = { ...first, version: 2, triggers: 2 };

describe('changeAlert of an alert that the caller has just written', () => {
  const again = (store: ReturnType<typeof alertStore>) =>
    changeAlert(
      store,
      first.id,
      (alert) => ({
        kind: 'changed',
        alert: { ...alert!, version: alert!.version + 1, triggers: alert!.triggers + 10 },
      }),
      first,
    );

  it('writes without a read', async () => {
    const table = await freshTable();
    const store = alertStore(table);
    await store.write(first);
    const reads = vi.spyOn(table.client, 'get');
    await again(store);
    expect(reads).not.toHaveBeenCalled();
    expect(await store.read(first.id)).toMatchObject({ version: 2, triggers: first.triggers + 10 });
  });

  it('reads, and decides anew, when somebody else has written since', async () => {
    const store = alertStore(await freshTable());
    await store.write(first);
    await store.write(second);
    await again(store);
    expect(await store.read(first.id)).toMatchObject({ version: 3, triggers: 12 });
  });
});

describe('changeAlert', () => {
  const raised = (alert: typeof first | undefined) =>
    ({ kind: 'changed', alert: { ...alert!, version: alert!.version + 1, severity: 'info' } }) as const;

  it('writes nothing when the rule changes nothing, and hands its reason on', async () => {
    const store = alertStore(await freshTable());
    await store.write(first);
    const unchanged = { kind: 'unchanged', reason: 'resolved already' } as const;
    expect(await changeAlert(store, first.id, () => unchanged)).toEqual(unchanged);
    expect(await store.read(first.id)).toMatchObject({ version: 1 });
  });

  it('opens an alert that is not there yet', async () => {
    const store = alertStore(await freshTable());
    const decision = await changeAlert(store, first.id, (alert) =>
      alert ? { kind: 'unchanged', reason: 'is there' } : { kind: 'changed', alert: first },
    );
    expect(decision).toEqual({ kind: 'changed', alert: first });
    expect(await store.read(first.id)).toMatchObject({ version: 1 });
  });

  it('gives up when others were faster 25 times in a row, and says to try again', async () => {
    const store = alertStore(await freshTable());
    await store.write(first);
    let tries = 0;
    const decide = async (alert: typeof first | undefined) => {
      tries += 1;
      await store.write({ ...alert!, version: alert!.version + 1 });
      return raised(alert);
    };
    await expect(changeAlert(store, first.id, decide)).rejects.toMatchObject({
      kind: 'retry',
      message: expect.stringContaining('25 times in a row: try again'),
    });
    expect(tries).toBe(25);
  });

  it('writes at the 25th try when others were faster 24 times', async () => {
    const store = alertStore(await freshTable());
    await store.write(first);
    let tries = 0;
    const decision = await changeAlert(store, first.id, async (alert) => {
      tries += 1;
      if (tries < 25) await store.write({ ...alert!, version: alert!.version + 1 });
      return raised(alert);
    });
    expect(decision).toMatchObject({ kind: 'changed', alert: { version: 26, severity: 'info' } });
  });

  /** The alert with so many entries of earlier writes; the change adds one. */
  async function changeWith(entries: number, opensAnew = false) {
    const store = alertStore(await freshTable());
    const timeline = Array.from({ length: entries }, (_, n) =>
      sampleEntry(0, 'page.sent', { version: 1, n, reason: `entry ${n}` }),
    );
    await store.write({ ...first, timeline });
    await changeAlert(store, first.id, (alert) => ({
      kind: 'changed',
      alert: {
        ...alert!,
        version: 2,
        openedAt: alert!.openedAt + (opensAnew ? 60_000 : 0),
        timeline: [...alert!.timeline, sampleEntry(1, 'alert.acknowledged', { version: 2 })],
      },
    }));
    const alert = (await store.read(first.id))!;
    return {
      inItem: alert.timeline.length,
      told: (await store.readTimeline({ ...alert, openedAt: OPENED_AT })).length,
    };
  }

  it('keeps 19 earlier entries in the item, with the new one', async () =>
    expect(await changeWith(19)).toEqual({ inItem: 20, told: 20 }));

  it('copies 20 earlier entries out, and keeps the new one', async () =>
    expect(await changeWith(20)).toEqual({ inItem: 1, told: 21 }));

  it('copies those of the life before out when a new one opens', async () =>
    expect(await changeWith(3, true)).toEqual({ inItem: 1, told: 4 }));
});
