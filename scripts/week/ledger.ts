/** What was sent in the week, and what became of each of it. */

import { alignColumns } from '../../cli/columns.ts';
import type { Alert, TimelineEntry } from '../../functions/alerts/alert.ts';
import type { InboxMessage } from './installation.ts';

/** `repeat` says nothing new, `refused` was answered with an error: neither may change an alert. */
export type Fate = 'alarm' | 'ok' | 'acknowledge' | 'repeat' | 'refused';

export type Life = { alert: Alert; timeline: TimelineEntry[] };

const MESSAGES = ['page.sent', 'reminder.sent', 'notice.sent'];

/** The entry is written when the message was sent; the inbox has it in the same second. */
const SAME_MOMENT_MS = 2_000;

export class Ledger {
  private readonly sent = new Map<string, Map<Fate, number>>();
  readonly complaints: string[] = [];

  /** @param name  `sender/key` */
  note(name: string, fate: Fate, count = 1): void {
    const fates = this.sent.get(name) ?? new Map<Fate, number>();
    this.sent.set(name, fates.set(fate, (fates.get(fate) ?? 0) + count));
  }

  check(holds: boolean, what: string): void {
    if (!holds) this.complaints.push(what);
  }

  /**
   * Each signal beside the alerts that it made.
   * @param lives     every alert of the week, those that have ended as well
   * @param contacts  addresses by responder and channel
   */
  account(
    lives: readonly Life[],
    inbox: readonly InboxMessage[],
    contacts: ReadonlyMap<string, string>,
  ): string[] {
    const byName = groupBy(lives, ({ alert }) => nameOf(alert));
    const rows = [...this.sent].map(([name, fates]) => {
      const own = byName.get(name) ?? [];
      const of = (fate: Fate) => fates.get(fate) ?? 0;
      const triggers = sum(own, ({ alert }) => alert.triggers);
      this.check(triggers === of('alarm'), `${name}: ${of('alarm')} alarms sent, ${triggers} in its alerts`);
      const open = own.filter(({ alert }) => alert.status !== 'resolved').length;
      this.check(open === 0, `${name}: ${open} alerts are still open`);
      const pages = sum(own, ({ timeline }) => timeline.filter(({ event }) => event === 'page.sent').length);
      return [
        name,
        ...[of('alarm'), of('ok'), of('acknowledge'), of('repeat'), of('refused'), own.length, pages].map(
          String,
        ),
      ];
    });
    this.explainMessages(lives, inbox, contacts);
    const own = [...byName].filter(([name]) => !this.sent.has(name));
    for (const [name, ones] of own) {
      this.check(name.startsWith('tocsin/'), `nobody sent ${name}`);
      const pages = sum(ones, ({ timeline }) => timeline.filter(({ event }) => event === 'page.sent').length);
      rows.push([name, '-', '-', '-', '-', '-', String(ones.length), String(pages)]);
    }
    return alignColumns([
      ['signal', 'alarms', 'OKs', 'acks', 'repeats', 'refused', 'alerts', 'pages'],
      ...rows,
    ]);
  }

  /** Each page in a timeline lies in an inbox, and each message there is in a timeline. */
  private explainMessages(
    lives: readonly Life[],
    inbox: readonly InboxMessage[],
    contacts: ReadonlyMap<string, string>,
  ): void {
    const told = lives.flatMap(({ alert, timeline }) =>
      timeline
        .filter(({ event }) => MESSAGES.includes(event))
        .map((entry) => ({ at: entry.at, to: contacts.get(`${entry.responder} ${entry.channel}`), alert })),
    );
    const isSame = (message: InboxMessage, { at, to }: { at: number; to: string | undefined }) =>
      message.to === to && Math.abs(message.at - at) <= SAME_MOMENT_MS;
    for (const one of told) {
      if (one.to === undefined) continue;
      this.check(
        inbox.some((message) => isSame(message, one)),
        `alert ${one.alert.id} says that ${one.to} had a message at ${new Date(one.at).toISOString()}; none was sent`,
      );
    }
    for (const message of inbox.filter(isOfAlert)) {
      this.check(
        told.some((one) => isSame(message, one)),
        `no alert explains the message to ${message.to} at ${new Date(message.at).toISOString()}: ${message.subject ?? message.body}`,
      );
    }
    const perMinute = groupBy(inbox.filter(isOfAlert), ({ channel, to }) => `${channel} ${to}`);
    for (const [contact, messages] of perMinute) {
      const moments = messages.map(({ at }) => at).sort((a, b) => a - b);
      const closest = Math.min(...moments.slice(1).map((at, i) => at - moments[i]!));
      this.check(closest >= 60_000, `${contact} had two messages within ${closest} ms`);
    }
  }
}

/** AWS's own emails, and tests of a contact, are no news of an alert. */
function isOfAlert({ body }: InboxMessage): boolean {
  return !/confirmation\.html|This is a test/i.test(body);
}

/** `sender/key`, as the ledger has it. */
function nameOf({ source }: Alert): string {
  if (source.kind === 'cloudwatch') return `cloudwatch/${source.alarmName}`;
  if (source.kind === 'integration') return `${source.integration}/${source.key}`;
  return `${source.kind}/${source.key}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
