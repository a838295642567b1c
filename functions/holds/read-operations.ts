/** The procedures as they stand now, read for one decision. */
import type { Operations } from '../operations/operations.ts';
import type { SituationStore } from './situation.store.ts';
import { operationsNow } from './situation.ts';

type Ports = {
  situation: Pick<SituationStore, 'read'>;
  operations: Operations;
  nowMs: () => number;
  warn: (message: string, error: unknown) => void;
};

/**
 * Reads the situation; begun before the alert is read, it costs no call more in sequence.
 * If it cannot be read, the file alone decides: a page too many rather than one lost.
 */
export async function readOperations(ports: Ports): Promise<Operations> {
  try {
    return operationsNow(ports.operations, await ports.situation.read(), ports.nowMs());
  } catch (error) {
    ports.warn('the situation could not be read: decided by operations.ts alone', error);
    return ports.operations;
  }
}
