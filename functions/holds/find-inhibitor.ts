/** Looks for an alert that holds this one, and leaves the hints for those that this one holds. */
import type { AlertStore } from '../alerts/alert.store.ts';
import { type Alert, isOpen } from '../alerts/alert.ts';
import type { Operations } from '../operations/operations.ts';
import {
  hashesAsInhibited,
  hashesAsInhibitor,
  type Inhibited,
  type Inhibitor,
  inhibits,
} from './inhibition.ts';
import type { InhibitorStore } from './inhibitor.store.ts';
import { type ReviewPorts, requestReview } from './review.ts';

/** Of very many that may hold an alert so many are looked at; one is enough. */
const LOOKED_AT_MOST = 20;

type FindPorts = {
  alerts: Pick<AlertStore, 'read'>;
  inhibitors: InhibitorStore;
  warn: (message: string, error: unknown) => void;
};

/**
 * The alert that holds this one now. Costs nothing where no inhibition means it.
 * What cannot be read holds nobody: a page too many rather than one lost.
 * @param operations  as they stand now
 */
export async function findInhibitor(
  alert: Inhibited,
  ports: FindPorts,
  operations: Operations,
): Promise<Inhibitor> {
  try {
    const hints = await Promise.all(
      hashesAsInhibited(alert, operations).map((hash) => ports.inhibitors.list(hash, LOOKED_AT_MOST)),
    );
    for (const id of new Set(hints.flat().slice(0, LOOKED_AT_MOST))) {
      const other = await ports.alerts.read(id);
      if (other && inhibits(other, alert, operations)) return { by: other.id, since: other.openedAt };
    }
  } catch (error) {
    ports.warn(`could not ask what explains alert ${alert.id}`, error);
  }
  return 'none';
}

/**
 * Keeps the hints of an alert that was just written: left while it inhibits, removed when it no longer does. Where that
 * changes, the open alerts are reviewed: what it explains is held, or let go. Repeating it changes nothing.
 */
export async function copyInhibitors(
  alert: Alert,
  ports: ReviewPorts & { inhibitors: InhibitorStore; operations: Operations },
): Promise<void> {
  const inhibits = isOpen(alert) && !alert.holds.inhibited;
  const { put, remove } = ports.inhibitors;
  const changes = await Promise.all(
    hashesAsInhibitor(alert, ports.operations).map((hash) =>
      inhibits ? put(hash, alert.id, ports.nowMs()) : remove(hash, alert.id),
    ),
  );
  if (changes.includes(true)) await requestReview(ports);
}
