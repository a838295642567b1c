/** The one table: every key is made and read here. Source: docs/design notes in docs/adr/0002. */
import { createHash } from 'node:crypto';

export const SHARDS = 8;

/** Of a list in the feed index; counting stops here: a total of so many means at least so many. */
export const COUNT_MOST = 20_000;

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
  endedPrefix: 'ended#',
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
  link: (token: string): Key => keys.linkOf(linkHash(token)),
  linkOf: (hash: string): Key => ({ pk: `link#${hash}`, sk: 'link' }),
  /** what holds now beside operations.ts: windows started by hand, contacts that cannot be reached */
  situation: { pk: 'situation', sk: 'current' } satisfies Key,
  /** the walk over all open alerts after the situation changed: due when somebody asks for one */
  review: { pk: 'review', sk: 'current' } satisfies Key,
  /** a further walk, asked for at that moment */
  reviewAgain: (dueAt: number): Key => ({ pk: 'review', sk: `again#${pad(dueAt, 13)}` }),
  inhibitor: (hash: string, alertId: string): Key => ({ pk: `inhibitor#${hash}`, sk: `alert#${alertId}` }),
  /** a sender's key; `id` is the beginning of its hash */
  integrationKey: (id: string): Key => ({ pk: 'integrations', sk: `key#${id}` }),
  integrationKeyPrefix: 'key#',
  /** how many requests a sender's key made in one minute */
  requestCount: (keyId: string, minute: number): Key => ({ pk: `requests#${keyId}`, sk: String(minute) }),
  /** which pages a message of SNS was, for its delivery report */
  message: (messageId: string): Key => ({ pk: `message#${messageId}`, sk: 'pages' }),
  /** the latest audit of contacts and account */
  audit: { pk: 'audit', sk: 'current' } satisfies Key,
  /** how far the escalation audit's walk has come, and what it has told people of */
  escalationAudit: { pk: 'escalation-audit', sk: 'current' } satisfies Key,
  /** when the tick last ran */
  heartbeat: { pk: 'tick', sk: 'heartbeat' } satisfies Key,
};

/** The id in the partition key of an alert, of one of its ended lives, or of its timeline. */
export function alertIdOf(pk: string): string {
  return pk.slice('alert#'.length);
}

/** What a row of the due index is, read from its key. */
export function readKey(
  key: Key,
):
  | { kind: 'alert'; id: string }
  | { kind: 'slot'; responder: string; channel: string }
  | { kind: 'review' }
  | { kind: 'review-again' }
  | { kind: 'link'; hash: string }
  | { kind: 'unknown' } {
  const [type, first, second] = key.pk.split('#');
  if (type === 'alert' && first && key.sk === 'current') return { kind: 'alert', id: first };
  if (type === 'contact' && first && second && key.sk === 'slot')
    return { kind: 'slot', responder: first, channel: second };
  if (type === 'review' && key.sk === 'current') return { kind: 'review' };
  if (type === 'review' && key.sk.startsWith('again#')) return { kind: 'review-again' };
  if (type === 'link' && first && key.sk === 'link') return { kind: 'link', hash: first };
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
