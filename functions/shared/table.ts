/** The one table: every key is made and read here. Source: docs/design notes in docs/adr/0002. */
import { createHash } from 'node:crypto';

export const SHARDS = 8;
export const DUE_INDEX = 'due';
export const FEED_INDEX = 'feed';

/** `pk`, `sk`, `dueShard`, `feed` are strings; `dueAt`, `feedAt` are epoch milliseconds. */
export type Key = { pk: string; sk: string };

/** What the tick hands to the due queue: which row, and what its `dueAt` was when seen. */
export type DueMessage = Key & { dueAt: number };

/** 64 bits in hex: enough for any account, short enough for a terminal, and never like an option's dash. */
export function alertId(dedupKey: string): string {
  return createHash('sha256').update(dedupKey).digest('hex').slice(0, 16);
}

export function linkHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

export const keys = {
  alert: (id: string): Key => ({ pk: `alert#${id}`, sk: 'current' }),
  endedAlert: (id: string, openedAt: number): Key => ({
    pk: `alert#${id}`,
    sk: `ended#${pad(openedAt, 13)}`,
  }),
  timelineRow: (id: string, last: { openedAt: number; version: number; n: number }): Key => ({
    pk: `alert#${id}`,
    sk: `event#${pad(last.openedAt, 13)}#${pad(last.version, 8)}#${pad(last.n, 4)}`,
  }),
  timelinePrefix: (openedAt: number): string => `event#${pad(openedAt, 13)}#`,
  slot: (responder: string, channel: string): Key => ({ pk: `contact#${responder}#${channel}`, sk: 'slot' }),
  /** Pages before notices, then in the order in which they came to be owed. Its id is unique over all lives. */
  waiting: (
    responder: string,
    channel: string,
    page: { alertId: string; pageId: string; owedAt: number; isNotice: boolean },
  ): Key => ({
    pk: `contact#${responder}#${channel}`,
    sk: `waiting#${page.isNotice ? 2 : 1}#${pad(page.owedAt, 13)}#${page.alertId}#${page.pageId}`,
  }),
  waitingPrefix: 'waiting#',
  link: (token: string): Key => ({ pk: `link#${linkHash(token)}`, sk: 'link' }),
};

/** What a row of the due index is, read from its key. */
export function readKey(
  key: Key,
):
  | { kind: 'alert'; id: string }
  | { kind: 'slot'; responder: string; channel: string }
  | { kind: 'unknown' } {
  const [type, first, second] = key.pk.split('#');
  if (type === 'alert' && first && key.sk === 'current') return { kind: 'alert', id: first };
  if (type === 'contact' && first && second && key.sk === 'slot')
    return { kind: 'slot', responder: first, channel: second };
  return { kind: 'unknown' };
}

/** The shard of a row in both indexes: stable, from its partition key. */
export function shardOf(pk: string): string {
  return String(createHash('sha256').update(pk).digest().readUInt8(0) % SHARDS);
}

/** `open#0` … `ended#7` */
export function feedOf(kind: 'open' | 'ended', pk: string): string {
  return `${kind}#${shardOf(pk)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
