/** Whom a level's moment pages: through the schedule, past empty levels, on the channels that each person has. */
import type { Channel } from '../alerts/alert.ts';
import { onCall } from '../oncall/on-call.ts';
import type { Operations, PageChannel } from '../operations/operations.ts';

export type Contact = { responder: string; channel: Channel };

/** The pages' level is that of the people paged; `empty` names the levels that had nobody. */
export type Contacts =
  | { kind: 'page'; level: number; contacts: Contact[]; empty: number[] }
  | { kind: 'nobody'; level: number; empty: number[] };

/** The last resort: the watchers' own topic. */
export const WATCHERS: Contact = { responder: 'watchers', channel: 'topic' };

/**
 * Decides who is paged at a level's moment.
 * An empty level hands its moment to the next level that has somebody, else to the highest that has.
 * @param channels  those of the policy's step; who has none of them is paged on what they have
 * @param nowMs     epoch milliseconds, for the schedule
 * Source: design, Escalation
 */
export function decideContacts(
  operations: Operations,
  level: number,
  channels: readonly PageChannel[],
  nowMs: number,
): Contacts {
  const wanted = Math.min(Math.max(level, 1), operations.levels.length);
  const empty: number[] = [];
  for (const candidate of candidates(wanted, operations.levels.length)) {
    const contacts = onCall(operations, candidate, nowMs).flatMap((responder) =>
      channelsOf(operations, responder, channels).map((channel) => ({ responder, channel })),
    );
    if (contacts.length > 0) return { kind: 'page', level: candidate, contacts, empty };
    empty.push(candidate);
  }
  return { kind: 'nobody', level: wanted, empty };
}

/** The wanted channels that a responder has, else all that they have. */
export function channelsOf(
  operations: Operations,
  responder: string,
  wanted: readonly Channel[],
): PageChannel[] {
  const person = operations.responders[responder];
  const all = [...(person?.phone ? (['sms'] as const) : []), ...(person?.email ? (['email'] as const) : [])];
  const matching = all.filter((channel) => wanted.includes(channel));
  return matching.length > 0 ? matching : all;
}

function candidates(wanted: number, highest: number): number[] {
  const upward = Array.from({ length: highest - wanted + 1 }, (_, i) => wanted + i);
  const downward = Array.from({ length: wanted - 1 }, (_, i) => wanted - 1 - i);
  return [...upward, ...downward];
}
