/** What paging needs from outside: stores, the sender, the due queue, the team's procedures, the clock. */
import type { AlertStore } from '../alerts/alert.store.ts';
import type { InhibitorStore } from '../holds/inhibitor.store.ts';
import type { ReviewStore } from '../holds/review.store.ts';
import type { SituationStore } from '../holds/situation.store.ts';
import type { Operations } from '../operations/operations.ts';
import type { DueQueue } from '../shared/due-queue.ts';
import type { InTurn } from './in-turn.ts';
import type { LinkStore } from './link.store.ts';
import type { MessageStore } from './message.store.ts';
import type { SlotStore } from './slot.store.ts';
import type { Sender } from './sns.sender.ts';

export type PagingPorts = {
  alerts: AlertStore;
  slots: SlotStore;
  links: LinkStore;
  messages: MessageStore;
  sender: Sender;
  /** one message after the other is published and noted */
  inTurn: InTurn;
  due: DueQueue;
  /** what holds now beside the file; see holds/read-operations.ts */
  situation: SituationStore;
  inhibitors: InhibitorStore;
  reviews: ReviewStore;
  operations: Operations;
  answerUrl: string;
  nowMs: () => number;
  /** a message that SNS refused, or reported as not delivered */
  countFailedSend?: () => void;
  /** tells of what went wrong beside the path and mends itself */
  warn: (message: string, error: unknown) => void;
};
