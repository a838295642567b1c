/** No function writes of a bug or an error that no injected fault explains. Source: design, Errors */
import type { LogLine } from '../../../local/functions/instance.ts';
import type { Invariant, Run } from '../run.ts';
import { AFTER_FAULTS_MS, isCalm } from './fault-times.ts';
import { onceOf } from './once-of.ts';

/** Two of its runs lie so far apart at most, and one may be skipped. Source: functions/watchers/contract.ts */
const AUDIT_MS = 12 * 60_000;

/** Source: functions/shared/edge.ts */
const FUNCTION_FAILED = 'the function failed';

/** So begins what Lambda itself writes of an invocation that failed. Source: local/functions/functions.ts */
const LAMBDA_ERROR = 'ERROR ';

export const noBugInTheLog: Invariant = (run) =>
  run.logs
    .filter((logged) => (logged.line.startsWith(LAMBDA_ERROR) ? isUntold(run, logged) : isBug(run, logged)))
    .map(({ at, function: caller, line }) => ({
      invariant: 'no-bug-in-the-log',
      at,
      what: `${caller} wrote, and no fault had met it: ${line.slice(0, 600)}`,
    }));

/** It could not start, ran out of time or ended without a word. What a function has thrown it has told of itself. */
function isUntold(run: Run, { requestId = '' }: LogLine): boolean {
  return !hitRequests(run).has(requestId) && !failedRequests(run).has(requestId);
}

function isBug(run: Run, { at, line }: LogLine): boolean {
  const entry = read(line);
  if (!entry) return false;
  const isError = entry.level === 'ERROR' || entry.level === 'CRITICAL';
  if (!isError && !(entry.level === 'WARN' && entry.kind === 'bug')) return false;
  return !(
    isMalformed(entry) ||
    isAudit(run, at, entry) ||
    isOlderCode(run, at, entry) ||
    hitRequests(run).has(entry.function_request_id ?? '')
  );
}

type Entry = { level: string; message?: string; kind?: string; why?: string; function_request_id?: string };

function read(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

/** What nobody can read is put aside as it should be. */
function isMalformed({ message, kind }: Entry): boolean {
  return message === 'signal kept aside' || kind === 'rejected';
}

/** The escalation audit puts right what faults have delayed, and what new procedures page sooner than those of before. */
function isAudit(run: Run, atMs: number, { message }: Entry): boolean {
  if (message !== 'an alert did not go on') return false;
  const isDeployed = run.procedures
    .slice(1)
    .some(({ fromMs, soleFromMs }) => fromMs <= atMs && atMs <= soleFromMs + AUDIT_MS);
  return isDeployed || !isCalm(run, atMs - AFTER_FAULTS_MS, atMs);
}

/** While newer code takes over, what it has written is left to it: whoever asked is told to ask again. */
function isOlderCode(run: Run, atMs: number, { kind, message, why }: Entry): boolean {
  const isSaid = message === FUNCTION_FAILED ? kind === 'retry' : /written by newer code/.test(why ?? '');
  return (
    isSaid && run.procedures.some(({ fromMs, soleFromMs }) => fromMs <= atMs && atMs <= soleFromMs + 60_000)
  );
}

/** Invocations in which a call met a fault. */
const hitRequests = onceOf(
  (run: Run) => new Set(run.hits.map(({ call }) => call?.requestId).filter((id) => id !== undefined)),
);

/** Invocations that wrote themselves what they threw. */
const failedRequests = onceOf(
  (run: Run) =>
    new Set(
      run.logs
        .map(({ line }) => read(line))
        .filter((entry) => entry?.message === FUNCTION_FAILED)
        .map((entry) => entry?.function_request_id),
    ),
);
