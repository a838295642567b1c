/** What answering needs from outside. */
import type { AlertStore } from '../alerts/alert.store.ts';
import type { SituationStore } from '../holds/situation.store.ts';
import type { Operations } from '../operations/operations.ts';
import type { DueQueue } from '../shared/due-queue.ts';

export type AnswerPorts = {
  alerts: AlertStore;
  due: DueQueue;
  situation: Pick<SituationStore, 'read'>;
  operations: Operations;
  nowMs: () => number;
  /** tells of what went wrong beside the path and mends itself */
  warn: (message: string, error: unknown) => void;
};
