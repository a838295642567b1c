import { describe, expect, it } from 'vitest';
import { alertStore } from '../../functions/alerts/alert.store.ts';
import { alertFeed, FEED_START, type FeedCursor } from '../../functions/alerts/feed.store.ts';
import { realTables } from '../support/real-table.ts';
import { minutesIn, resolved, sampleAlert } from '../support/sample-alert.ts';

const freshTable = realTables();

const opened = (n: number) => sampleAlert({ id: `alert-${n}`, version: 1, feedAt: minutesIn(n) });

describe('alertFeed', () => {
  it('lists the latest first, over all shards', async () => {
    const table = await freshTable();
    const store = alertStore(table);
    for (const n of [3, 1, 12, 7, 10, 2]) await store.write(opened(n));
    const listed = await alertFeed(table).list('open', 50);
    expect(listed.map(({ id }) => id)).toEqual([12, 10, 7, 3, 2, 1].map((n) => `alert-${n}`));
  });

  it('lists the latest 2 of 6', async () => {
    const table = await freshTable();
    for (const n of [3, 1, 12, 7, 10, 2]) await alertStore(table).write(opened(n));
    const listed = await alertFeed(table).list('open', 2);
    expect(listed.map(({ id }) => id)).toEqual(['alert-12', 'alert-10']);
  });

  it('lists the 2 that come after the latest 3', async () => {
    const table = await freshTable();
    for (const n of [3, 1, 12, 7, 10, 2]) await alertStore(table).write(opened(n));
    const listed = await alertFeed(table).list('open', 2, 3);
    expect(listed.map(({ id }) => id)).toEqual(['alert-3', 'alert-2']);
  });

  it('finds the ids that begin so among 131 alerts, open and ended, each once', async () => {
    const table = await freshTable();
    const store = alertStore(table);
    await Promise.all(Array.from({ length: 131 }, (_, n) => store.write(opened(n))));
    const ended = { ...opened(12), version: 2, ...resolved('alarm', 20) };
    await store.write(ended);
    await store.copyEnded(ended);
    const found = await alertFeed(table).find('alert-12');
    expect(found.ids.sort()).toEqual(
      [12, ...Array.from({ length: 10 }, (_, n) => 120 + n)].map((n) => `alert-${n}`),
    );
    expect(found.isAll).toBe(true);
    expect(await alertFeed(table).find('x')).toEqual({ ids: [], isAll: true });
  });

  it('lists 130 alerts, more than one batch of DynamoDB', async () => {
    const table = await freshTable();
    const store = alertStore(table);
    await Promise.all(Array.from({ length: 130 }, (_, n) => store.write(opened(n))));
    const listed = await alertFeed(table).list('open', 200);
    expect(listed.map(({ feedAt }) => feedAt)).toEqual(
      Array.from({ length: 130 }, (_, n) => minutesIn(129 - n)),
    );
  });

  it('moves a resolved alert from the open ones to the ended ones', async () => {
    const table = await freshTable();
    const store = alertStore(table);
    const ended = { ...opened(1), version: 2, ...resolved('alarm', 20) };
    await store.write(opened(1));
    await store.write(ended);
    await store.copyEnded(ended);
    expect(await alertFeed(table).list('open', 50)).toEqual([]);
    expect(await alertFeed(table).list('ended', 50)).toMatchObject([{ id: 'alert-1', status: 'resolved' }]);
  });

  it('does not list what is not there', async () => {
    expect(await alertFeed(await freshTable()).list('open', 50)).toEqual([]);
  });

  it('counts 130 open and 1 ended alert over all shards, whatever is listed of them', async () => {
    const table = await freshTable();
    const store = alertStore(table);
    await Promise.all(Array.from({ length: 131 }, (_, n) => store.write(opened(n))));
    const ended = { ...opened(7), version: 2, ...resolved('alarm', 20) };
    await store.write(ended);
    await store.copyEnded(ended);
    expect(await alertFeed(table).count('open')).toBe(130);
    expect(await alertFeed(table).count('ended')).toBe(1);
  });

  it('walks over 130 open alerts in steps of at most 7, each alert once, and ends', async () => {
    const table = await freshTable();
    await Promise.all(Array.from({ length: 130 }, (_, n) => alertStore(table).write(opened(n))));
    const steps: string[][] = [];
    for (let cursor: FeedCursor | undefined = FEED_START; cursor; ) {
      const step = await alertFeed(table).walkOpen(cursor, 7);
      steps.push(step.ids);
      cursor = step.next;
    }
    expect(Math.max(...steps.map((ids) => ids.length))).toBe(7);
    expect(steps.flat().sort()).toEqual(Array.from({ length: 130 }, (_, n) => `alert-${n}`).sort());
  });
});
