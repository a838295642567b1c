/** The account of the messages: each one in an inbox is told of in a timeline, and the other way round, but for a kill. */
import type { Life } from '../../cli/replay/replay-event.ts';
import { CLAIM_LEASE_MS, type TimelineEntry } from '../../functions/alerts/alert.ts';
import { groupBy } from './group-by.ts';
import type { InboxMessage } from './kept-rows.ts';
import type { Outage } from './world-process.ts';

/** `arrived` = `told` + `repeated`, when `missing` is 0. */
export type MessageCounts = {
  /** in the inbox */
  arrived: number;
  /** of these, those that a timeline tells of */
  told: number;
  /** of these, those that no timeline tells of: the world was killed before it wrote that they are sent, and sent again */
  repeated: number;
  /** told of in a timeline, and in no inbox */
  missing: number;
};

/** The entry has the moment of the publish; the inbox that of its arrival. */
const SAME_MOMENT_MS = 2_000;

/** Publish to publish it is 60 s; what a busy process adds to the one before and not to the other is no second message. */
const WITHIN_MINUTE_MS = 59_000;

const MESSAGES = ['page.sent', 'reminder.sent', 'notice.sent'];

type Messages = {
  lives: readonly Life[];
  inbox: readonly InboxMessage[];
  outages: readonly Outage[];
  /** `ana sms` → the address */
  contacts: ReadonlyMap<string, string>;
};

export function settleMessages({ lives, inbox, outages, contacts }: Messages): {
  complaints: string[];
  counts: MessageCounts;
} {
  const complaints: string[] = [];
  const arrivals = momentsBy(inbox, contactOf);
  const entries = lives.flatMap(({ timeline }) => timeline.filter(isMessage));
  const told = momentsBy(entries, (entry) => contactTold(entry, contacts));
  const counts = { arrived: inbox.length, told: 0, repeated: 0, missing: 0 };
  for (const contact of new Set([...arrivals.keys(), ...told.keys()])) {
    const matched = match(onceEach(told.get(contact) ?? []), arrivals.get(contact) ?? []);
    counts.told += matched.told;
    counts.repeated += matched.untold.length;
    counts.missing += matched.missing.length;
    if (matched.missing.length > 0)
      complaints.push(
        `${contact}: ${matched.missing.length} messages of a timeline never arrived, the first at ${iso(matched.missing[0]!)}`,
      );
    for (const at of matched.untold.filter((at) => !isCutShort(outages, at)))
      complaints.push(
        `${contact}: no timeline tells of the message at ${iso(at)}, and no kill came after it`,
      );
  }
  for (const { contact, from, to } of tooSoon(inbox)) {
    if (outages.some(({ killedAt }) => killedAt >= from - SAME_MOMENT_MS && killedAt <= to)) continue;
    complaints.push(
      `${contact}: two messages within ${to - from} ms, at ${iso(to)}, and no kill between them`,
    );
  }
  return { complaints, counts };
}

/** Pairs of messages to one contact that came within a minute. */
export function tooSoon(inbox: readonly InboxMessage[]): { contact: string; from: number; to: number }[] {
  return [...momentsBy(inbox, contactOf)].flatMap(([contact, moments]) =>
    moments
      .slice(1)
      .map((to, i) => ({ contact, from: moments[i]!, to }))
      .filter(({ from, to }) => to - from < WITHIN_MINUTE_MS),
  );
}

/** One by one, in their order: what was told of with what arrived at that moment. */
function match(told: readonly number[], arrived: readonly number[]) {
  const matched = { told: 0, untold: [] as number[], missing: [] as number[] };
  let next = 0;
  for (const at of arrived) {
    while (next < told.length && told[next]! < at - SAME_MOMENT_MS) matched.missing.push(told[next++]!);
    if (next < told.length && told[next]! <= at + SAME_MOMENT_MS) {
      matched.told += 1;
      next += 1;
    } else matched.untold.push(at);
  }
  matched.missing.push(...told.slice(next));
  return matched;
}

/** A message for many alerts stands in the timeline of each. */
function onceEach(moments: readonly number[]): number[] {
  const once: number[] = [];
  for (const at of moments) {
    if (once.length === 0 || at > once.at(-1)! + SAME_MOMENT_MS) once.push(at);
  }
  return once;
}

/** Killed before whoever had published it wrote that down: later than its claim lasts it is written, or somebody else's. */
function isCutShort(outages: readonly Outage[], at: number): boolean {
  return outages.some(({ killedAt }) => killedAt >= at - SAME_MOMENT_MS && killedAt <= at + CLAIM_LEASE_MS);
}

function isMessage({ event, channel }: TimelineEntry): boolean {
  return MESSAGES.includes(event) && channel !== 'topic';
}

function contactOf({ channel, to }: InboxMessage): string {
  return `${channel} ${to}`;
}

function contactTold({ responder, channel }: TimelineEntry, contacts: Messages['contacts']): string {
  return `${channel} ${contacts.get(`${responder} ${channel}`)}`;
}

function momentsBy<T extends { at: number }>(
  items: readonly T[],
  keyOf: (item: T) => string,
): Map<string, number[]> {
  return new Map(
    [...groupBy(items, keyOf)].map(([key, group]) => [key, group.map(({ at }) => at).sort((a, b) => a - b)]),
  );
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
