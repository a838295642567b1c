/** An alert in words: what is broken, how it stands, who is paged next. Shared by SMS, email, pages and terminal. */

import { decideContacts } from '../escalation/decide-contacts.ts';
import { momentByHand, stepOf } from '../escalation/escalation-policy.ts';
import type { EscalationStep, Operations } from '../operations/operations.ts';
import { type Alert, heldBy, isOpen, type Page } from './alert.ts';
import { elapsedAt, isActive } from './alert-draft.ts';
import { remindedResponders } from './alert-pages.ts';
import { isAlarm } from './describe-source.ts';
import { describeMoment } from './describe-time.ts';

/** Control, format (bidirectional overrides, zero-width) and line-breaking characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** A sender's text on one line: white space becomes a space, what cannot be seen vanishes, what is too long ends in `…`. */
export function oneLine(text: string, limit = Number.POSITIVE_INFINITY): string {
  const line = text.replace(/\s+/gu, ' ').replace(INVISIBLE, '').trim();
  if (line.length <= limit) return line;
  // By characters, not code units: half an emoji is no text.
  const kept = Array.from(line).slice(0, limit - 1);
  return `${kept.join('').trimEnd()}…`;
}

/** A sender's text of several lines: each of them one line, the empty ones left out. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => oneLine(line))
    .filter((line) => line !== '');
}

/** `checkout: orders-5xx-rate` */
export function describeWhat(alert: Alert): string {
  const title = oneLine(alert.detail.title) || 'untitled alarm';
  return alert.service ? `${oneLine(alert.service)}: ${title}` : title;
}

/** The alert's service, as far as operations.ts still knows it. */
export function serviceOf(alert: Alert, operations: Operations): Operations['services'][string] | undefined {
  return alert.service !== undefined && Object.hasOwn(operations.services, alert.service)
    ? operations.services[alert.service]
    : undefined;
}

/** The address of the service's runbook; anything but http and https is no link to follow at 3 a.m. */
export function runbookOf(alert: Alert, operations: Operations): string | undefined {
  const runbook = serviceOf(alert, operations)?.runbook;
  return runbook && /^https?:\/\/\S+$/i.test(runbook) ? runbook : undefined;
}

/** Who is behind a name in an alert: `ana` → `Ana Silva`, `cli:ben` → `ben (command line)`. */
export function nameOf(who: string, operations: Operations): string {
  if (who === 'watchers') return 'the watchers';
  if (who.startsWith('cli:')) return `${oneLine(who.slice(4))} (command line)`;
  if (who.startsWith('integration:')) return `${oneLine(who.slice(12))} (integration)`;
  // Own property: a row may name somebody who has left, or a name such as `constructor`.
  const responder = Object.hasOwn(operations.responders, who) ? operations.responders[who] : undefined;
  return oneLine(responder?.name ?? who);
}

/** `Ana, Ben and Cleo` */
export function listNames(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const last = distinct.pop() ?? 'nobody';
  return distinct.length > 0 ? `${distinct.join(', ')} and ${last}` : last;
}

/** `Triggered`, `Acknowledged by Ana at 14:07Z`, `Resolved at 14:30Z: the alarm is OK again`. */
export function describeState(alert: Alert, operations: Operations, nowMs: number): string {
  if (alert.status === 'resolved') return describeResolution(alert, operations, nowMs);
  const hold = heldBy(alert);
  const held = hold ? `, ${hold} since ${describeMoment(alert.holds[hold]!.since, nowMs)}` : '';
  if (alert.status === 'triggered' || !alert.acknowledgement) return `${capital(alert.status)}${held}`;
  const { by, at } = alert.acknowledgement;
  return `Acknowledged by ${nameOf(by, operations)} at ${describeMoment(at, nowMs)}${held}`;
}

function describeResolution(alert: Alert, operations: Operations, nowMs: number): string {
  if (!alert.resolution) return 'Resolved';
  const { by, at, reason } = alert.resolution;
  const when = describeMoment(at, nowMs);
  return by === 'alarm'
    ? `Resolved at ${when}: ${oneLine(reason)}`
    : `Resolved by ${nameOf(by, operations)} at ${when}`;
}

/** Why it may come again after it is resolved, as the end of a sentence; nothing of an alert by hand. */
export function describeFiring({ lastSignalState, source }: Alert): string | undefined {
  if (lastSignalState !== 'alarm' || source.kind === 'cli') return undefined;
  return isAlarm(source) ? 'the alarm still fires' : 'its sender has not said that it is over';
}

/** Who hears of it next, and when; or why nobody does. A sentence without its full stop. */
export function describeNext(alert: Alert, operations: Operations, nowMs: number): string {
  if (!isOpen(alert)) return 'Nobody is paged any more';
  const hold = describeHold(alert, operations, nowMs);
  if (hold) return hold;
  if (alert.status === 'acknowledged') return describeReminder(alert, operations, nowMs);
  const atMs = nextMomentMs(alert);
  const step = alert.next && stepOf(operations.escalation[alert.severity], alert.next);
  if (atMs === undefined || !step) return 'Nobody else is paged';
  const who = describeLevel(step, operations, atMs);
  return `${capital(who)} is paged at ${describeMoment(atMs, nowMs)} unless somebody acknowledges`;
}

/** Why nobody is paged now, and until when; nothing while nothing holds it. */
function describeHold(alert: Alert, operations: Operations, nowMs: number): string | undefined {
  const { holds } = alert;
  const nobody = isPagedByHand(alert) ? 'Nobody else' : 'Nobody';
  const until = (atMs: number) => `${nobody} is paged until ${describeMoment(atMs, nowMs)}`;
  const named = ({ name, window }: { name?: string | undefined; window: string }) =>
    `'${oneLine(name ?? window)}'`;
  if (holds.recovering) {
    const again = isAlarm(alert.source) ? 'the alarm fires again' : 'it comes back';
    return `Resolves at ${describeMoment(holds.recovering.until, nowMs)} unless ${again}`;
  }
  if (holds.snoozed) {
    const { by, reason } = holds.snoozed;
    const why = reason ? ` ('${oneLine(reason)}')` : '';
    return `${until(holds.snoozed.until)}: snoozed by ${nameOf(by, operations)}${why}, then it starts over`;
  }
  if (holds.maintenance) return `${until(holds.maintenance.until)}: maintenance ${named(holds.maintenance)}`;
  if (holds.silenced) return `${until(holds.silenced.until)}: silenced, ${named(holds.silenced)}`;
  if (holds.inhibited) return `${nobody} is paged while alert ${holds.inhibited.by} fires, which explains it`;
  return holds.muted && `${nobody} is paged while the alarm is muted in CloudWatch`;
}

/** True when somebody escalated it in spite of what holds it now. */
function isPagedByHand(alert: Alert): boolean {
  const hold = heldBy(alert);
  if (!hold) return false;
  const { since } = alert.holds[hold]!;
  const isNews = (page: Page) => isActive(page) || (page.status === 'sent' && (page.settledAt ?? 0) >= since);
  return alert.pages.some((page) => page.byHand && isNews(page));
}

/** Whom escalating by hand would page: `level 2 (Ben and Cleo)`; nothing where the severity's policy pages nobody. */
export function describeEscalation(alert: Alert, operations: Operations, nowMs: number): string | undefined {
  const policy = operations.escalation[alert.severity];
  const moment = momentByHand(policy, alert.highestPagedLevel, elapsedAt(alert, nowMs));
  const step = moment && stepOf(policy, moment);
  return step ? describeLevel(step, operations, nowMs) : undefined;
}

function describeLevel(step: EscalationStep, operations: Operations, atMs: number): string {
  const who = decideContacts(operations, step.level, step.channels, atMs);
  const responders = who.kind === 'page' ? who.contacts.map(({ responder }) => responder) : ['watchers'];
  return `level ${who.level} (${listNames(responders.map((responder) => nameOf(responder, operations)))})`;
}

function describeReminder(alert: Alert, operations: Operations, nowMs: number): string {
  const { by, remindAt, forgottenAt } = alert.acknowledgement ?? {
    by: '',
    remindAt: null,
    forgottenAt: null,
  };
  if (forgottenAt !== null) {
    return `Escalates at ${describeMoment(forgottenAt, nowMs)} unless it is resolved or acknowledged again`;
  }
  if (remindAt === null) return 'Nobody is paged while it is acknowledged';
  const people = remindedResponders(alert, by, operations);
  const who = people.length > 0 ? people.map((name) => nameOf(name, operations)) : [nameOf(by, operations)];
  const is = who.length === 1 ? 'is' : 'are';
  return `${listNames(who)} ${is} reminded at ${describeMoment(remindAt, nowMs)} unless it is resolved`;
}

/** When the escalation clock, running on from now, reaches the next moment. */
function nextMomentMs(alert: Alert): number | undefined {
  const { elapsedMs, runningSince } = alert.clock;
  return alert.next && runningSince !== null ? runningSince + alert.next.atMs - elapsedMs : undefined;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
