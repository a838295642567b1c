/** The alert that is deployed, driven by its pure rules: whatever falls due is taken at its very moment, pages are tried at once. */
import { advanceAlert } from '../../functions/alerts/advance-alert.ts';
import type { Alert } from '../../functions/alerts/alert.ts';
import type { Decision } from '../../functions/alerts/alert-draft.ts';
import { claimedPages } from '../../functions/alerts/alert-pages.ts';
import { answerAlert } from '../../functions/alerts/answer-alert.ts';
import { receiveSignal } from '../../functions/alerts/receive-signal.ts';
import { reviewHolds } from '../../functions/alerts/review-holds.ts';
import { type Outcome, settlePages } from '../../functions/alerts/settle-pages.ts';
import type { Inhibitor } from '../../functions/holds/inhibition.ts';
import type { ClassifiedSignal } from '../../functions/intake/signal.ts';
import type { Operations, Window } from '../../functions/operations/operations.ts';
import type { Message } from './alert-model.ts';
import { type Deed, MINUTE_MS } from './happening.ts';
import { modelTeam } from './model-team.ts';
import type { AroundWindow, WorldAround } from './world-around.ts';

/** At one moment an alert is written a few times; without end it would never come to rest. */
const WRITES_AT_ONCE_MOST = 100;

export class RealAlert {
  alert: Alert | undefined;
  sent: (Message & { at: number })[] = [];
  readonly #around: WorldAround;
  #lastMs = 0;

  constructor(around: WorldAround) {
    this.#around = around;
  }

  happen(deed: Deed, nowMs: number): void {
    if (deed.do === 'signal') this.#receive(deed, nowMs);
    else if (!this.alert) return;
    else if (deed.do === 'snooze') {
      const until = nowMs + deed.minutes * MINUTE_MS;
      this.#write(answerAlert(this.alert, 'snooze', deed.by, nowMs, this.#operations(), { until }), nowMs);
    } else if (deed.do === 'acknowledge' || deed.do === 'escalate' || deed.do === 'resolve')
      this.#write(answerAlert(this.alert, deed.do, deed.by, nowMs, this.#operations()), nowMs);
  }

  review(nowMs: number): void {
    if (this.alert) this.#write(reviewHolds(this.alert, nowMs, this.#operations(), this.#inhibitor()), nowMs);
  }

  runTo(untilMs: number): void {
    let writes = 0;
    while (this.alert?.dueAt !== undefined && this.alert.dueAt <= untilMs) {
      // What an answer owes may be due since an earlier moment.
      const nowMs = Math.max(this.alert.dueAt, this.#lastMs);
      writes = nowMs === this.#lastMs ? writes + 1 : 0;
      const decision = advanceAlert(
        this.alert,
        nowMs,
        this.#operations(),
        this.#around.reading,
        this.#inhibitor(),
      );
      if (decision.kind === 'unchanged' || writes > WRITES_AT_ONCE_MOST)
        throw new Error(`due, and it stays due: ${JSON.stringify(this.alert)}`);
      this.#write(decision, nowMs);
    }
  }

  #receive(deed: Deed & { do: 'signal' }, nowMs: number): void {
    const { member, state, severity } = deed;
    const at = this.#around.saidAt(deed, nowMs);
    const alarmArn = `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${member}`;
    const signal: ClassifiedSignal = {
      dedupKey: 'folded',
      source: {
        kind: 'cloudwatch',
        account: '123456789012',
        region: 'eu-west-1',
        alarmName: member,
        alarmArn,
      },
      state,
      severity,
      at,
      detail: { title: member },
      ...(deed.suppressed && { suppressed: 'a mute rule' }),
    };
    const decision = receiveSignal(
      this.alert,
      'alert-1',
      signal,
      nowMs,
      this.#operations(),
      this.#inhibitor(),
    );
    this.#write(decision, nowMs);
  }

  #write(decision: Decision, nowMs: number): void {
    this.#lastMs = nowMs;
    if (decision.kind === 'unchanged') return;
    this.alert = decision.alert;
    const outcomes = claimedPages(this.alert).map((page): Outcome => {
      if (this.#around.snsRefuses(nowMs)) return { page: page.id, kind: 'failed', reason: 'SNS is down' };
      const { kind, level, responder, channel } = page;
      this.sent.push({ kind, level, responder, channel, at: nowMs });
      return { page: page.id, kind: 'sent', at: nowMs };
    });
    const { status, openedAt, endedCopied } = this.alert;
    const ends = status === 'resolved' && openedAt > 0 && !endedCopied;
    if (outcomes.length === 0 && !ends) return;
    const copied = ends ? { endedOpenedAt: openedAt } : {};
    this.#write(settlePages(this.alert, outcomes, copied, nowMs, this.#operations()), nowMs);
  }

  #operations(): Operations {
    return { ...modelTeam, windows: this.#around.windows.map(asWindow) };
  }

  #inhibitor(): Inhibitor {
    const { explainedSince: since } = this.#around;
    return since === undefined ? 'none' : { by: 'alert-2', since };
  }
}

function asWindow({ hold, severity, from, until }: AroundWindow, n: number): Window {
  return { kind: 'once', id: `w${n}`, hold, match: { severity }, reason: 'planned', from, until };
}
