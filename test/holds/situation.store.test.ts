import { describe, expect, it, vi } from 'vitest';
import { situationStore } from '../../functions/holds/situation.store.ts';
import { realTables } from '../support/real-table.ts';

const freshTable = realTables();

describe('situationStore.read', () => {
  it('is one call for ten who ask in one instant, and a call of its own for who asks later', async () => {
    const table = await freshTable();
    const store = situationStore(table);
    const reads = vi.spyOn(table.client, 'get');
    await Promise.all(Array.from({ length: 10 }, () => store.read()));
    expect(reads).toHaveBeenCalledTimes(1);
    await store.read();
    expect(reads).toHaveBeenCalledTimes(2);
  });

  it('does not join who asked before a change', async () => {
    const store = situationStore(await freshTable());
    const before = store.read();
    await store.change((situation) => ({ ...situation, windows: [] }));
    expect((await store.read()).version).toBe((await before).version + 1);
  });

  it('fails for all who share the call, and is asked again by the next', async () => {
    const table = await freshTable();
    const store = situationStore(table);
    vi.spyOn(table.client, 'get').mockRejectedValueOnce(new Error('throttled') as never);
    const asked = await Promise.allSettled([store.read(), store.read()]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await store.read()).version).toBe(0);
  });
});
