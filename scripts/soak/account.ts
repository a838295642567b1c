/** The soak's account: what became of each signal that was accepted, and of each message that was sent. */

import type { Life } from '../../cli/replay/replay-event.ts';
import type { Alert, TimelineEntry } from '../../functions/alerts/alert.ts';
import type { InboxMessage } from './kept-rows.ts';
import type { Outage } from './world-process.ts';

/** A change that was answered with 2xx. `sentAt`: of the request that was; epoch milliseconds. */
export type Accepted = {
  name: string;
  state: 'ALARM' | 'OK';
  at: number;
  sentAt: number;
  acceptedAt: number;
};

/** By the sender's key. Whoever was not answered sends again, and what was accepted after all is heard twice. */
export type Triggers = { accepted: number; attempts: number };

export type Account = {
  signals: readonly Accepted[];
  webhooks: ReadonlyMap<string, Triggers>;
  lives: readonly Life[];
  inbox: readonly InboxMessage[];
  outages: readonly Outage[];
  /** `ana sms` → the address */
  contacts: ReadonlyMap<string, string>;
  /** when the world was asked for its rows */
  endedAt: number;
};

export type Latencies = { arrivalToAlertMs: number[]; arrivalToPageMs: number[]; freeSlotMs: number[] };

export type Verdict = {
  complaints: string[];
  counts: Record<
    | 'alarms'
    | 'oks'
    | 'triggers'
    | 'webhookTriggers'
    | 'lives'
    | 'livesToPage'
    | 'livesPaged'
    | 'messages'
    | 'repeatedMessages',
    number
  >;
  latencies: Latencies;
};

/**
 * So long an alert that fires, unanswered, may be without its first page while the world runs: a slot of 60 s, the claim
 * of somebody who was killed (30 s), and the tick that finds it (60 s), one after the other.
 */
const FIRST_PAGE_MOST_MS = 150_000;

/** The entry has the moment of the publish; the inbox that of its arrival. */
const SAME_MOMENT_MS = 2_000;

/** Publish to publish it is 60 s; what a busy process adds to the one before and not to the other is no second message. */
const WITHIN_MINUTE_MS = 59_000;

/** Around an outage no latency is taken: what waited is worked off. */
const AROUND_OUTAGE_MS = { before: 10_000, after: 60_000 };

const MESSAGES = ['page.sent', 'reminder.sent', 'notice.sent'];

export function settleAccounts(account: Account): Verdict {
  const complaints: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) complaints.push(what);
  };
  const byName = groupBy(account.lives, ({ alert }) => nameOf(alert));
  const alarms = groupBy(account.signals, ({ name }) => name);
  for (const [name, signals] of alarms) checkAlarm(name, signals, byName.get(name) ?? [], check);
  for (const [key, sent] of account.webhooks) checkWebhook(key, sent, byName.get(key) ?? [], check);
  for (const name of byName.keys()) {
    check(
      alarms.has(name) || account.webhooks.has(name) || name.startsWith('tocsin/'),
      `nobody sent ${name}`,
    );
  }
  const toPage = account.lives.filter(({ alert }) => alert.severity !== 'info');
  for (const life of toPage) {
    const unpagedMs = longestUnpagedMs(life, account.outages, account.endedAt);
    check(
      unpagedMs <= FIRST_PAGE_MOST_MS,
      `${nameOf(life.alert)} (${life.alert.id}) fired for ${Math.round(unpagedMs / 1_000)} s and paged nobody`,
    );
  }
  checkMessages(account, check);
  return {
    complaints,
    counts: {
      alarms: account.signals.filter(({ state }) => state === 'ALARM').length,
      oks: account.signals.filter(({ state }) => state === 'OK').length,
      triggers: sum(account.lives, ({ alert }) => alert.triggers),
      webhookTriggers: sum([...account.webhooks.values()], ({ accepted }) => accepted),
      lives: account.lives.length,
      livesToPage: toPage.length,
      livesPaged: toPage.filter(({ timeline }) => timeline.some(({ event }) => event === 'page.sent')).length,
      messages: account.inbox.length,
      repeatedMessages: tooSoon(account.inbox).length,
    },
    latencies: latenciesOf(account, alarms, byName),
  };
}

type Check = (holds: boolean, what: string) => void;

function checkAlarm(name: string, signals: readonly Accepted[], lives: readonly Life[], check: Check): void {
  const fired = signals.filter(({ state }) => state === 'ALARM').length;
  const counted = sum(lives, ({ alert }) => alert.triggers);
  check(counted === fired, `${name}: ${fired} alarms were accepted, ${counted} are in its alerts`);
  const last = signals.reduce((a, b) => (b.at > a.at ? b : a));
  const open = lives.filter(({ alert }) => alert.status !== 'resolved');
  const want = last.state === 'ALARM' ? 1 : 0;
  check(open.length === want, `${name}: ${last.state} was the last word, and ${open.length} alerts are open`);
}

function checkWebhook(
  key: string,
  { accepted, attempts }: Triggers,
  lives: readonly Life[],
  check: Check,
): void {
  const counted = sum(lives, ({ alert }) => alert.triggers);
  check(
    counted >= accepted && counted <= attempts,
    `${key}: ${accepted} triggers were accepted of ${attempts} sent, ${counted} are in its alerts`,
  );
}

/** The longest that the alert fired unanswered and unheld before its first page, less the time when nothing ran. */
export function longestUnpagedMs(
  { alert, timeline }: Life,
  outages: readonly Outage[],
  endedAt: number,
): number {
  let since: number | undefined;
  let longest = 0;
  const holds = new Set<string>();
  const close = (untilMs: number) => {
    if (since !== undefined) longest = Math.max(longest, untilMs - since - downMs(outages, since, untilMs));
    since = undefined;
  };
  for (const entry of timeline) {
    if (entry.event === 'page.sent') {
      close(entry.at);
      return longest;
    }
    if (entry.event === 'alert.held') holds.add(entry.reason ?? '');
    if (entry.event === 'alert.released') holds.delete(entry.reason ?? '');
    if (entry.event === 'alert.acknowledged' || entry.event === 'alert.snoozed') holds.add(entry.event);
    const isOver = entry.event === 'alert.resolved';
    if (isOver || holds.size > 0) close(entry.at);
    else since ??= entry.at;
  }
  if (alert.status !== 'resolved') close(endedAt);
  return longest;
}

function downMs(outages: readonly Outage[], fromMs: number, untilMs: number): number {
  return sum(outages, ({ killedAt, upAt }) =>
    Math.max(0, Math.min(untilMs, upAt) - Math.max(fromMs, killedAt)),
  );
}

/** Each page that a timeline tells of lies in an inbox; nobody has two within a minute, or one nobody knows of, but for a kill. */
function checkMessages({ lives, inbox, outages, contacts }: Account, check: Check): void {
  const arrived = momentsBy(
    inbox,
    ({ channel, to }) => `${channel} ${to}`,
    ({ at }) => at,
  );
  const told = momentsBy(
    lives.flatMap(({ timeline }) => timeline.filter(isMessage)),
    ({ responder, channel }) => `${channel} ${contacts.get(`${responder} ${channel}`)}`,
    ({ at }) => at,
  );
  for (const [contact, moments] of told) {
    const missing = moments.filter((at) => !hasNear(arrived.get(contact) ?? [], at));
    check(missing.length === 0, `${contact}: ${missing.length} messages of a timeline never arrived`);
  }
  for (const [contact, moments] of arrived) {
    const unknown = moments.filter((at) => !hasNear(told.get(contact) ?? [], at));
    check(
      unknown.length <= outages.length,
      `${contact}: no timeline explains ${unknown.length} messages, with ${outages.length} kills`,
    );
  }
  for (const { contact, from, to } of tooSoon(inbox)) {
    check(
      outages.some(({ killedAt }) => killedAt >= from - SAME_MOMENT_MS && killedAt <= to),
      `${contact}: two messages within ${to - from} ms, at ${new Date(to).toISOString()}, and no kill between them`,
    );
  }
}

/** Pairs of messages to one contact that came within a minute. */
export function tooSoon(inbox: readonly InboxMessage[]): { contact: string; from: number; to: number }[] {
  const arrived = momentsBy(
    inbox,
    ({ channel, to }) => `${channel} ${to}`,
    ({ at }) => at,
  );
  return [...arrived].flatMap(([contact, moments]) =>
    moments
      .slice(1)
      .map((to, i) => ({ contact, from: moments[i]!, to }))
      .filter(({ from, to }) => to - from < WITHIN_MINUTE_MS),
  );
}

function latenciesOf(
  { outages }: Account,
  alarms: ReadonlyMap<string, Accepted[]>,
  byName: ReadonlyMap<string, Life[]>,
): Latencies {
  const latencies: Latencies = { arrivalToAlertMs: [], arrivalToPageMs: [], freeSlotMs: [] };
  for (const [name, signals] of alarms) {
    const arrivedAt = new Map(signals.map(({ at, sentAt }) => [at, sentAt]));
    for (const life of byName.get(name) ?? []) {
      const arrival = arrivedAt.get(life.alert.triggeredAt ?? 0);
      if (arrival === undefined || isAround(outages, arrival)) continue;
      latencies.arrivalToAlertMs.push(life.alert.openedAt - arrival);
      const { pagedAt, waited } = firstPage(life.timeline);
      if (pagedAt === undefined || isAround(outages, pagedAt)) continue;
      latencies.arrivalToPageMs.push(pagedAt - arrival);
      if (!waited) latencies.freeSlotMs.push(pagedAt - arrival);
    }
  }
  return latencies;
}

/** Of an alert that fired without a pause until then. `waited`: for the slot of whoever was paged. */
function firstPage(timeline: readonly TimelineEntry[]): { pagedAt?: number; waited: boolean } {
  let waited = false;
  for (const { event, reason, at } of timeline) {
    if (event === 'page.sent') return { pagedAt: at, waited };
    if (event === 'page.held' && reason === 'waiting-for-slot') waited = true;
    else if (event !== 'alert.opened') return { waited };
  }
  return { waited };
}

function isAround(outages: readonly Outage[], at: number): boolean {
  return outages.some(
    ({ killedAt, upAt }) => at > killedAt - AROUND_OUTAGE_MS.before && at < upAt + AROUND_OUTAGE_MS.after,
  );
}

function isMessage({ event, channel }: TimelineEntry): boolean {
  return MESSAGES.includes(event) && channel !== 'topic';
}

/** `critical-12`, as the traffic names its alarms; `integration/key` for other senders. */
export function nameOf({ source }: Alert): string {
  if (source.kind === 'cloudwatch') return source.alarmName;
  return source.kind === 'integration'
    ? `${source.integration}/${source.key}`
    : `${source.kind}/${source.key}`;
}

function hasNear(sorted: readonly number[], at: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < at - SAME_MOMENT_MS) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && sorted[low]! <= at + SAME_MOMENT_MS;
}

function momentsBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  momentOf: (item: T) => number,
): Map<string, number[]> {
  return new Map(
    [...groupBy(items, keyOf)].map(([key, group]) => [key, group.map(momentOf).sort((a, b) => a - b)]),
  );
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
