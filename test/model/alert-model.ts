/**
 * A much simpler alert, written from the design: it lives five seconds at a time and counts its clock up. It has no due
 * moments, claims, versions or timeline; all that it can be asked is how it stands and which messages it has sent.
 * Source: design, Alert and Paging
 */
import { type Deed, type Member, MINUTE_MS, STEP_MS } from './happening.ts';
import {
  type Contact,
  contactsOf,
  type Moment,
  momentAfter,
  PROCEDURES,
  pagedFor,
  type Severity,
  WATCHERS,
} from './procedures-of-model.ts';
import type { WorldAround } from './world-around.ts';

const RANK = { info: 0, warning: 1, critical: 2 };
const RETRY_AFTER_S = [5, 10, 20, 40, 60];

export type Hold = 'recovering' | 'snoozed' | 'maintenance' | 'silenced' | 'inhibited' | 'muted';
export type Message = Contact & { kind: 'page' | 'reminder' | 'notice'; level: number };
type Unsent = Message & { tries: number; notBefore: number; byHand: boolean };

export class AlertModel {
  said: Partial<Record<Member, { fires: boolean; at: number }>> = {};
  status: 'none' | 'triggered' | 'acknowledged' | 'resolved' = 'none';
  severity: Severity = 'info';
  openedAt = 0;
  /** milliseconds that it has been triggered and not held */
  clock = 0;
  /** whose alarm was the latest */
  speaker: Member = 'a';
  next: Moment | undefined;
  highest = 0;
  holds: Partial<Record<Hold, { since: number; until?: number; by?: string }>> = {};
  acknowledged:
    | { first: string; by: string; at: number; remindAt?: number; forgottenAt?: number }
    | undefined;
  paged: Record<string, number> = {};
  timesInhibited = 0;
  unsent: Unsent[] = [];
  sent: (Message & { at: number })[] = [];
  readonly #around: WorldAround;

  constructor(around: WorldAround) {
    this.#around = around;
  }

  /** What is due at that moment, after what arrived at it; then the clock counts on to the next. */
  live(nowMs: number): void {
    const { recovering, muted } = this.holds;
    if (recovering && recovering.until! <= nowMs) this.#resolve(nowMs);
    else if (muted && muted.until! <= nowMs) this.#askAboutMute(nowMs);
    this.#goOn(nowMs);
    this.#send(nowMs);
    if (this.status === 'triggered' && !this.isHeld()) this.clock += STEP_MS;
  }

  isOpen(): boolean {
    return this.status === 'triggered' || this.status === 'acknowledged';
  }

  isHeld(): boolean {
    return Object.keys(this.holds).length > 0;
  }

  happen(deed: Deed, nowMs: number): void {
    if (deed.do === 'signal') this.#hear(deed, nowMs);
    else if (!this.isOpen()) return;
    else if (deed.do === 'acknowledge') this.#acknowledge(deed.by, nowMs);
    else if (deed.do === 'escalate' && PROCEDURES[this.severity]) {
      this.#backToTriggered();
      this.#jump(nowMs, true);
    } else if (deed.do === 'snooze') this.#snooze(deed.by, nowMs, nowMs + deed.minutes * MINUTE_MS);
    else if (deed.do === 'resolve') this.#resolve(nowMs);
  }

  #hear(deed: Deed & { do: 'signal' }, nowMs: number): void {
    const { member, state, severity, suppressed } = deed;
    if (state === 'insufficient-data') return;
    const last = this.said[member];
    const at = this.#around.saidAt(deed, nowMs);
    const alarmWins = last?.at === at && state === 'alarm' && !last.fires;
    if (last && at <= last.at && !alarmWins) return;
    this.said[member] = { fires: state === 'alarm', at };
    if (state === 'alarm') this.#alarm(member, severity, suppressed, nowMs);
    else if (this.isOpen() && !this.#fires()) {
      if (state === 'ok') this.holds.recovering ??= { since: nowMs, until: nowMs + 5 * MINUTE_MS };
      else this.#resolve(nowMs);
    }
  }

  #alarm(member: Member, severity: Severity, suppressed: boolean, nowMs: number): void {
    if (!this.isOpen()) {
      Object.assign(this, {
        status: 'triggered',
        openedAt: nowMs,
        severity,
        paged: {},
        acknowledged: undefined,
        timesInhibited: 0,
      });
      this.#startOver();
    }
    this.speaker = member;
    delete this.holds.recovering;
    // A muted alarm mutes nobody but itself.
    const others = this.openedAt !== nowMs && this.#fires(member);
    if (suppressed && (this.holds.muted || !others))
      this.holds.muted = { since: this.holds.muted?.since ?? nowMs, until: nowMs + 5 * MINUTE_MS };
    if (!suppressed) this.#end('muted');
    if (RANK[severity] > RANK[this.severity]) {
      this.severity = severity;
      this.#backToTriggered();
      this.#startOver();
    }
  }

  /** DescribeAlarms, every five minutes. */
  #askAboutMute(nowMs: number): void {
    const { state, suppressed } = this.#around.reading;
    if (state === 'missing' || state === 'ok') {
      // What it said before, said again, is no news.
      this.said[this.speaker] = { fires: false, at: this.said[this.speaker]!.at + 1 };
      this.#end('muted');
      if (this.#fires()) return;
      if (state === 'missing') this.#resolve(nowMs);
      else this.holds.recovering ??= { since: nowMs, until: nowMs + 5 * MINUTE_MS };
    } else if (!suppressed || (state === 'unknown' && nowMs - this.holds.muted!.since >= 60 * MINUTE_MS)) {
      this.#end('muted');
    } else this.holds.muted!.until = nowMs + 5 * MINUTE_MS;
  }

  #acknowledge(by: string, nowMs: number): void {
    if (this.acknowledged?.by === by && nowMs - this.acknowledged.at < MINUTE_MS) return;
    const remindAfter = PROCEDURES[this.severity]?.remindAfter;
    this.status = 'acknowledged';
    this.acknowledged = { first: this.acknowledged?.first ?? by, by, at: nowMs };
    if (remindAfter) this.acknowledged.remindAt = nowMs + remindAfter * MINUTE_MS;
    delete this.holds.snoozed;
    this.#drop();
  }

  #snooze(by: string, nowMs: number, until: number): void {
    const { snoozed } = this.holds;
    const isSamePress = snoozed?.by === by && nowMs - snoozed.since < MINUTE_MS;
    if (isSamePress && Math.abs(until - snoozed.until!) < MINUTE_MS) return;
    this.#backToTriggered();
    this.holds.snoozed = { since: nowMs, until, by };
    this.#drop();
  }

  #resolve(nowMs: number): void {
    this.status = 'resolved';
    this.holds = {};
    this.#drop();
    for (const [responder, level] of Object.entries(this.paged))
      this.#owe('notice', level, [{ responder, channel: 'email' }], nowMs);
  }

  /** What holds it now, and what has fallen due. */
  #goOn(nowMs: number): void {
    if (!this.isOpen()) return;
    const { windows, explainedSince } = this.#around;
    const canPage = PROCEDURES[this.severity] !== undefined;
    for (const hold of ['maintenance', 'silenced'] as const) {
      const open = windows.filter(
        (one) =>
          canPage &&
          one.hold === hold &&
          (one.severity ?? this.severity) === this.severity &&
          one.from <= nowMs &&
          nowMs < one.until,
      );
      const until = Math.max(...open.map((one) => one.until));
      const since = this.holds[hold]?.since ?? Math.min(...open.map(({ from }) => from));
      if (open.length > 0) this.holds[hold] = { since, until };
      else this.#end(hold);
    }
    if (explainedSince === undefined || !canPage) this.#end('inhibited');
    else if (!this.holds.inhibited && this.timesInhibited++ < 10)
      this.holds.inhibited = { since: explainedSince };
    if ((this.holds.snoozed?.until ?? nowMs + 1) <= nowMs) this.#end('snoozed');
    if (this.isHeld()) return;
    if (this.status === 'acknowledged') this.#remind(nowMs);
    else
      while (this.next && Math.round(this.next.minute * MINUTE_MS) <= this.clock)
        this.#take(this.next, nowMs, false);
  }

  #remind(nowMs: number): void {
    const { by, remindAt, forgottenAt } = this.acknowledged!;
    if (remindAt !== undefined && remindAt <= nowMs) {
      delete this.acknowledged!.remindAt;
      this.acknowledged!.forgottenAt = nowMs + 15 * MINUTE_MS;
      const people = contactsOf(by).length > 0 ? [by] : Object.keys(this.paged);
      const contacts = people.flatMap((one) => contactsOf(one));
      this.#owe('reminder', this.highest, contacts.length > 0 ? contacts : [WATCHERS], nowMs);
    }
    if (forgottenAt !== undefined && forgottenAt <= nowMs) {
      this.#backToTriggered();
      this.#jump(nowMs, false);
    }
  }

  /** "to the level after the highest paged; past the last, that one again, the next repeat counted from now" */
  #jump(nowMs: number, byHand: boolean): void {
    const { moments } = PROCEDURES[this.severity]!;
    const above = moments.find(({ level }) => level > this.highest);
    if (above) this.clock = above.minute * MINUTE_MS;
    this.#take(above ?? { ...moments.at(-1)!, minute: this.clock / MINUTE_MS }, nowMs, byHand);
  }

  #take(moment: Moment, nowMs: number, byHand: boolean): void {
    const { level, contacts } = pagedFor(moment);
    this.next = momentAfter(PROCEDURES[this.severity]!, moment);
    this.highest = Math.max(this.highest, level);
    this.#owe('page', level, contacts, nowMs, byHand);
  }

  #owe(
    kind: Message['kind'],
    level: number,
    contacts: readonly Contact[],
    nowMs: number,
    byHand = false,
  ): void {
    for (const { responder, channel } of contacts) {
      const known = this.unsent.find(
        (one) => one.kind === kind && one.responder === responder && one.channel === channel,
      );
      if (!known) this.unsent.push({ kind, level, responder, channel, tries: 0, notBefore: nowMs, byHand });
      else
        Object.assign(known, { level: Math.max(known.level, level) }, byHand && { byHand, notBefore: nowMs });
    }
  }

  #send(nowMs: number): void {
    for (const one of [...this.unsent]) {
      if (one.notBefore > nowMs || (this.isHeld() && !one.byHand && one.kind !== 'notice')) continue;
      if (this.#around.snsRefuses(nowMs)) {
        one.notBefore = nowMs + (RETRY_AFTER_S[one.tries++] ?? 60) * 1_000;
        continue;
      }
      this.unsent.splice(this.unsent.indexOf(one), 1);
      const { kind, level, responder, channel } = one;
      this.sent.push({ kind, level, responder, channel, at: nowMs });
      if (kind === 'page') this.paged[responder] = Math.max(this.paged[responder] ?? 0, level);
    }
  }

  #backToTriggered(): void {
    this.status = 'triggered';
    this.acknowledged = undefined;
    this.unsent = this.unsent.filter(({ kind }) => kind !== 'reminder');
  }

  #startOver(): void {
    this.clock = 0;
    this.next = PROCEDURES[this.severity]?.moments[0];
    this.highest = 0;
  }

  /** "opened within it, at level 1; before it, at its own clock"; a snooze starts over anyway. */
  #end(hold: Hold): void {
    const held = this.holds[hold];
    if (!held) return;
    delete this.holds[hold];
    if (this.status === 'triggered' && (hold === 'snoozed' || this.openedAt >= held.since)) this.#startOver();
  }

  #drop(): void {
    this.unsent = this.unsent.filter(({ kind }) => kind === 'notice');
  }

  #fires(but?: Member): boolean {
    return Object.entries(this.said).some(([member, one]) => member !== but && one.fires);
  }
}
