/** What must hold of a signal that was taken: its alert is small, pages somebody, and can be read in every channel. */
import { readAlert } from '../../functions/alerts/alert.store.ts';
import { receiveSignal } from '../../functions/alerts/receive-signal.ts';
import { classifySignal } from '../../functions/intake/classify-signal.ts';
import type { Signal } from '../../functions/intake/signal.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { alertId } from '../../functions/shared/table.ts';
import { checkRendered } from './check-rendered.ts';
import { checkWellFormed } from './check-text.ts';
import { promise } from './target.ts';

/** Source: docs/reliability.md, what is promised */
const ITEM_BYTES_MOST = 64 * 1024;

/** What a sender says in free text. Source: docs/adr, the item stays under 64 KB */
const DETAIL_BYTES_MOST = 8 * 1024 + 512;

/** @param isFollowed  to its messages and its page, too */
export function checkAlert(signal: Signal, nowMs: number, operations: Operations, isFollowed: boolean): void {
  promise(Number.isSafeInteger(signal.at), 'a signal has a moment');
  const classified = classifySignal(signal, operations);
  const id = alertId(classified.dedupKey);
  const decision = receiveSignal(undefined, id, classified, nowMs, operations);
  if (decision.kind === 'unchanged') {
    promise(signal.state === 'insufficient-data', 'only missing data changes nothing');
    return;
  }
  const { alert } = decision;
  promise(bytesOf(alert) <= ITEM_BYTES_MOST, `an alert has at most ${ITEM_BYTES_MOST} bytes`);
  promise(bytesOf(alert.detail) <= DETAIL_BYTES_MOST, `its detail has at most ${DETAIL_BYTES_MOST} bytes`);
  checkWellFormed(alert, 'an alert');
  const stored = JSON.parse(JSON.stringify(alert)) as Record<string, unknown>;
  readAlert({ ...stored, pk: 'alert#1', sk: 'current' });
  if (signal.state !== 'alarm') return;
  promise(alert.status === 'triggered', 'an alarm opens its alert');
  const { steps } = operations.escalation[alert.severity];
  const isHeld = Object.keys(alert.holds).length > 0;
  promise(steps.length === 0 || alert.dueAt !== undefined, 'an open alert is due');
  promise(
    steps.length === 0 || steps[0]!.afterMinutes > 0 || isHeld || alert.pages.length > 0,
    'an alarm pages somebody',
  );
  if (isFollowed) checkRendered(alert, nowMs, operations);
}

function bytesOf(value: unknown): number {
  return Object.entries(value as object).reduce((sum, [key, one]) => {
    const own = typeof one === 'object' && one !== null ? bytesOf(one) : Buffer.byteLength(String(one));
    return sum + Buffer.byteLength(key) + own;
  }, 0);
}
