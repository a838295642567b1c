/** What the system wrote into its table, read when the replay is over: each alert's life with its timeline. */

import { mergeTimeline, readAlert, readTimelineRow } from '../../functions/alerts/alert.store.ts';
import type { Alert, TimelineEntry } from '../../functions/alerts/alert.ts';
import { readKey } from '../../functions/shared/table.ts';
import type { AttributeValue, Item } from '../../local/dynamodb/attribute-value.ts';
import type { Life } from './replay-event.ts';

/** Every life of every alert, those that have ended included. */
export function readLives(items: readonly Item[]): Life[] {
  const lives = new Map<string, Alert>();
  const entries = new Map<string, TimelineEntry[]>();
  const note = (pk: string, more: readonly TimelineEntry[]) => {
    const known = entries.get(pk) ?? [];
    known.push(...more);
    entries.set(pk, known);
  };
  for (const item of items.map(toPlain)) {
    const { pk, sk } = item as { pk: string; sk: string };
    const current = readKey({ pk, sk }).kind === 'alert';
    if (sk.startsWith('event#')) note(pk, readTimelineRow(item));
    if (!current && !sk.startsWith('ended#')) continue;
    const alert = readAlert(item);
    note(pk, alert.timeline);
    // A tombstone that only remembers an OK never lived. An ended life stands here twice: once is enough.
    if (alert.openedAt > 0) lives.set(`${pk} ${alert.openedAt}`, alert);
  }
  return [...lives].map(([key, alert]) => ({
    alert,
    timeline: mergeTimeline(entries.get(key.split(' ')[0]!) ?? [], alert),
  }));
}

/** An item as the document client would give it. */
export function toPlain(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue({ S, N, BOOL, L, M }: AttributeValue): unknown {
  if (N !== undefined) return Number(N);
  if (L !== undefined) return L.map(plainValue);
  if (M !== undefined) return toPlain(M);
  return S ?? BOOL ?? null;
}
