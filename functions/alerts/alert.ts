/** The alert: one item that holds its state, the pages it owes and the timeline entries not yet copied out. */
import * as z from 'zod/mini';
import { Labels, Severity, SignalDetail, SignalSource, SignalState } from '../intake/signal.ts';

export { Severity };

/** Bumped when the stored shape changes; `readAlert` upgrades the older ones. */
export const ALERT_SCHEMA = 2;

/** Settled pages kept in the item; the timeline keeps all. */
export const KEPT_PAGES = 20;

/** How long a claim on a page holds before somebody else may send it again. */
export const CLAIM_LEASE_MS = 30_000;

export const Status = z.enum(['triggered', 'acknowledged', 'resolved']);
export type Status = z.infer<typeof Status>;

/** The one table of transitions. A resolved alert is a tombstone: a new trigger opens a new life. */
export const TRANSITIONS = {
  triggered: ['acknowledged', 'resolved'],
  acknowledged: ['triggered', 'resolved'],
  resolved: [],
} as const satisfies Record<Status, readonly Status[]>;

export const Channel = z.enum(['sms', 'email', 'topic']);
export type Channel = z.infer<typeof Channel>;

/** Why nobody is paged now. */
export const HoldReason = z.enum([
  'acknowledged',
  'recovering',
  'maintenance',
  'silenced',
  'inhibited',
  'muted',
  'snoozed',
  'not-yet',
  'nobody-on-call',
  'nobody-reachable',
  'waiting-for-slot',
]);
export type HoldReason = z.infer<typeof HoldReason>;

/**
 * One message owed to one responder on one channel.
 * owed → sending (claimed) → sent | undeliverable; owed or sending → waiting (for the contact's slot) → sent;
 * dropped when an answer came first.
 */
export const Page = z.object({
  /** unique within the alert's life, deterministic: `1`, `2`, … */
  id: z.string(),
  kind: z.enum(['page', 'reminder', 'notice']),
  level: z.number(),
  responder: z.string(),
  channel: Channel,
  status: z.enum(['owed', 'sending', 'waiting', 'sent', 'undeliverable', 'dropped']),
  owedAt: z.number(),
  /** publishes begun, this one included */
  attempt: z.number(),
  /** publishes that SNS refused for now */
  refusals: z.optional(z.number()),
  /** sending: the write that claimed it, and until when */
  claim: z.optional(z.object({ version: z.number(), until: z.number() })),
  /** owed: not before this moment (a retry's back-off) */
  notBefore: z.optional(z.number()),
  /** may be sent although the alert is held: somebody escalated by hand */
  byHand: z.optional(z.boolean()),
  /** a hold has ended: such pages gather in the contact's line, and the message says so */
  after: z.optional(z.enum(['maintenance', 'silenced', 'inhibited', 'muted', 'snoozed'])),
  settledAt: z.optional(z.number()),
  reason: z.optional(z.string()),
});
export type Page = z.infer<typeof Page>;

export const TimelineEvent = z.enum([
  'alert.opened',
  'alert.repeated',
  'alert.held',
  'alert.released',
  'alert.severity-raised',
  'alert.escalated',
  'alert.acknowledged',
  'alert.snoozed',
  'alert.resolved',
  'page.sent',
  'page.held',
  'page.failed',
  'page.undeliverable',
  'page.dropped',
  'page.retried',
  'reminder.sent',
  'notice.sent',
]);
export type TimelineEvent = z.infer<typeof TimelineEvent>;

/** One fact, known by the write that added it (`version`) and its place in that write (`n`). */
export const TimelineEntry = z.object({
  openedAt: z.number(),
  version: z.number(),
  n: z.number(),
  at: z.number(),
  event: TimelineEvent,
  level: z.optional(z.number()),
  responder: z.optional(z.string()),
  channel: z.optional(Channel),
  /** the page it speaks of */
  page: z.optional(z.string()),
  /** who did it: a responder, `cli:<user>`, `alarm`, `clock`; of a hold, the window or the alert that it comes from */
  by: z.optional(z.string()),
  reason: z.optional(z.string()),
  until: z.optional(z.number()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** What one copy took out of the item. Its sort key is that of its last entry, so copying it twice writes it once. */
export const TimelineRow = z.object({ entries: z.array(TimelineEntry) });

/** Of the window that ends last: its id, and what people read. `since`: when the first of them began. */
const WindowHold = z.object({
  since: z.number(),
  until: z.number(),
  window: z.string(),
  name: z.optional(z.string()),
});

/** What one alarm under the dedup key said last. */
const Member = z.object({ state: SignalState, at: z.number(), heardAt: z.optional(z.number()) });

export const Alert = z.object({
  id: z.string(),
  schema: z.number(),
  version: z.number(),
  /** random, one per write: tells our own write from somebody else's after a lost response */
  writeId: z.optional(z.string()),

  /** 0 for a tombstone that only remembers an OK */
  openedAt: z.number(),
  /** when the signal that opened this life was said, which may be long before it reached us */
  triggeredAt: z.optional(z.number()),
  status: Status,
  severity: Severity,
  service: z.optional(z.string()),
  dedupKey: z.string(),
  source: SignalSource,
  detail: SignalDetail,
  /** of the latest signal, with `service` and `severity`: what windows, silences and inhibitions match */
  labels: Labels,
  /** the newest signal of any member */
  lastSignalAt: z.number(),
  /** `alarm` while any member fires */
  lastSignalState: SignalState,
  /** what each alarm under this dedup key said last: a route may fold several into one alert */
  members: z.record(z.string(), Member),
  /** ALARM signals in this life */
  triggers: z.number(),

  /** the escalation clock: runs only while triggered and not held */
  clock: z.object({ elapsedMs: z.number(), runningSince: z.nullable(z.number()) }),
  /** the next escalation moment on that clock; null when the policy has none (left) */
  next: z.nullable(z.object({ step: z.number(), atMs: z.number() })),
  highestPagedLevel: z.number(),
  /** responders paged in this life, each with the highest level */
  paged: z.array(z.object({ responder: z.string(), level: z.number() })),

  holds: z.object({
    recovering: z.optional(z.object({ since: z.number(), until: z.number() })),
    muted: z.optional(z.object({ since: z.number(), checkAt: z.number(), by: z.string() })),
    snoozed: z.optional(
      z.object({ since: z.number(), until: z.number(), by: z.string(), reason: z.optional(z.string()) }),
    ),
    maintenance: z.optional(WindowHold),
    silenced: z.optional(WindowHold),
    /** `by`: the alert that fires meanwhile */
    inhibited: z.optional(z.object({ since: z.number(), checkAt: z.number(), by: z.string() })),
  }),
  /** how often another alert has come to hold it in this life */
  timesInhibited: z.optional(z.number()),
  acknowledgement: z.optional(
    z.object({
      /** who answered first */
      firstBy: z.string(),
      firstAt: z.number(),
      /** the latest acknowledger gets the reminder */
      by: z.string(),
      at: z.number(),
      remindAt: z.nullable(z.number()),
      /** set when the reminder went out: back to triggered then */
      forgottenAt: z.nullable(z.number()),
    }),
  ),
  resolution: z.optional(z.object({ by: z.string(), at: z.number(), reason: z.string() })),

  pages: z.array(Page),
  pageCount: z.number(),
  timeline: z.array(TimelineEntry),
  /** a resolved life stands in the table as `ended#<openedAt>` */
  endedCopied: z.optional(z.boolean()),
  dueAt: z.optional(z.number()),
  /** moves only when the status does */
  feedAt: z.optional(z.number()),
  stuck: z.optional(z.string()),
});
export type Alert = z.infer<typeof Alert>;

export type Open = 'triggered' | 'acknowledged';

/** True while somebody may still have to do something. */
export function isOpen(alert: Alert): boolean {
  return alert.status !== 'resolved';
}

/** True while nobody has said that they see to it: neither acknowledged nor snoozed. */
export function isUnanswered({ status, holds }: Pick<Alert, 'status' | 'holds'>): boolean {
  return status === 'triggered' && !holds.snoozed;
}

/** The topmost first: who asks why an alert is quiet is told this one. */
const HOLDS = ['recovering', 'snoozed', 'maintenance', 'silenced', 'inhibited', 'muted'] as const;
export type Hold = (typeof HOLDS)[number];

/** What keeps the alert quiet now, or nothing. The topmost reason of several. */
export function heldBy(alert: Pick<Alert, 'holds'>): Hold | undefined {
  return HOLDS.find((hold) => alert.holds[hold] !== undefined);
}
