import { describe, expect, it } from 'vitest';
import { alertId, feedOf, keys, linkHash, readKey, SHARDS, shardOf } from '../../functions/shared/table.ts';

const OPENED_AT = Date.parse('2026-11-24T14:05:00Z');

describe('keys', () => {
  it('sort timeline entries by life, write and place, as numbers do', () => {
    const entries = [
      { openedAt: OPENED_AT, version: 2, n: 0 },
      { openedAt: OPENED_AT, version: 2, n: 9 },
      { openedAt: OPENED_AT, version: 2, n: 10 },
      { openedAt: OPENED_AT, version: 10, n: 0 },
      { openedAt: OPENED_AT + 1, version: 3, n: 0 },
    ];
    const sorted = entries.map((entry) => keys.timelineRow('a', entry).sk);
    expect([...sorted].reverse().sort()).toEqual(sorted);
    expect(sorted[0]).toBe('event#1795529100000#00000002#0000');
    expect(sorted[0]?.startsWith(keys.timelinePrefix(OPENED_AT))).toBe(true);
  });

  it('order the line of a contact: pages before notices, the longest owed first', () => {
    const page = { alertId: 'z', pageId: '1', owedAt: OPENED_AT + 1, isNotice: false };
    const line = [
      { ...page, alertId: 'z', owedAt: OPENED_AT },
      { ...page, alertId: 'a' },
      { ...page, alertId: 'b' },
      { ...page, alertId: 'a', owedAt: OPENED_AT, isNotice: true },
    ].map((one) => keys.waiting('ana', 'sms', one));
    expect(line.map(({ pk }) => pk)).toEqual(line.map(() => keys.slot('ana', 'sms').pk));
    expect([...line.map(({ sk }) => sk)].reverse().sort()).toEqual(line.map(({ sk }) => sk));
    expect(line.every(({ sk }) => sk.startsWith(keys.waitingPrefix))).toBe(true);
  });

  it('hold the hash of a token, never the token', () => {
    const { pk } = keys.link('secret-token');
    expect(pk).toBe(`link#${linkHash('secret-token')}`);
    expect(pk).not.toContain('secret');
  });
});

describe('readKey', () => {
  it('reads back what can be due: an alert, a slot', () => {
    expect(readKey(keys.alert('a'))).toEqual({ kind: 'alert', id: 'a' });
    expect(readKey(keys.slot('ana', 'sms'))).toEqual({ kind: 'slot', responder: 'ana', channel: 'sms' });
  });

  it.each([
    keys.endedAlert('a', OPENED_AT),
    { pk: 'alert#', sk: 'current' },
    { pk: 'contact#ana', sk: 'slot' },
    { pk: 'duty#backup', sk: 'run#1' },
  ])('knows nothing of $pk $sk', (key) => {
    expect(readKey(key)).toEqual({ kind: 'unknown' });
  });
});

describe('shardOf', () => {
  it('spreads 800 keys over 8 shards, none with more than twice its share', () => {
    const counts = new Map<string, number>();
    for (let n = 0; n < 800; n++) {
      const shard = shardOf(keys.alert(alertId(`alarm-${n}`)).pk);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(Array.from({ length: SHARDS }, (_, n) => String(n)));
    expect(Math.max(...counts.values())).toBeLessThan(200);
  });

  it('is the same each time, in both feeds', () => {
    const { pk } = keys.alert('a');
    expect(feedOf('open', pk)).toBe(`open#${shardOf(pk)}`);
    expect(feedOf('ended', pk)).toBe(`ended#${shardOf(pk)}`);
  });
});

describe('alertId', () => {
  it('is 16 characters that a URL takes, another for another key', () => {
    const ids = Array.from({ length: 1_000 }, (_, n) => alertId(`arn:aws:cloudwatch:eu-west-1:1:alarm:${n}`));
    for (const id of ids) expect(id).toMatch(/^[\w-]{16}$/);
    expect(new Set(ids).size).toBe(1_000);
  });
});
