import { describe, expect, it } from 'vitest';
import { linkStore, mintToken } from '../../functions/paging/link.store.ts';
import { realTables } from '../support/real-table.ts';
import { OPENED_AT } from '../support/sample-alert.ts';

const freshTable = realTables();

const link = { responder: 'ana', sentAt: OPENED_AT, alerts: [{ id: 'alert-1', openedAt: OPENED_AT }] };

describe('linkStore', () => {
  it('reads the link of a token back', async () => {
    const links = linkStore(await freshTable());
    const token = mintToken();
    await links.put(token, link);
    expect(await links.read(token)).toEqual(link);
  });

  it('knows no link of another token', async () => {
    const links = linkStore(await freshTable());
    await links.put(mintToken(), link);
    expect(await links.read(mintToken())).toBeUndefined();
  });

  it('stores the token’s hash alone, and has the row swept a year later', async () => {
    const table = await freshTable();
    const token = mintToken();
    await linkStore(table).put(token, link);
    const [row] = await table.items();
    expect(JSON.stringify(row)).not.toContain(token);
    expect(row?.expiresAtEpochS).toBe(OPENED_AT / 1000 + 365 * 24 * 3600);
  });
});

describe('mintToken', () => {
  it('makes 128 bits in 22 characters of a URL, another each time', () => {
    const tokens = Array.from({ length: 1_000 }, mintToken);
    expect(new Set(tokens).size).toBe(1_000);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{22}$/);
  });
});
