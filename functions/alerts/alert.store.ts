/** Alerts in the table: one conditional write per change; everything else is an idempotent copy of it. */
import { randomUUID } from 'node:crypto';
import { OpsError } from '../shared/errors.ts';
import { isConditionFailed, queryAll, type Table } from '../shared/table.store.ts';
import { feedOf, keys, shardOf } from '../shared/table.ts';
import { ALERT_SCHEMA, Alert, isOpen, type TimelineEntry, TimelineRow } from './alert.ts';

export type AlertStore = {
  /** The alert as it stands, read consistently. */
  read(id: string): Promise<Alert | undefined>;
  /**
   * Writes the alert if nobody has written since the version before it.
   * @returns false when somebody was faster: read again
   */
  write(alert: Alert): Promise<boolean>;
  /** Copies the item's timeline entries out, one row for all of a life; repeating it changes nothing. */
  copyTimeline(id: string, entries: readonly TimelineEntry[]): Promise<void>;
  /** Copies a resolved life; repeating it changes nothing. */
  copyEnded(alert: Alert): Promise<void>;
  readEnded(id: string, openedAt: number): Promise<Alert | undefined>;
  /** The lives that have ended, the latest first, at most `limit`. */
  listEnded(id: string, limit: number): Promise<Alert[]>;
  /**
   * The timeline of one life: what was copied out and what is still in the item, in order.
   * @param rowsMost  only the latest rows, of about 20 entries each
   */
  readTimeline(alert: Alert, rowsMost?: number): Promise<TimelineEntry[]>;
};

export function alertStore(table: Table): AlertStore {
  const { client, name } = table;
  const get = async (key: { pk: string; sk: string }) =>
    (await client.get({ TableName: name, Key: key, ConsistentRead: true })).Item;

  const putIfAbsent = async (item: Record<string, unknown>) => {
    try {
      await client.put({ TableName: name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' });
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  };

  const read = async (id: string) => {
    const item = await get(keys.alert(id));
    return item && readAlert(item);
  };

  return {
    read,

    async write(alert) {
      const writeId = randomUUID();
      const item = { ...toItem(alert), writeId };
      try {
        await client.put({
          TableName: name,
          Item: item,
          ConditionExpression: alert.version === 1 ? 'attribute_not_exists(pk)' : '#version = :before',
          ...(alert.version === 1
            ? {}
            : {
                ExpressionAttributeNames: { '#version': 'version' },
                ExpressionAttributeValues: { ':before': alert.version - 1 },
              }),
        });
        return true;
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        // The SDK may have repeated a write whose response was lost: then it is our own that stands there.
        return (await read(alert.id))?.writeId === writeId;
      }
    },

    async copyTimeline(id, entries) {
      const lives = new Map<number, TimelineEntry[]>();
      for (const entry of entries) {
        lives.set(entry.openedAt, [...(lives.get(entry.openedAt) ?? []), entry]);
      }
      await Promise.all(
        [...lives.values()].map((life) =>
          putIfAbsent({ ...keys.timelineRow(id, life.at(-1)!), entries: life }),
        ),
      );
    },

    async copyEnded(alert) {
      const key = keys.endedAlert(alert.id, alert.openedAt);
      const { dueAt: _dueAt, ...rest } = alert;
      const feedAt = alert.resolution?.at ?? alert.feedAt;
      await putIfAbsent({ ...rest, timeline: [], pages: [], ...key, feed: feedOf('ended', key.pk), feedAt });
    },

    async readEnded(id, openedAt) {
      const item = await get(keys.endedAlert(id, openedAt));
      return item && readAlert(item);
    },

    async listEnded(id, limit) {
      const { Items } = await client.query({
        TableName: name,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': keys.alert(id).pk, ':prefix': keys.endedPrefix },
        ScanIndexForward: false,
        Limit: limit,
      });
      return (Items ?? []).map(readAlert);
    },

    async readTimeline(alert, rowsMost = Number.POSITIVE_INFINITY) {
      const query = {
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: {
          ':pk': keys.alert(alert.id).pk,
          ':prefix': keys.timelinePrefix(alert.openedAt),
        },
        ScanIndexForward: false,
      };
      const rows = await queryAll(table, query, rowsMost);
      return mergeTimeline(rows.flatMap(readTimelineRow), alert);
    },
  };
}

/** The entries that were copied out as one row. */
export function readTimelineRow(item: Record<string, unknown>): TimelineEntry[] {
  return TimelineRow.parse(item).entries;
}

/** Copied entries and those still in the item, each once, in the order in which they were written. */
export function mergeTimeline(copied: readonly TimelineEntry[], alert: Alert): TimelineEntry[] {
  const byWrite = new Map<string, TimelineEntry>();
  for (const entry of [...copied, ...alert.timeline]) {
    if (entry.openedAt === alert.openedAt) byWrite.set(`${entry.version}#${entry.n}`, entry);
  }
  return [...byWrite.values()].sort((a, b) => a.version - b.version || a.n - b.n);
}

/**
 * Reads a stored alert, whichever version of the code wrote it.
 * @throws OpsError `retry` when newer code wrote the row, `bug` when it is not an alert
 */
export function readAlert(item: Record<string, unknown>): Alert {
  const where = `${String(item.pk)} ${String(item.sk)}`;
  if (typeof item.schema === 'number' && item.schema > ALERT_SCHEMA) {
    throw new OpsError(
      'retry',
      `the row ${where} was written by newer code (schema ${item.schema}): this one waits until it is replaced`,
    );
  }
  const parsed = Alert.safeParse(upgrade(item));
  if (parsed.success) return parsed.data;
  throw new OpsError('bug', `the row ${where} is not an alert: ${parsed.error.message}`);
}

/** Schema 1 had no labels: an alert of then matches no window by label until its next signal. */
function upgrade(item: Record<string, unknown>): Record<string, unknown> {
  return item.schema === 1 ? { ...item, schema: ALERT_SCHEMA, labels: {} } : item;
}

/** Index attributes follow from the alert; a tombstone is in no list, its ended copy is. */
function toItem(alert: Alert): Record<string, unknown> {
  const key = keys.alert(alert.id);
  return {
    ...alert,
    ...key,
    ...(alert.dueAt === undefined ? {} : { dueShard: shardOf(key.pk) }),
    ...(isOpen(alert) ? { feed: feedOf('open', key.pk) } : {}),
  };
}
