import { describe, expect, it, vi } from 'vitest';
import { alertStore } from '../../functions/alerts/alert.store.ts';
import { changeAlert } from '../../functions/alerts/change-alert.ts';
import { realTables } from '../support/real-table.ts';
import { OPENED_AT, sampleAlert } from '../support/sample-alert.ts';

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
