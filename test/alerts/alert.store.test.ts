import { describe, expect, it } from 'vitest';
import { alertStore, mergeTimeline, readAlert } from '../../functions/alerts/alert.store.ts';
import { ALERT_SCHEMA } from '../../functions/alerts/alert.ts';
import { keys, shardOf } from '../../functions/shared/table.ts';
import { realTables } from '../support/real-table.ts';
import { minutesIn, OPENED_AT, resolved, sampleAlert, sampleEntry } from '../support/sample-alert.ts';

const freshTable = realTables();

const first = sampleAlert({ version: 1, dueAt: minutesIn(15), feedAt: OPENED_AT });
const second = { ...first, version: 2, triggers: 2 };

async function freshStore() {
  const table = await freshTable();
  return { table, store: alertStore(table) };
}

describe('alertStore.write', () => {
  it('writes version 1 of an alert that is not there, and reads back the same', async () => {
    const { store } = await freshStore();
    expect(await store.write(first)).toBe(true);
    expect(await store.read(first.id)).toEqual({ ...first, writeId: expect.any(String) });
  });

  it('refuses version 1 when the alert is there, and leaves that one alone', async () => {
    const { store } = await freshStore();
    await store.write(first);
    expect(await store.write({ ...first, triggers: 9 })).toBe(false);
    expect((await store.read(first.id))?.triggers).toBe(1);
  });

  it('lets exactly one of 20 writers of version 1 win', async () => {
    const { store } = await freshStore();
    const results = await Promise.all(Array.from({ length: 20 }, () => store.write(first)));
    expect(results.filter((won) => won)).toHaveLength(1);
  });

  it('lets exactly one of 20 writers of version 2 win', async () => {
    const { store } = await freshStore();
    await store.write(first);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => store.write({ ...second, triggers: n })),
    );
    expect(results.filter((won) => won)).toHaveLength(1);
    expect((await store.read(first.id))?.triggers).toBe(results.indexOf(true));
  });

  it('refuses a version that does not follow the stored one', async () => {
    const { store } = await freshStore();
    await store.write(first);
    expect(await store.write({ ...first, version: 3 })).toBe(false);
    expect(await store.write(second)).toBe(true);
    expect(await store.write(second)).toBe(false);
  });

  it('refuses version 2 of an alert that is not there', async () => {
    const { store } = await freshStore();
    expect(await store.write(second)).toBe(false);
    expect(await store.read(second.id)).toBeUndefined();
  });

  it('knows its own first write when the response was lost and the SDK repeated it', async () => {
    const { store, table } = await freshStore();
    table.loseResponses(1);
    expect(await store.write(first)).toBe(true);
  });

  it('knows its own later write when two responses were lost', async () => {
    const { store, table } = await freshStore();
    await store.write(first);
    table.loseResponses(2);
    expect(await store.write(second)).toBe(true);
    expect((await store.read(first.id))?.version).toBe(2);
  });

  it('throws when no response arrives at all: a fault is not a conflict', async () => {
    const { store, table } = await freshStore();
    table.loseResponses(3);
    await expect(store.write(first)).rejects.toThrow('socket hang up');
  });

  it('throws when the table is gone: a fault is not a conflict', async () => {
    const { table } = await freshStore();
    const store = alertStore({ ...table, name: 'no-such-table' });
    await expect(store.write(first)).rejects.toThrow('resource not found');
  });

  it('puts an open alert into the feed and a due one into the index, and takes them out again', async () => {
    const { store, table } = await freshStore();
    const key = keys.alert(first.id);
    const itemOf = async () => (await table.client.get({ TableName: table.name, Key: key })).Item;
    await store.write(first);
    expect(await itemOf()).toMatchObject({
      ...key,
      dueShard: shardOf(key.pk),
      dueAt: minutesIn(15),
      feed: `open#${shardOf(key.pk)}`,
      feedAt: OPENED_AT,
    });
    await store.write({ ...second, ...resolved('alarm', 20), dueAt: undefined });
    const item = await itemOf();
    expect(item).not.toHaveProperty('feed');
    expect(item).not.toHaveProperty('dueShard');
    expect(item).not.toHaveProperty('dueAt');
  });
});

describe('alertStore copies', () => {
  const entries = [
    sampleEntry(0, 'alert.opened', { version: 1, n: 0 }),
    sampleEntry(0, 'page.sent', { version: 2, n: 0, responder: 'ana' }),
    sampleEntry(0, 'page.sent', { version: 2, n: 1, responder: 'ben' }),
  ];

  it('writes one row when 3 timeline entries are copied twice', async () => {
    const { store, table } = await freshStore();
    await store.copyTimeline(first.id, entries);
    await store.copyTimeline(first.id, entries);
    expect(await table.items()).toHaveLength(1);
  });

  it('keeps the first copy of an entry', async () => {
    const { store } = await freshStore();
    await store.copyTimeline(first.id, entries);
    await store.copyTimeline(
      first.id,
      entries.map((entry) => ({ ...entry, reason: 'another' })),
    );
    expect(await store.readTimeline(first)).toEqual(entries);
  });

  it('copies entries whose responses were lost', async () => {
    const { store, table } = await freshStore();
    table.loseResponses(2);
    await store.copyTimeline(first.id, entries);
    expect(await store.readTimeline(first)).toEqual(entries);
  });

  it('throws when an entry could not be copied', async () => {
    const { table } = await freshStore();
    const store = alertStore({ ...table, name: 'no-such-table' });
    await expect(store.copyTimeline(first.id, entries)).rejects.toThrow('resource not found');
  });

  it('copies a resolved life once, without its timeline, out of the due index and into the ended feed', async () => {
    const { store, table } = await freshStore();
    const ended = sampleAlert({ ...resolved('alarm', 20), timeline: entries, dueAt: minutesIn(21) });
    await store.copyEnded(ended);
    await store.copyEnded({ ...ended, triggers: 9 });
    const items = await table.items();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      ...keys.endedAlert(ended.id, OPENED_AT),
      triggers: 1,
      timeline: [],
      feedAt: minutesIn(20),
    });
    expect(items[0]!.feed).toMatch(/^ended#\d$/);
    expect(items[0]).not.toHaveProperty('dueAt');
    expect(items[0]).not.toHaveProperty('dueShard');
  });

  it('reads an ended life by the moment at which it opened, and no other', async () => {
    const { store } = await freshStore();
    await store.copyEnded(sampleAlert(resolved('alarm', 20)));
    expect((await store.readEnded(first.id, OPENED_AT))?.resolution?.at).toBe(minutesIn(20));
    expect(await store.readEnded(first.id, OPENED_AT + 1)).toBeUndefined();
  });
});

describe('alertStore.readTimeline', () => {
  it('merges 2 copied entries with 2 of the item, each once, in the order of their writes', async () => {
    const { store } = await freshStore();
    const [a, b, c] = [9, 10, 11].map((version) => sampleEntry(version, 'alert.repeated', { version }));
    await store.copyTimeline(first.id, [a!, b!]);
    expect(await store.readTimeline({ ...first, timeline: [b!, c!] })).toEqual([a, b, c]);
  });

  it('reads no more than the latest 2 rows when asked for 2', async () => {
    const { store } = await freshStore();
    const [a, b, c] = [1, 2, 3].map((version) => sampleEntry(version, 'alert.repeated', { version }));
    for (const entry of [a!, b!, c!]) await store.copyTimeline(first.id, [entry]);
    expect(await store.readTimeline(first, 2)).toEqual([b, c]);
  });

  it('leaves out what an earlier life wrote', async () => {
    const { store } = await freshStore();
    const earlier = sampleEntry(0, 'notice.sent', { openedAt: OPENED_AT - 1 });
    const own = sampleEntry(0, 'alert.opened');
    await store.copyTimeline(first.id, [earlier]);
    expect(await store.readTimeline({ ...first, timeline: [earlier, own] })).toEqual([own]);
  });

  it('reads 40 entries of 30 KB, more than one answer of DynamoDB holds', async () => {
    const { store } = await freshStore();
    const many = Array.from({ length: 40 }, (_, n) =>
      sampleEntry(n, 'alert.repeated', { version: n + 1, reason: 'x'.repeat(30_000) }),
    );
    for (const entry of many) await store.copyTimeline(first.id, [entry]);
    const read = await store.readTimeline(first);
    expect(read.map(({ version }) => version)).toEqual(many.map(({ version }) => version));
  });
});

describe('mergeTimeline', () => {
  it('puts entry 10 of a write after entry 9', () => {
    const entries = [10, 9, 1].map((n) => sampleEntry(0, 'page.sent', { n }));
    expect(mergeTimeline(entries, first).map(({ n }) => n)).toEqual([1, 9, 10]);
  });
});

describe('readAlert', () => {
  it('names the row that is not an alert', () => {
    const row = { pk: 'alert#x', sk: 'current', status: 'asleep' };
    expect(() => readAlert(row)).toThrow(/the row alert#x current is not an alert/);
  });

  it('refuses a row that newer code has written, lest it lose what that code knows', () => {
    const row = { ...first, ...keys.alert(first.id), schema: ALERT_SCHEMA + 1 };
    expect(() => readAlert(row)).toThrow(/was written by newer code/);
  });

  it('leaves attributes of the table and of the indexes out of the alert', async () => {
    const row = { ...first, ...keys.alert(first.id), dueShard: '1', feed: 'open#1' };
    expect(readAlert(row)).toEqual(first);
  });
});
