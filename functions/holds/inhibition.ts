/** Inhibition: while one alert fires, others that it explains are held. */
import { createHash } from 'node:crypto';
import { type Alert, isOpen } from '../alerts/alert.ts';
import type { Inhibition, Operations } from '../operations/operations.ts';
import { labelOf, type Matched, matchesAlert } from './match.ts';

/** A held alert looks again within this time whether the other one still fires; a review comes sooner. */
const RECHECK_FIRST_MS = 15 * 60_000;
const RECHECK_LAST_MS = 30 * 60_000;

/**
 * Another alert may come to hold this one so often in its life, then no more: rules that lead in a circle would hold and
 * let go without end, and nobody would be told.
 */
export const INHIBITED_MOST = 10;

/** The alert that holds another, and since when it fires; or that none does. */
export type Inhibitor = { by: string; since: number } | 'none';

export type Inhibited = Matched & Pick<Alert, 'id' | 'openedAt'>;

/** When a held alert looks again. Of a storm each at a moment of its own: ten thousand at once would crowd out who escalates. */
export function recheckAt(alertId: string, nowMs: number): number {
  const share = createHash('sha256').update(alertId).digest().readUInt16BE(0) / 2 ** 16;
  return nowMs + RECHECK_FIRST_MS + Math.floor(share * (RECHECK_LAST_MS - RECHECK_FIRST_MS));
}

/** Under which hashes an alert leaves a hint for those that it may hold. */
export function hashesAsInhibitor(alert: Matched, { inhibitions }: Operations): string[] {
  return hashes(alert, inhibitions, 'while');
}

/** Under which hashes an alert finds the hints of those that may hold it. */
export function hashesAsInhibited(alert: Matched, { inhibitions }: Operations): string[] {
  return hashes(alert, inhibitions, 'hold');
}

function hashes(alert: Matched, inhibitions: readonly Inhibition[], side: 'while' | 'hold'): string[] {
  const keys = inhibitions.flatMap((inhibition) => {
    const values = matchesAlert(inhibition[side], alert) && valuesOf(alert, inhibition);
    return values ? [JSON.stringify([inhibition, values])] : [];
  });
  return [...new Set(keys)].map((key) => createHash('sha256').update(key).digest('base64url').slice(0, 22));
}

/**
 * True while `inhibitor` holds `alert`. Who is inhibited inhibits nobody, and nobody itself; of two that would
 * inhibit each other the earlier opened fires.
 */
export function inhibits(inhibitor: Alert, alert: Inhibited, operations: Operations): boolean {
  if (!isOpen(inhibitor) || inhibitor.holds.inhibited || inhibitor.id === alert.id) return false;
  if (!explains(inhibitor, alert, operations)) return false;
  return !explains(alert, inhibitor, operations) || isEarlier(inhibitor, alert);
}

function explains(one: Matched, other: Matched, { inhibitions }: Operations): boolean {
  return inhibitions.some((inhibition) => {
    if (!matchesAlert(inhibition.while, one) || !matchesAlert(inhibition.hold, other)) return false;
    const values = valuesOf(one, inhibition);
    return values !== undefined && JSON.stringify(values) === JSON.stringify(valuesOf(other, inhibition));
  });
}

/** The values that must be equal; nothing when one is missing: what is not said is not the same. */
function valuesOf(alert: Matched, { equal }: Inhibition): string[] | undefined {
  const values = equal.map(
    (name) => (name === 'service' ? alert.service : undefined) ?? labelOf(alert, name),
  );
  return values.every((value) => value !== undefined) ? values : undefined;
}

function isEarlier(one: Inhibited, other: Inhibited): boolean {
  return one.openedAt === other.openedAt ? one.id < other.id : one.openedAt < other.openedAt;
}
