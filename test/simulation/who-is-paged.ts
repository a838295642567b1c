/** Whom a level's moment pages: a second reading of the design, for what checks the first. */
import type { Channel } from '../../functions/alerts/alert.ts';
import type { Operations, PageChannel } from '../../functions/operations/operations.ts';

export type Contact = { responder: string; channel: Channel };

/** The last resort, when nobody at all can be reached. */
export const WATCHERS: Contact = { responder: 'watchers', channel: 'topic' };

/** `ana sms`: contacts of which it is known that nothing arrives there. */
export type Unreachable = ReadonlySet<string>;

/**
 * "An empty level hands its moment to the next level that has somebody, else to the highest that has. If nobody at all
 * can be reached, the page goes to the watchers' own topic." Source: design, Escalation
 * @param wanted  counts from 1; a level that is gone is the last one
 */
export function whoIsPaged(
  operations: Operations,
  wanted: number,
  channels: readonly PageChannel[],
  unreachable: Unreachable,
): { level: number; contacts: Contact[] } {
  const last = operations.levels.length;
  const level = Math.min(Math.max(wanted, 1), last);
  const upwards = range(level, last);
  const downwards = range(1, level - 1).reverse();
  for (const candidate of [...upwards, ...downwards]) {
    const contacts = peopleOf(operations, candidate).flatMap((responder) =>
      reachableOn(operations, responder, channels, unreachable).map((channel) => ({ responder, channel })),
    );
    if (contacts.length > 0) return { level: candidate, contacts };
  }
  return { level, contacts: [WATCHERS] };
}

/** Those of the wanted channels on which a person can be reached; where that is none, all on which they can. */
export function reachableOn(
  { responders }: Operations,
  responder: string,
  wanted: readonly PageChannel[],
  unreachable: Unreachable,
): PageChannel[] {
  const person = Object.hasOwn(responders, responder) ? responders[responder] : undefined;
  const all = (['sms', 'email'] as const).filter(
    (channel) =>
      (channel === 'sms' ? person?.phone : person?.email) !== undefined &&
      !unreachable.has(`${responder} ${channel}`),
  );
  const some = all.filter((channel) => wanted.includes(channel));
  return some.length > 0 ? some : all;
}

/** The people of a level, through its schedules, each once. */
function peopleOf({ levels, schedules, responders }: Operations, level: number): string[] {
  const names = (levels[level - 1] ?? []).flatMap((name) =>
    Object.hasOwn(schedules, name) ? schedules[name]! : [name],
  );
  return [...new Set(names)].filter((name) => Object.hasOwn(responders, name));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}
