/** What the command line may ask of a deployed stack or a local world, and what it is answered. */
import * as z from 'zod/mini';
import type { Alert, TimelineEntry } from '../alerts/alert.ts';
import { Severity } from '../intake/signal.ts';
import type { Operations, Window } from '../operations/operations.ts';
import { COUNT_MOST } from '../shared/table.ts';

export const LIST_MOST = 200;
/** A hold that somebody starts lasts at most 30 days. */
export const MINUTES_MOST = 30 * 24 * 60;

const Line = z.string().check(z.minLength(1), z.maxLength(250));
/** `cli:<user>` */
const By = z.string().check(z.minLength(1), z.maxLength(100));
/** How long: holds always end. */
const Minutes = z.number().check(z.int(), z.minimum(1), z.maximum(MINUTES_MOST));
const Channel = z.enum(['sms', 'email']);

const Match = z.object({
  service: z.optional(Line),
  severity: z.optional(Severity),
  labels: z.optional(z.record(z.string(), Line)),
});

export const Command = z.discriminatedUnion('command', [
  z.object({
    command: z.literal('list'),
    ended: z.optional(z.boolean()),
    limit: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(LIST_MOST))),
    /** so many of the latest are left out: those before them are listed */
    skip: z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(COUNT_MOST))),
  }),
  /** the ids that begin so */
  z.object({ command: z.literal('find'), prefix: z.string().check(z.minLength(1)) }),
  /** `all`: its earlier lives, too */
  z.object({ command: z.literal('show'), id: z.string(), all: z.optional(z.boolean()) }),
  z.object({ command: z.enum(['acknowledge', 'resolve', 'escalate']), id: z.string(), by: By }),
  z.object({ command: z.literal('snooze'), id: z.string(), by: By, minutes: Minutes, reason: Line }),

  /** opens an alert, or with the key of an open one repeats it; `resolved` says that it is over */
  z.object({
    command: z.literal('alert'),
    by: By,
    title: Line,
    key: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
    severity: z.optional(Severity),
    service: z.optional(Line),
    description: z.optional(z.string().check(z.maxLength(2_000))),
    labels: z.optional(z.record(z.string(), Line)),
    resolved: z.optional(z.boolean()),
  }),

  z.object({ command: z.literal('keys-add'), name: Line, by: By }),
  /** a new key; the others of the name are good for so long beside it */
  z.object({ command: z.literal('keys-rotate'), name: Line, overlapMinutes: Minutes, by: By }),
  z.object({ command: z.literal('keys-list') }),
  z.object({ command: z.literal('keys-revoke'), id: z.string(), by: By }),

  /** `from`: epoch milliseconds, now unless given */
  z.object({
    command: z.literal('window-start'),
    hold: z.enum(['maintenance', 'silenced']),
    match: Match,
    minutes: Minutes,
    from: z.optional(z.number().check(z.int())),
    reason: Line,
    by: By,
  }),
  z.object({ command: z.literal('window-end'), id: z.string(), by: By }),
  z.object({ command: z.literal('window-list') }),

  z.object({ command: z.literal('contacts-list') }),
  /** sends a message that says it is a test, with a link that says it arrived */
  z.object({
    command: z.literal('contacts-verify'),
    responder: z.string(),
    channel: z.optional(Channel),
    by: By,
  }),
  /** the link in the email of AWS: confirmed so that to unsubscribe needs authentication */
  z.object({ command: z.literal('contacts-confirm'), link: z.string().check(z.maxLength(2_000)), by: By }),

  /** the procedures as they stand now, for names and levels */
  z.object({ command: z.literal('operations') }),
]);
export type Command = z.infer<typeof Command>;

/** A sender's key as it is listed: never the key itself. */
export type ListedKey = {
  id: string;
  name: string;
  createdAt: number;
  createdBy: string;
  /** another has taken its place, and it is good until then */
  endsAt?: number | undefined;
  revokedAt?: number | undefined;
  revokedBy?: string | undefined;
  lastUsedAt?: number | undefined;
};

export type ListedWindow = Pick<Window, 'id' | 'hold' | 'match' | 'reason' | 'by' | 'kind'> & {
  /** the present or next occurrence, in epoch milliseconds */
  from: number;
  until: number;
  active: boolean;
};

export type ListedContact = {
  responder: string;
  channel: 'sms' | 'email';
  /** `at-risk`: it arrives, but may stop to; `unknown`: not audited yet */
  state: 'reachable' | 'at-risk' | 'unreachable' | 'unknown';
  reason?: string | undefined;
  /** what to do about it */
  advice?: string | undefined;
  since?: number | undefined;
  checkedAt?: number | undefined;
  verifiedAt?: number | undefined;
};

type Ok<T> = { kind: 'ok' } & T;

export type CommandAnswer =
  /** `total`: how many there are, of which the latest are listed; `atLeast`: the counting stopped there */
  | Ok<{ alerts: Alert[]; total: number; atLeast?: boolean }>
  /** `isAll`: every alert was looked at */
  | Ok<{ ids: string[]; isAll: boolean }>
  | Ok<{ alert: Alert; timeline: TimelineEntry[]; earlier?: { alert: Alert; timeline: TimelineEntry[] }[] }>
  | Ok<{ outcome: string; alert: Alert }>
  /** `alert`: its id, where its route gives it no other key */
  | Ok<{ key: string; alert: string }>
  /** the key itself, said this once; `ending`: those that it replaces */
  | Ok<{ added: ListedKey; secret: string; url: string; ending?: ListedKey[] }>
  | Ok<{ keys: ListedKey[] }>
  | Ok<{ windows: ListedWindow[] }>
  | Ok<{ window: ListedWindow }>
  | Ok<{ contacts: ListedContact[] }>
  | Ok<{
      sent: { responder: string; channel: string }[];
      failed: { responder: string; channel: string; reason: string }[];
    }>
  | Ok<{ confirmed: string }>
  | Ok<{ operations: Operations; nowMs: number }>
  | { kind: 'rejected' | 'not-found' | 'conflict'; message: string };
