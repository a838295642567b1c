/** One message of the intake queue: read, classified, written into its alert; what it owes is sent at once. */

import { isOpen } from '../alerts/alert.ts';
import { answerAlert } from '../alerts/answer-alert.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { receiveSignal } from '../alerts/receive-signal.ts';
import { findInhibitor } from '../holds/find-inhibitor.ts';
import { readOperations } from '../holds/read-operations.ts';
import type { PagingPorts } from '../paging/paging.ports.ts';
import { carryOut } from '../paging/send-pages.ts';
import { OpsError } from '../shared/errors.ts';
import { alertId } from '../shared/table.ts';
import { classifySignal, routedKey } from './classify-signal.ts';
import { labelsOf } from './labels.ts';
import { readSignal } from './read-signal.ts';
import type { Acknowledgement, Signal } from './signal.ts';

/** The queue may bring an acknowledgement before its alert: so long it comes back. */
const ACKNOWLEDGED_EARLY_MOST_MS = 60_000;

/** What became of the message. */
export type Received = { kind: 'changed' | 'unchanged' | 'ignored'; reason: string; alert?: string };

/**
 * @throws OpsError `rejected` when the body is malformed: it is to be kept with this reason, and not tried again;
 *   `retry` for an acknowledgement that has come before its alert
 */
export async function receive(body: string, ports: PagingPorts): Promise<Received> {
  const reading = readSignal(body);
  switch (reading.kind) {
    case 'rejected':
      throw new OpsError('rejected', reading.reason);
    case 'ignored':
      return { kind: 'ignored', reason: reading.reason };
    case 'acknowledge':
      return acknowledge(reading, ports);
    case 'signal':
      return take(reading.signal, ports);
  }
}

async function take(received: Signal, ports: PagingPorts): Promise<Received> {
  const standing = readOperations(ports);
  const signal = classifySignal(received, ports.operations);
  const id = alertId(signal.dedupKey);
  const decision = await changeAlert(ports.alerts, id, async (alert) => {
    const operations = await standing;
    const openedAt = alert && isOpen(alert) ? alert.openedAt : ports.nowMs();
    const { severity, service } = signal;
    const inhibited = { id, openedAt, severity, service, labels: labelsOf(signal) };
    const inhibitor = await findInhibitor(inhibited, ports, operations);
    const decided = receiveSignal(alert, id, signal, ports.nowMs(), operations, inhibitor);
    // Once its notices are sent a life is copied out; a trigger that comes sooner copies it first.
    if (decided.kind === 'changed' && decided.ended) await ports.alerts.copyEnded(decided.ended);
    return decided;
  });
  if (decision.kind === 'unchanged') return { kind: 'unchanged', reason: decision.reason, alert: id };
  await carryOut(decision.alert, { ...ports, operations: await standing });
  return { kind: 'changed', reason: signal.state, alert: id };
}

/** Somebody has taken it over in the sender's own console. */
async function acknowledge(said: Acknowledgement, ports: PagingPorts): Promise<Received> {
  const standing = readOperations(ports);
  const id = alertId(routedKey(said, ports.operations));
  const decision = await changeAlert(ports.alerts, id, async (alert) => {
    if (alert && isOpen(alert)) {
      if (said.at < (alert.triggeredAt ?? 0)) {
        return { kind: 'unchanged', reason: 'it was said of an earlier life of the alert' };
      }
      return answerAlert(alert, 'acknowledge', said.by, ports.nowMs(), await standing);
    }
    if (ports.nowMs() - said.at < ACKNOWLEDGED_EARLY_MOST_MS) {
      throw new OpsError('retry', `there is no open alert ${id} to acknowledge yet`);
    }
    return { kind: 'unchanged', reason: 'there is no open alert to acknowledge' };
  });
  if (decision.kind === 'unchanged') return { kind: 'unchanged', reason: decision.reason, alert: id };
  await carryOut(decision.alert, { ...ports, operations: await standing });
  return { kind: 'changed', reason: 'acknowledged', alert: id };
}
