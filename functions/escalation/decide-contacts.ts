/** Whom a level's moment pages: through the schedule, past empty levels, on the channels that each person has. */
import type { Channel } from '../alerts/alert.ts';
import { onCall } from '../oncall/on-call.ts';
import type { Operations, PageChannel, Responder } from '../operations/operations.ts';

export type Contact = { responder: string; channel: Channel };

/** A contact that would have been paged, if anything arrived there now. */
export type Unreachable = Contact & { level: number; reason: string };

/**
 * The pages' level is that of the people paged; `empty` names the levels that had nobody, `unreachable` whom a page would
 * not have reached on the way.
 */
export type Contacts = { level: number; empty: number[]; unreachable: Unreachable[] } & (
  | { kind: 'page'; contacts: Contact[] }
  | { kind: 'nobody' }
);

/** The last resort: the watchers' own topic. */
export const WATCHERS: Contact = { responder: 'watchers', channel: 'topic' };

/**
 * Decides who is paged at a level's moment.
 * An empty level hands its moment to the next level that has somebody, else to the highest that has. Who can be reached
 * on no channel is nobody; when that is everybody, the answer is nobody, and the watchers are paged.
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
  const unreachable: Unreachable[] = [];
  for (const candidate of candidates(wanted, operations.levels.length)) {
    const responders = onCall(operations, candidate, nowMs);
    const contacts = responders.flatMap((responder) =>
      channelsOf(operations, responder, channels).map((channel) => ({ responder, channel })),
    );
    unreachable.push(
      ...responders.flatMap((responder) =>
        deadChannels(operations, responder, channels).map((dead) => ({
          ...dead,
          responder,
          level: candidate,
        })),
      ),
    );
    if (contacts.length > 0) return { kind: 'page', level: candidate, contacts, empty, unreachable };
    empty.push(candidate);
  }
  return { kind: 'nobody', level: wanted, empty, unreachable };
}

/** The wanted channels on which a responder can be reached; else, or when none is wanted, all on which they can. */
export function channelsOf(
  operations: Operations,
  responder: string,
  wanted: readonly Channel[] = [],
): PageChannel[] {
  const person = personOf(operations, responder);
  const all = channelsThatExist(person).filter((channel) => person.unreachable?.[channel] === undefined);
  const matching = all.filter((channel) => wanted.includes(channel));
  return matching.length > 0 ? matching : all;
}

/** Why nothing arrives there now, as far as it is known. */
export function whyUnreachable(operations: Operations, { responder, channel }: Contact): string | undefined {
  const unreachable: Partial<Record<Channel, string>> | undefined = personOf(
    operations,
    responder,
  ).unreachable;
  return unreachable?.[channel];
}

/** The wanted channels on which nothing arrives now; where none is wanted that they have, all of these. */
function deadChannels(operations: Operations, responder: string, wanted: readonly Channel[]) {
  const person = personOf(operations, responder);
  const all = channelsThatExist(person);
  const matching = all.filter((channel) => wanted.includes(channel));
  return (matching.length > 0 ? matching : all).flatMap((channel) => {
    const reason = person.unreachable?.[channel];
    return reason === undefined ? [] : [{ channel, reason }];
  });
}

function channelsThatExist({ phone, email }: Partial<Responder>): PageChannel[] {
  return [...(phone ? (['sms'] as const) : []), ...(email ? (['email'] as const) : [])];
}

/** Who has left has nothing. Own property: a row may name somebody who has left, or a name such as `constructor`. */
function personOf({ responders }: Operations, name: string): Partial<Responder> {
  return Object.hasOwn(responders, name) ? responders[name]! : {};
}

function candidates(wanted: number, highest: number): number[] {
  const upward = Array.from({ length: highest - wanted + 1 }, (_, i) => wanted + i);
  const downward = Array.from({ length: wanted - 1 }, (_, i) => wanted - 1 - i);
  return [...upward, ...downward];
}
