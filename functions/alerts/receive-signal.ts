/** What a signal does to its alert: opens it, repeats it, holds it as recovering, resolves it, or nothing. */
import type { ClassifiedSignal } from '../intake/signal.ts';
import type { Operations } from '../operations/operations.ts';
import { ALERT_SCHEMA, type Alert, heldBy, isOpen, type Severity } from './alert.ts';
import { change, type Decision, isActive, moveTo, note } from './alert-draft.ts';
import { claimOwedPages } from './alert-pages.ts';
import { escalateByClock, startEscalation } from './escalate.ts';
import { releaseHold, resolve } from './resolve.ts';

const MINUTE_MS = 60_000;

/** A muted or suppressed alarm is asked about this often. Source: design, Signals */
export const MUTED_RECHECK_MS = 5 * MINUTE_MS;

const RANK = { info: 0, warning: 1, critical: 2 } as const satisfies Record<Severity, number>;

/**
 * Decides what a signal changes.
 * @param alert  the stored alert or tombstone of the signal's dedup key, if there is one
 * @returns `unchanged` with its reason when the signal is stale, a duplicate, or says nothing new
 * Source: design, Signals and Recovery
 */
export function receiveSignal(
  alert: Alert | undefined,
  id: string,
  signal: ClassifiedSignal,
  nowMs: number,
  operations: Operations,
): Decision {
  if (signal.state === 'insufficient-data') return unchanged('insufficient data keeps the state');
  if (alert && isStale(alert, signal)) return unchanged('not newer than the last signal');
  switch (signal.state) {
    case 'alarm':
      return alert && isOpen(alert)
        ? repeat(alert, signal, nowMs, operations)
        : open(alert, id, signal, nowMs, operations);
    case 'ok':
      return alert ? recover(alert, signal, nowMs, operations) : rememberOk(id, signal, nowMs);
    case 'deleted':
      return alert ? deleted(alert, signal, nowMs) : unchanged('a deleted alarm without an alert');
  }
}

/** Of different states at one instant ALARM wins; otherwise only what is newer counts. */
function isStale(alert: Alert, signal: ClassifiedSignal): boolean {
  if (signal.at !== alert.lastSignalAt) return signal.at < alert.lastSignalAt;
  return signal.state !== 'alarm' || alert.lastSignalState === 'alarm';
}

function open(
  tombstone: Alert | undefined,
  id: string,
  signal: ClassifiedSignal,
  nowMs: number,
  operations: Operations,
): Decision {
  return change(blank(id, signal, nowMs, tombstone), nowMs, (draft) => {
    draft.openedAt = nowMs;
    draft.status = 'triggered';
    draft.triggers = 1;
    note(draft, nowMs, 'alert.opened', { reason: signal.detail.reason, by: 'alarm' });
    if (signal.suppressed) mute(draft, signal.suppressed, nowMs);
    startEscalation(draft, nowMs, operations);
    if (operations.escalation[draft.severity].steps.length === 0) {
      note(draft, nowMs, 'page.held', { reason: 'not-yet' });
    }
    claimOwedPages(draft, nowMs);
  });
}

function repeat(alert: Alert, signal: ClassifiedSignal, nowMs: number, operations: Operations): Decision {
  return change(alert, nowMs, (draft) => {
    const severityRose = RANK[signal.severity] > RANK[draft.severity];
    takeNews(draft, signal);
    draft.triggers += 1;
    note(draft, nowMs, 'alert.repeated', { by: 'alarm', reason: whyQuiet(draft) });
    if (draft.holds.recovering) releaseHold(draft, 'recovering', nowMs);
    if (signal.suppressed) mute(draft, signal.suppressed, nowMs);
    else if (draft.holds.muted) releaseHold(draft, 'muted', nowMs);
    if (severityRose) {
      draft.severity = signal.severity;
      note(draft, nowMs, 'alert.severity-raised', { reason: signal.severity });
      if (draft.status === 'acknowledged') moveTo(draft, 'triggered');
      delete draft.acknowledgement;
      startEscalation(draft, nowMs, operations);
    } else if (draft.status === 'triggered' && heldBy(draft) === undefined) {
      escalateByClock(draft, nowMs, operations);
    }
    claimOwedPages(draft, nowMs);
  });
}

function recover(alert: Alert, signal: ClassifiedSignal, nowMs: number, operations: Operations): Decision {
  return change(alert, nowMs, (draft) => {
    draft.lastSignalAt = signal.at;
    draft.lastSignalState = 'ok';
    if (isOpen(draft)) startRecovery(draft, nowMs, operations);
  });
}

/** Holds the alert as recovering for the quiet time, unless it is already. */
export function startRecovery(draft: Alert, nowMs: number, operations: Operations): void {
  if (draft.holds.recovering) return;
  const until = nowMs + operations.quietMinutes * MINUTE_MS;
  draft.holds.recovering = { since: nowMs, until };
  note(draft, nowMs, 'alert.held', { reason: 'recovering', until });
}

function deleted(alert: Alert, signal: ClassifiedSignal, nowMs: number): Decision {
  return change(alert, nowMs, (draft) => {
    draft.lastSignalAt = signal.at;
    draft.lastSignalState = 'deleted';
    if (!isOpen(draft)) return;
    resolve(draft, nowMs, { by: 'alarm', reason: 'the alarm was deleted' });
    claimOwedPages(draft, nowMs);
  });
}

/** Its ALARM may come late, and is then stale. */
function rememberOk(id: string, signal: ClassifiedSignal, nowMs: number): Decision {
  return change(blank(id, signal, nowMs, undefined), nowMs, () => {});
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
  draft.lastSignalAt = signal.at;
  draft.lastSignalState = signal.state;
  draft.detail = signal.detail;
  draft.source = signal.source;
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
    lastSignalAt: signal.at,
    lastSignalState: signal.state,
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
