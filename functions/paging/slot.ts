/** A contact's slot: at most one message per contact, channel and minute, whoever sends it. */
import * as z from 'zod/mini';

/** Publish to publish. Source: design, Slot; GoAlert allows the same. */
export const SLOT_INTERVAL_MS = 60_000;

/** How long a sender may hold the slot before somebody else may take it. */
export const SLOT_LEASE_MS = 30_000;

export const Slot = z.object({
  version: z.number(),
  nextAllowedAt: z.optional(z.number()),
  leaseUntil: z.optional(z.number()),
  leaseId: z.optional(z.string()),
  /** when those who wait get their turn */
  dueAt: z.optional(z.number()),
  /** the latest messages, each with the pages it was: what its sender could not settle is not sent again */
  sent: z.optional(z.array(z.object({ at: z.number(), pages: z.array(z.string()) }))),
});
export type Slot = z.infer<typeof Slot>;

/** A page that waits for the slot. The page itself stands in its alert; `attempt` tells its places in the line apart. */
export const WaitingPage = z.object({
  alertId: z.string(),
  pageId: z.string(),
  attempt: z.number(),
  owedAt: z.number(),
  isNotice: z.boolean(),
});
export type WaitingPage = z.infer<typeof WaitingPage>;

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

/** The earliest moment at which the slot can be free. */
export function freeAt(slot: Slot, nowMs: number): number {
  return Math.max(slot.nextAllowedAt ?? 0, slot.leaseUntil ?? 0, nowMs);
}
