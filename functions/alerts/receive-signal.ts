/** What a signal does to its alert: opens it, repeats it, holds it as recovering, resolves it, or nothing. */
import type { Inhibitor } from '../holds/inhibition.ts';
import { labelsOf } from '../intake/labels.ts';
import type { ClassifiedSignal } from '../intake/signal.ts';
import type { Operations } from '../operations/operations.ts';
import { ALERT_SCHEMA, type Alert, heldBy, isOpen, type Severity } from './alert.ts';
import { change, type Decision, isActive, note, pagesNobody } from './alert-draft.ts';
import { endHold, goOn } from './alert-holds.ts';
import { claimOwedPages } from './alert-pages.ts';
import { restartEscalation } from './escalate.ts';
import { hear, heard, isStale, memberOf, othersFire } from './members.ts';
import { resolve } from './resolve.ts';
import { withdrawAcknowledgement } from './withdraw-acknowledgement.ts';

const MINUTE_MS = 60_000;

/** A muted or suppressed alarm is asked about this often. Source: design, Signals */
export const MUTED_RECHECK_MS = 5 * MINUTE_MS;

/** Said of an alert that resolves by itself. */
export function whyRecovered({ source }: Alert): string {
  return source.kind === 'cloudwatch' ? 'the alarm is OK again' : 'it was said to be over';
}

const RANK = { info: 0, warning: 1, critical: 2 } as const satisfies Record<Severity, number>;

/**
 * Decides what a signal changes.
 * @param alert      the stored alert or tombstone of the signal's dedup key, if there is one
 * @param inhibitor  the alert that holds this one now
 * @returns `unchanged` with its reason when the signal is stale, a duplicate, or says nothing new
 * Source: design, Signals and Recovery
 */
export function receiveSignal(
  alert: Alert | undefined,
  id: string,
  signal: ClassifiedSignal,
  nowMs: number,
  operations: Operations,
  inhibitor: Inhibitor = 'none',
): Decision {
  if (signal.state === 'insufficient-data') return unchanged('insufficient data keeps the state');
  if (alert && isStale(alert, signal)) return unchanged('not newer than the last signal');
  if (signal.state !== 'alarm') {
    if (!alert) return remember(id, signal, nowMs, operations);
    return signal.state === 'ok'
      ? recover(alert, signal, nowMs, operations, inhibitor)
      : deleted(alert, signal, nowMs, operations, inhibitor);
  }
  if (!alert || !isOpen(alert)) return open(alert, id, signal, nowMs, operations, inhibitor);
  const recovered = (alert.holds.recovering?.until ?? nowMs) < nowMs;
  if (!recovered) return repeat(alert, signal, nowMs, operations, inhibitor);
  // Its recovery had ended before, only nobody has come to write that down.
  const { alert: ended } = change(alert, nowMs, operations, (draft) => {
    resolve(draft, nowMs, { by: 'alarm', reason: whyRecovered(draft) });
  });
  return open({ ...ended, version: alert.version }, id, signal, nowMs, operations, inhibitor);
}

function open(
  tombstone: Alert | undefined,
  id: string,
  signal: ClassifiedSignal,
  nowMs: number,
  operations: Operations,
  inhibitor: Inhibitor,
): Decision {
  const ended = tombstone && tombstone.openedAt > 0 && !tombstone.endedCopied ? tombstone : undefined;
  const before = blank(id, signal, nowMs, tombstone);
  const opened = change(before, nowMs, operations, (draft) => {
    draft.openedAt = nowMs;
    draft.triggeredAt = signal.at;
    draft.status = 'triggered';
    draft.triggers = 1;
    note(draft, nowMs, 'alert.opened', { reason: signal.detail.reason, by: 'alarm' });
    if (signal.suppressed) mute(draft, signal.suppressed, nowMs);
    restartEscalation(draft, operations);
    if (pagesNobody(draft, operations)) note(draft, nowMs, 'page.held', { reason: 'not-yet' });
    goOn(before, draft, nowMs, operations, inhibitor);
    claimOwedPages(draft, nowMs);
  });
  return { ...opened, ended };
}

function repeat(
  alert: Alert,
  signal: ClassifiedSignal,
  nowMs: number,
  operations: Operations,
  inhibitor: Inhibitor,
): Decision {
  return change(alert, nowMs, operations, (draft) => {
    const severityRose = RANK[signal.severity] > RANK[draft.severity];
    takeNews(draft, signal);
    draft.triggers += 1;
    note(draft, nowMs, 'alert.repeated', { by: 'alarm', reason: whyQuiet(draft) });
    if (draft.holds.recovering) endHold(draft, 'recovering', nowMs, operations);
    if (!signal.suppressed) {
      if (draft.holds.muted) endHold(draft, 'muted', nowMs, operations);
    } else if (draft.holds.muted || !othersFire(draft)) {
      // A muted alarm silences itself, not another one under the same key.
      mute(draft, signal.suppressed, nowMs);
    }
    if (severityRose) raiseSeverity(draft, signal.severity, nowMs, operations);
    goOn(alert, draft, nowMs, operations, inhibitor);
    claimOwedPages(draft, nowMs);
  });
}

/** It starts over under its new policy, acknowledged or not; a hold stays. */
function raiseSeverity(draft: Alert, severity: Severity, nowMs: number, operations: Operations): void {
  draft.severity = severity;
  note(draft, nowMs, 'alert.severity-raised', { reason: severity });
  withdrawAcknowledgement(draft, nowMs);
  restartEscalation(draft, operations);
}

function recover(
  alert: Alert,
  signal: ClassifiedSignal,
  nowMs: number,
  operations: Operations,
  inhibitor: Inhibitor,
): Decision {
  return change(alert, nowMs, operations, (draft) => {
    hear(draft, signal);
    if (isOpen(draft) && draft.lastSignalState !== 'alarm') startRecovery(draft, nowMs, operations);
    goOn(alert, draft, nowMs, operations, inhibitor);
    claimOwedPages(draft, nowMs);
  });
}

/** Holds the alert as recovering for the quiet time, unless it is already. */
export function startRecovery(draft: Alert, nowMs: number, operations: Operations): void {
  if (draft.holds.recovering) return;
  const until = nowMs + operations.quietMinutes * MINUTE_MS;
  draft.holds.recovering = { since: nowMs, until };
  note(draft, nowMs, 'alert.held', { reason: 'recovering', until });
}

function deleted(
  alert: Alert,
  signal: ClassifiedSignal,
  nowMs: number,
  operations: Operations,
  inhibitor: Inhibitor,
): Decision {
  return change(alert, nowMs, operations, (draft) => {
    hear(draft, signal);
    if (isOpen(draft) && draft.lastSignalState !== 'alarm')
      resolve(draft, nowMs, { by: 'alarm', reason: 'the alarm was deleted' });
    goOn(alert, draft, nowMs, operations, inhibitor);
    claimOwedPages(draft, nowMs);
  });
}

/** An OK or a deletion without an alert: its ALARM may come late, and is then stale. */
function remember(id: string, signal: ClassifiedSignal, nowMs: number, operations: Operations): Decision {
  return change(blank(id, signal, nowMs, undefined), nowMs, operations, () => {});
}

function mute(draft: Alert, by: string, nowMs: number): void {
  if (!draft.holds.muted) note(draft, nowMs, 'alert.held', { reason: 'muted', by });
  draft.holds.muted = { since: draft.holds.muted?.since ?? nowMs, checkAt: nowMs + MUTED_RECHECK_MS, by };
}

/** Why a repeated ALARM pages nobody by itself. */
function whyQuiet(alert: Alert): string {
  return heldBy(alert) ?? (alert.status === 'acknowledged' ? 'acknowledged' : 'not-yet');
}

function takeNews(draft: Alert, signal: ClassifiedSignal): void {
  hear(draft, signal);
  draft.detail = signal.detail;
  draft.source = signal.source;
  draft.labels = labelsOf(signal);
}

/** A resolved alert of this signal that never lived: what a new life starts from, and what remembers an orphan OK. */
function blank(id: string, signal: ClassifiedSignal, nowMs: number, tombstone: Alert | undefined): Alert {
  return {
    id,
    schema: ALERT_SCHEMA,
    version: tombstone?.version ?? 0,
    openedAt: 0,
    status: 'resolved',
    severity: signal.severity,
    service: signal.service,
    dedupKey: signal.dedupKey,
    source: signal.source,
    detail: signal.detail,
    labels: labelsOf(signal),
    lastSignalAt: signal.at,
    lastSignalState: signal.state,
    members: { ...tombstone?.members, [memberOf(signal)]: heard(signal) },
    triggers: 0,
    clock: { elapsedMs: 0, runningSince: null },
    next: null,
    highestPagedLevel: 0,
    paged: [],
    holds: {},
    // What the earlier life still owes (a resolved notice) and has not copied out goes on. A page of it that is still
    // on its way does not: its link answers the earlier life only.
    pages: tombstone?.pages.filter((page) => page.kind === 'notice' && isActive(page)) ?? [],
    pageCount: tombstone?.pageCount ?? 0,
    timeline: tombstone?.timeline ?? [],
    feedAt: nowMs,
  };
}

function unchanged(reason: string): Decision {
  return { kind: 'unchanged', reason };
}
