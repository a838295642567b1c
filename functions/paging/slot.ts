/** A contact's slot: at most one message per contact, channel and minute, whoever sends it. */
import * as z from 'zod/mini';
import { Severity } from '../intake/signal.ts';

/** Publish to publish. Source: design, Slot; GoAlert allows the same. */
export const SLOT_INTERVAL_MS = 60_000;

/** How long a sender may hold the slot before somebody else may take it. */
export const SLOT_LEASE_MS = 30_000;

/** So long after its moment a row is taken to be in the line. Where it was not, its writer finds out: see `wait`. */
export const ROW_ON_ITS_WAY_MS = 1_000;

/** What goes on when a hold ends waits so long for the rest of it: one message tells of all. */
export const GATHER_MS = 5_000;

/** What one message told of all at once: the rows put into the line up to then, as sent at that moment. */
export const Told = z.object({ at: z.number(), upTo: z.number() });
export type Told = z.infer<typeof Told>;

export const Slot = z.object({
  version: z.number(),
  nextAllowedAt: z.optional(z.number()),
  leaseUntil: z.optional(z.number()),
  leaseId: z.optional(z.string()),
  /** when those who wait get their turn */
  dueAt: z.optional(z.number()),
  /** the latest messages, each with the pages it was: what its sender could not settle is not sent again */
  sent: z.optional(z.array(z.object({ at: z.number(), pages: z.array(z.string()) }))),
  /** the latest turn reads the line as it stood then: what comes with an earlier moment may have been overlooked */
  readUpTo: z.optional(z.number()),
  /** why its turn failed again and again: it is tried once in ten minutes until it succeeds */
  stuck: z.optional(z.string()),
  /** storms whose rows are not all settled yet */
  told: z.optional(z.object({ pages: z.optional(Told), notices: z.optional(Told) })),
});
export type Slot = z.infer<typeof Slot>;

/** A page that waits for the slot. The page itself stands in its alert; `attempt` tells its places in the line apart. */
export const WaitingPage = z.object({
  alertId: z.string(),
  pageId: z.string(),
  attempt: z.number(),
  owedAt: z.number(),
  isNotice: z.boolean(),
  /** a hold has ended: it waits a few seconds for what else goes on */
  gathers: z.optional(z.boolean()),
  /** of the alert as it came into the line: a storm is counted by its rows */
  severity: z.optional(Severity),
  service: z.optional(z.string()),
});
export type WaitingPage = z.infer<typeof WaitingPage>;

/** A row of the line: who waits, and since when. */
export const WaitingRow = z.extend(WaitingPage, { sk: z.string(), putAt: z.optional(z.number()) });
export type WaitingRow = z.infer<typeof WaitingRow>;

export type Sent = NonNullable<Slot['sent']>[number];

/** A claim expires after half a slot's time, and the row comes back within the tick after. */
export const SENT_KEPT = 4;

/** How a slot names a page of an alert. */
export function pageRef(alertId: string, pageId: string): string {
  return `${alertId}#${pageId}`;
}

/** The moment at which one of the slot's latest messages told of that page, if one did. */
export function sentBefore(
  { sent }: { sent?: readonly Sent[] | undefined },
  alertId: string,
  pageId: string,
): number | undefined {
  return sent?.find(({ pages }) => pages.includes(pageRef(alertId, pageId)))?.at;
}

/** When a storm's message told of that row, if one did and its row is not settled yet. */
export function toldAt({ told }: Pick<Slot, 'told'>, row: WaitingRow): number | undefined {
  const storm = row.isNotice ? told?.notices : told?.pages;
  return storm && row.putAt !== undefined && row.putAt <= storm.upTo ? storm.at : undefined;
}

/** The earliest moment at which the slot can be free. */
export function freeAt(slot: Slot, nowMs: number): number {
  return Math.max(slot.nextAllowedAt ?? 0, slot.leaseUntil ?? 0, nowMs);
}
