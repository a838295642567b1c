import { describe, expect, it } from 'vitest';
import { messageStore } from '../../functions/paging/message.store.ts';
import { realTables } from '../support/real-table.ts';
import { OPENED_AT } from '../support/sample-alert.ts';

const freshTable = realTables();

const message = {
  responder: 'ana',
  channel: 'sms' as const,
  at: OPENED_AT,
  pages: [{ alert: 'alert-1', openedAt: OPENED_AT, page: '1' }],
};

describe('messageStore', () => {
  it('reads a message back by the id that SNS gave it', async () => {
    const messages = messageStore(await freshTable());
    await messages.put('id-1', message);
    await messages.put('id-2', { ...message, storm: true });
    expect(await messages.read('id-1')).toEqual(message);
    expect(await messages.read('id-2')).toEqual({ ...message, storm: true });
    expect(await messages.read('id-3')).toBeUndefined();
  });

  it('has the row swept 7 days later', async () => {
    const table = await freshTable();
    await messageStore(table).put('id-1', message);
    expect((await table.items())[0]?.expiresAtEpochS).toBe(OPENED_AT / 1000 + 7 * 24 * 3600);
  });
});
