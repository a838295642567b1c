/** One message of the intake queue: read, classified, written into its alert; what it owes is sent at once. */

import { changeAlert } from '../alerts/change-alert.ts';
import { receiveSignal } from '../alerts/receive-signal.ts';
import type { PagingPorts } from '../paging/paging.ports.ts';
import { carryOut } from '../paging/send-pages.ts';
import { OpsError } from '../shared/errors.ts';
import { alertId } from '../shared/table.ts';
import { classifySignal } from './classify-signal.ts';
import { readSignal } from './read-signal.ts';

/** What became of the message. */
export type Received = { kind: 'changed' | 'unchanged' | 'ignored'; reason: string; alert?: string };

/**
 * @throws OpsError `rejected` when the body is malformed: it is to be kept with this reason, and not tried again
 */
export async function receive(body: string, ports: PagingPorts): Promise<Received> {
  const reading = readSignal(body);
  if (reading.kind === 'rejected') throw new OpsError('rejected', reading.reason);
  if (reading.kind === 'ignored') return { kind: 'ignored', reason: reading.reason };
  const signal = classifySignal(reading.signal, ports.operations);
  const id = alertId(signal.dedupKey);
  const decision = await changeAlert(ports.alerts, id, async (alert) => {
    const decided = receiveSignal(alert, id, signal, ports.nowMs(), ports.operations);
    // Once its notices are sent a life is copied out; a trigger that comes sooner copies it first.
    if (decided.kind === 'changed' && decided.ended) await ports.alerts.copyEnded(decided.ended);
    return decided;
  });
  if (decision.kind === 'unchanged') return { kind: 'unchanged', reason: decision.reason, alert: id };
  await carryOut(decision.alert, ports);
  return { kind: 'changed', reason: signal.state, alert: id };
}
