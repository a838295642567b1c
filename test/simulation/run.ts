/** What was observed of a story that was told: all that the invariants look at. */
import type { Alert, TimelineEntry } from '../../functions/alerts/alert.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import type { SdkCall } from '../../local/aws/gate.ts';
import type { DeliveredMessage } from '../../local/aws/topics.ts';
import type { LogLine } from '../../local/functions/instance.ts';
import type { Secret } from '../security/written.ts';
import type { PlannedFault, Story } from './story.ts';

export type Run = {
  story: Story;
  startMs: number;
  /** when the story was over; every fault has stopped long before */
  endMs: number;
  /** the procedures that stood, in order; from `fromMs` to `soleFromMs` the ones before them were still in use as well */
  procedures: readonly { fromMs: number; soleFromMs: number; operations: Operations }[];
  signals: readonly SentSignal[];
  /** what senders sent, each try by itself, in the order of the answers */
  requests: readonly SenderRequest[];
  /** what people and operators pressed, and what came of it */
  answers: readonly GivenAnswer[];
  publishes: readonly Publish[];
  /** every durable write of the table, in order */
  writes: readonly Write[];
  hits: readonly Hit[];
  messages: readonly DeliveredMessage[];
  /** every alert's lives at the end, those that have ended included, each with its whole timeline */
  lives: readonly Life[];
  /** what the lists tell at the end: ids of open alerts, and of ended lives */
  lists: { open: readonly string[]; ended: readonly { id: string; openedAt: number }[] };
  /** every row at the end, as plain values */
  items: readonly Row[];
  deadLetters: readonly { queue: string; body: string; reason: string | undefined }[];
  /** what is still in the queues at the end and could be received */
  queued: readonly { queue: string; body: string }[];
  logs: readonly LogLine[];
  /** what functions sent, or tried to send, to queues and to CloudWatch */
  handedOver: readonly Pick<SdkCall, 'function' | 'service' | 'action' | 'input'>[];
  /** what nothing of ours may write: addresses of people, tokens of links, sent or not, keys of senders */
  secrets: readonly Secret[];
  /** SDK calls that functions made */
  calls: number;
  /** how many of each: `page sns Publish` */
  callCounts: Readonly<Record<string, number>>;
  /** what functions used of their roles, each once: `<the role's ARN> <action> <resource>` */
  grantsUsed: readonly string[];
};

export type Row = Readonly<Record<string, unknown>> & { pk: string; sk: string };

export type Life = { alert: Alert; timeline: readonly TimelineEntry[] };

/** One signal that a sender believes to have handed over. */
export type SentSignal = {
  at: number;
  /** the alarm's name, or `sender/key` (of Alertmanager its fingerprint): no route of the simulated teams folds several into one alert */
  name: string;
  state: 'alarm' | 'ok' | 'insufficient-data' | 'deleted' | 'acknowledge' | 'malformed';
  /** what the signal says of itself, epoch milliseconds */
  saidAt: number;
  body?: string;
};

/** A sender's request, and the HTTP status of its answer. What was refused for now is sent again, as another one. */
export type SenderRequest = {
  sender: string;
  key: KeyTimes;
  /** when the sender first tried to say this */
  firstAt: number;
  at: number;
  answeredAt: number;
  status: number;
};

/** Nobody has ended the key before `goodUntil`, and from `endedFrom` on it has ended; in between nobody outside knows. */
export type KeyTimes = { goodUntil: number; endedFrom: number };

export type GivenAnswer = {
  pressedAt: number;
  /** when it was answered */
  at: number;
  /** a responder, or `operator` */
  by: string;
  action: string;
  /** the alerts that it was about */
  alerts: readonly string[];
  /** pressed behind the message of a storm: it reaches what has gone to no higher level since */
  isStorm?: boolean;
  /** HTTP status of the answer; 0: none came */
  status: number;
};

/** One call of SNS Publish by a function of ours, performed or not. */
export type Publish = {
  /** number of the call; `hits` name it */
  n: number;
  /** when it began, and when SNS took it (absent: it did not) */
  at: number;
  takenAt?: number;
  function: string;
  requestId: string | undefined;
  responder: string;
  channel: 'sms' | 'email' | 'topic';
  /** what it tells of: by the link in its text; empty for what is about no alert */
  alerts: readonly { id: string; openedAt: number }[];
  /** alerts that a storm's message tells of beyond those are not in `alerts` */
  isStorm: boolean;
  body: string;
};

export type Write = {
  at: number;
  /** the call that made it */
  n: number;
  function: string | undefined;
  requestId?: string | undefined;
  pk: string;
  sk: string;
  /** undefined: the row did not exist */
  before: Row | undefined;
  /** undefined: the row was deleted */
  after: Row | undefined;
};

/** A planned fault that met something. */
export type Hit = {
  at: number;
  fault: PlannedFault;
  /** the call it met, when it is one of calls */
  call?: {
    n: number;
    function: string;
    requestId: string | undefined;
    service: string;
    action: string;
    /** `contact#ana#sms slot`: of a call that names one row of the table */
    row?: string | undefined;
  };
};

export type Violation = {
  /** name of the invariant */
  invariant: string;
  /** epoch milliseconds */
  at: number;
  /** what was found and what should be, with ids and times */
  what: string;
};

/** @returns every violation, the earliest first */
export type Invariant = (run: Run) => Violation[];
