/** The soak's account: what became of each signal that was accepted, and of each message that was sent. */

import type { Life } from '../../cli/replay/replay-event.ts';
import type { Alert } from '../../functions/alerts/alert.ts';
import { groupBy } from './group-by.ts';
import type { InboxMessage } from './kept-rows.ts';
import { type Latencies, latenciesOf } from './latencies.ts';
import { type MessageCounts, settleMessages } from './settle-messages.ts';
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

/** Of the alarms: `accepted` = `inAlerts` when none is lost and none is counted twice. */
export type Counts = {
  alarms: { accepted: number; inAlerts: number };
  oks: number;
  /** whoever was not answered sends again: from `accepted` to `attempts` of them are in alerts */
  webhooks: Triggers & { inAlerts: number };
  alerts: {
    all: number;
    /** of these, those that page: critical and warning. `paging` = `paged` + `notPaged` */
    paging: number;
    paged: number;
    /** over, answered or held before the turn of their page came */
    notPaged: number;
    /** the longest that one of them fired without a page while the world ran */
    longestUnpagedMs: number;
    /** of Tocsin itself */
    own: number;
  };
  messages: MessageCounts;
};

export type Verdict = { complaints: string[]; counts: Counts; latencies: Latencies };

/**
 * So long an alert that fires, unanswered, may be without its first page while the world runs: a slot of 60 s, the claim
 * of somebody who was killed (30 s), and the tick that finds it (60 s), one after the other.
 */
const FIRST_PAGE_MOST_MS = 150_000;

const OWN = 'tocsin/';

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
    check(alarms.has(name) || account.webhooks.has(name) || name.startsWith(OWN), `nobody sent ${name}`);
  }
  const paging = account.lives.filter(({ alert }) => alert.severity !== 'info');
  let longest = 0;
  for (const life of paging) {
    const unpagedMs = longestUnpagedMs(life, account.outages, account.endedAt);
    longest = Math.max(longest, unpagedMs);
    check(
      unpagedMs <= FIRST_PAGE_MOST_MS,
      `${nameOf(life.alert)} (${life.alert.id}) fired for ${Math.round(unpagedMs / 1_000)} s and paged nobody`,
    );
  }
  // An ended life was copied before its last notices were settled.
  for (const { alert, timeline } of account.lives.filter((one) => one.alert.status !== 'resolved')) {
    const told = Math.max(0, ...timeline.map(({ version }) => version));
    check(
      told <= alert.version,
      `${nameOf(alert)} (${alert.id}) is at version ${alert.version}, and its timeline at ${told}: the table has brought an older row back`,
    );
  }
  const messages = settleMessages(account);
  const webhooks = [...account.webhooks.values()];
  const triggersOf = (names: ReadonlyMap<string, unknown>) =>
    sum([...byName], ([name, lives]) => (names.has(name) ? triggersIn(lives) : 0));
  const paged = paging.filter(({ timeline }) => timeline.some(({ event }) => event === 'page.sent')).length;
  return {
    complaints: [...complaints, ...messages.complaints],
    counts: {
      alarms: {
        accepted: account.signals.filter(({ state }) => state === 'ALARM').length,
        inAlerts: triggersOf(alarms),
      },
      oks: account.signals.filter(({ state }) => state === 'OK').length,
      webhooks: {
        accepted: sum(webhooks, ({ accepted }) => accepted),
        attempts: sum(webhooks, ({ attempts }) => attempts),
        inAlerts: triggersOf(account.webhooks),
      },
      alerts: {
        all: account.lives.length,
        paging: paging.length,
        paged,
        notPaged: paging.length - paged,
        longestUnpagedMs: longest,
        own: account.lives.filter(({ alert }) => nameOf(alert).startsWith(OWN)).length,
      },
      messages: messages.counts,
    },
    latencies: latenciesOf(account.outages, alarms, byName),
  };
}

type Check = (holds: boolean, what: string) => void;

function checkAlarm(name: string, signals: readonly Accepted[], lives: readonly Life[], check: Check): void {
  const fired = signals.filter(({ state }) => state === 'ALARM').length;
  const counted = triggersIn(lives);
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
  const counted = triggersIn(lives);
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

/** `critical-12`, as the traffic names its alarms; `integration/key` for other senders. */
export function nameOf({ source }: Alert): string {
  if (source.kind === 'cloudwatch') return source.alarmName;
  return source.kind === 'integration'
    ? `${source.integration}/${source.key}`
    : `${source.kind}/${source.key}`;
}

function triggersIn(lives: readonly Life[]): number {
  return sum(lives, ({ alert }) => alert.triggers);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
