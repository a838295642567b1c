/** Open alerts as they stand, many at once and read consistently; one that cannot be read spoils no other. */
import { readAlert } from '../alerts/alert.store.ts';
import type { Alert } from '../alerts/alert.ts';
import { alertFeed, type FeedCursor, type FeedStep } from '../alerts/feed.store.ts';
import { reasonOf } from '../shared/redact.ts';
import type { Table } from '../shared/table.store.ts';
import { alertIdOf, keys } from '../shared/table.ts';

/** Source: DynamoDB API reference, BatchGetItem */
export const READ_AT_ONCE = 100;

export type OpenAlerts = {
  /** The next ids of a walk over the open alerts, at most {@link READ_AT_ONCE}. */
  walk(from: FeedCursor): Promise<FeedStep>;
  /** One that is gone is left out. */
  read(ids: readonly string[]): Promise<({ id: string } & ({ alert: Alert } | { unreadable: string }))[]>;
};

export function openAlerts(table: Table): OpenAlerts {
  const { client, name } = table;
  const feed = alertFeed(table);
  return {
    walk: (from) => feed.walkOpen(from, READ_AT_ONCE),
    async read(ids) {
      const items: Record<string, unknown>[] = [];
      let wanted: Record<string, unknown>[] = ids.map((id) => keys.alert(id));
      while (wanted.length > 0) {
        const { Responses, UnprocessedKeys } = await client.batchGet({
          RequestItems: { [name]: { Keys: wanted, ConsistentRead: true } },
        });
        items.push(...(Responses?.[name] ?? []));
        wanted = UnprocessedKeys?.[name]?.Keys ?? [];
      }
      return items.map((item) => {
        const id = alertIdOf(String(item.pk));
        try {
          return { id, alert: readAlert(item) };
        } catch (error) {
          return { id, unreadable: reasonOf(error) };
        }
      });
    },
  };
}
