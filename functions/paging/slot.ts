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
});
export type Slot = z.infer<typeof Slot>;

/** A page that waits for the slot. The page itself stands in its alert; `attempt` tells its places in the line apart. */
export const WaitingPage = z.object({
  alertId: z.string(),
  pageId: z.string(),
  attempt: z.number(),
  since: z.number(),
});
export type WaitingPage = z.infer<typeof WaitingPage>;

/** The earliest moment at which the slot can be free. */
export function freeAt(slot: Slot, nowMs: number): number {
  return Math.max(slot.nextAllowedAt ?? 0, slot.leaseUntil ?? 0, nowMs);
}
