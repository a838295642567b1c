/** A story of one alert at given minutes, by the pure rules alone: every page is sent the moment it is claimed. */
import { type AlarmReading, advanceAlert } from '../../functions/alerts/advance-alert.ts';
import type { Alert, Page, TimelineEntry } from '../../functions/alerts/alert.ts';
import type { Decision } from '../../functions/alerts/alert-draft.ts';
import { change } from '../../functions/alerts/alert-draft.ts';
import { claimedPages, claimOwedPages } from '../../functions/alerts/alert-pages.ts';
import { type Answer, answerAlert, type Snooze } from '../../functions/alerts/answer-alert.ts';
import { receiveSignal } from '../../functions/alerts/receive-signal.ts';
import { reviewHolds } from '../../functions/alerts/review-holds.ts';
import { type Outcome, settlePages } from '../../functions/alerts/settle-pages.ts';
import type { Inhibitor } from '../../functions/holds/inhibition.ts';
import type { ClassifiedSignal, SignalState } from '../../functions/intake/signal.ts';
import type { Operations } from '../../functions/operations/operations.ts';

export const MINUTE_MS = 60_000;

/** 2026-03-02T03:00:00Z, a Monday night. */
export const START_MS = Date.UTC(2026, 2, 2, 3, 0, 0);

export const ALERT_ID = 'alert-1';

/** Thirty unanswered days take fewer than 300 moments; what follows from one write at once, fewer than ten. */
const STEPS_MOST = 1_000;
const WRITES_MOST = 50;

/** Minutes and seconds since the start: `15:00`. */
export function clock(atMs: number): string {
  const seconds = Math.round((atMs - START_MS) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function signalAt(
  minute: number,
  state: SignalState,
  more: Partial<ClassifiedSignal> = {},
): ClassifiedSignal {
  return {
    dedupKey: '123456789012/eu-west-1/cpu',
    source: {
      kind: 'cloudwatch',
      account: '123456789012',
      region: 'eu-west-1',
      alarmName: 'cpu',
      alarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu',
    },
    state,
    at: START_MS + minute * MINUTE_MS,
    detail: { title: 'cpu', reason: 'Threshold Crossed' },
    severity: 'critical',
    ...more,
  };
}

/** What happens to a page when it is published; default: it is sent. */
export type Publish = (
  page: Page,
  minute: number,
) => 'sent' | 'failed' | 'undeliverable' | 'waiting' | 'crash';

export type Story = {
  readonly alert: Alert | undefined;
  readonly timeline: readonly TimelineEntry[];
  signal(minute: number, state: SignalState, more?: Partial<ClassifiedSignal>): Decision;
  answer(minute: number, answer: Answer, by: string, snooze?: Snooze): Decision;
  /** From now on these are the procedures, windows by hand included; the alert is reviewed. */
  review(minute: number, operations: Operations, inhibitor?: Inhibitor): Decision;
  /** SNS took the page, and says that it did not arrive. */
  undelivered(minute: number, page: string): Decision;
  runTo(minute: number): void;
  /** `15: level 2 ben sms`, one line per message sent, in order */
  sent(): string[];
};

export function tell(
  atFirst: Operations,
  options: {
    publish?: Publish;
    reading?: () => AlarmReading;
    /** told of each write */
    onWrite?: (alert: Alert, nowMs: number) => void;
  } = {},
): Story {
  const publish = options.publish ?? (() => 'sent');
  const timeline: TimelineEntry[] = [];
  let alert: Alert | undefined;
  let operations = atFirst;
  let inhibitor: Inhibitor = 'none';

  const minuteOf = (atMs: number) => (atMs - START_MS) / MINUTE_MS;

  const write = (decision: Decision, nowMs: number, depth = 0): Decision => {
    if (decision.kind === 'unchanged') return decision;
    if (depth > WRITES_MOST) throw new Error(`no end in sight at ${clock(nowMs)}`);
    timeline.push(...decision.alert.timeline.filter(({ version }) => version === decision.alert.version));
    alert = decision.alert;
    options.onWrite?.(alert, nowMs);
    const outcomes = claimedPages(alert).flatMap((page): Outcome[] => {
      const result = publish(page, minuteOf(nowMs));
      if (result === 'crash') return [];
      if (result === 'sent') return [{ page: page.id, kind: 'sent', at: nowMs }];
      if (result === 'waiting') return [{ page: page.id, kind: 'waiting', attempt: page.attempt }];
      return [{ page: page.id, kind: result, reason: 'SNS said no' }];
    });
    const ends = alert.status === 'resolved' && alert.openedAt > 0 && !alert.endedCopied;
    if (outcomes.length > 0 || ends) {
      write(
        settlePages(alert, outcomes, ends ? { endedOpenedAt: alert.openedAt } : {}, nowMs, operations),
        nowMs,
        depth + 1,
      );
    }
    return decision;
  };

  const runTo = (minute: number): void => {
    const untilMs = START_MS + minute * MINUTE_MS;
    for (let steps = 0; alert?.dueAt !== undefined && alert.dueAt <= untilMs; steps++) {
      if (steps > STEPS_MOST) throw new Error(`no end in sight at ${clock(alert.dueAt)}`);
      const nowMs = alert.dueAt;
      const decision = advanceAlert(alert, nowMs, operations, options.reading?.(), inhibitor);
      if (decision.kind === 'unchanged') throw new Error(`due at ${minuteOf(nowMs)} and nothing changed`);
      write(decision, nowMs);
    }
  };

  /** What arrives at an instant precedes what is due at it. */
  const runToJustBefore = (minute: number): void => runTo(minute - 1 / MINUTE_MS);

  return {
    get alert() {
      return alert;
    },
    timeline,
    signal(minute, state, more) {
      runToJustBefore(minute);
      const nowMs = START_MS + minute * MINUTE_MS;
      const signal = signalAt(minute, state, more);
      return write(receiveSignal(alert, ALERT_ID, signal, nowMs, operations, inhibitor), nowMs);
    },
    review(minute, then, explains = 'none') {
      runToJustBefore(minute);
      operations = then;
      inhibitor = explains;
      const nowMs = START_MS + minute * MINUTE_MS;
      return write(reviewHolds(alert!, nowMs, operations, inhibitor), nowMs);
    },
    undelivered(minute, page) {
      runToJustBefore(minute);
      const nowMs = START_MS + minute * MINUTE_MS;
      const outcome: Outcome = { page, kind: 'undelivered', reason: 'the phone has opted out' };
      return write(settlePages(alert!, [outcome], {}, nowMs, operations), nowMs);
    },
    answer(minute, answer, by, snooze) {
      runToJustBefore(minute);
      const nowMs = START_MS + minute * MINUTE_MS;
      const decision = answerAlert(alert!, answer, by, nowMs, operations, snooze);
      if (decision.kind === 'unchanged') return decision;
      // What an answer owes is due at once: the due queue brings it.
      write(decision, nowMs);
      if (alert!.pages.some(({ status }) => status === 'owed')) {
        write(
          change(alert!, nowMs, operations, (draft) => claimOwedPages(draft, nowMs)),
          nowMs,
        );
      }
      return decision;
    },
    runTo,
    sent() {
      return timeline
        .filter(({ event }) => event === 'page.sent' || event === 'reminder.sent' || event === 'notice.sent')
        .map(({ at, event, level, responder, channel }) => {
          const kind = event === 'page.sent' ? `level ${level}` : event.replace('.sent', '');
          return `${minuteOf(at)}: ${kind} ${responder} ${channel}`;
        });
    },
  };
}
