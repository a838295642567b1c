/** An alert that a person or a script raises from the command line, or says is over. */
import { randomBytes } from 'node:crypto';
import { chooseFrom } from '../operations/nearest.ts';
import type { Operations } from '../operations/operations.ts';
import { alertId } from '../shared/table.ts';
import { routedKey } from './classify-signal.ts';
import { wellFormed } from './cut-text.ts';
import { boundLabels } from './labels.ts';
import type { SignalQueue } from './signal.queue.ts';
import type { Severity, Signal } from './signal.ts';
import { boundDetail } from './signal-detail.ts';

/** Short enough to type again. */
const MADE_KEY_BYTES = 5;

export type RaisePorts = { signals: SignalQueue; operations: Operations; nowMs: () => number };

export type Raised = {
  title: string;
  /** the same key is the same alert; made when there is none */
  key?: string | undefined;
  severity?: Severity | undefined;
  /** a key of `operations.services` */
  service?: string | undefined;
  description?: string | undefined;
  labels?: Record<string, string> | undefined;
  /** true: it is over */
  resolved?: boolean | undefined;
  /** `cli:<user>` */
  by: string;
};

/**
 * Puts it into the intake queue, as any other signal.
 * @returns the key to resolve it with, and the id of the alert that it opens, repeats or resolves
 * @throws OpsError `retry` when the queue refuses it
 */
export async function raiseAlert(
  raised: Raised,
  { signals, operations, nowMs }: RaisePorts,
): Promise<{ kind: 'ok'; key: string; alert: string } | { kind: 'rejected'; message: string }> {
  const { title, service, description, labels, severity, resolved = false, by } = raised;
  if (service !== undefined && !Object.hasOwn(operations.services, service)) {
    const known = chooseFrom('services', Object.keys(operations.services), service);
    return { kind: 'rejected', message: `the service ${JSON.stringify(service)}: write ${known}` };
  }
  if (resolved && raised.key === undefined) {
    return { kind: 'rejected', message: 'resolved, but not which one: give the key that it was raised with' };
  }
  const key = wellFormed(raised.key ?? randomBytes(MADE_KEY_BYTES).toString('hex'));
  const signal: Signal = {
    dedupKey: `cli:${key}`,
    source: { kind: 'cli', key, by: wellFormed(by) },
    state: resolved ? 'ok' : 'alarm',
    at: nowMs(),
    detail: boundDetail({ title, description }),
    severity,
    service,
    labels: labels && boundLabels(labels),
  };
  await signals.send([{ signal }]);
  return { kind: 'ok', key, alert: alertId(routedKey(signal, operations)) };
}
