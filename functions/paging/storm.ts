/** A storm: more waits for a contact than one message lists. It is counted by the rows of the line, not by their alerts. */
import * as z from 'zod/mini';
import { Severity } from '../intake/signal.ts';
import type { WaitingRow } from './slot.ts';

/** Counting stops here: `20,000+ alerts`. The message tells of the others as well. */
export const STORM_ROWS_MOST = 20_000;

/** Services told one by one; the others are counted together. */
const SERVICES_MOST = 20;

export const Storm = z.object({
  /** of the worst alert */
  severity: Severity,
  alerts: z.number(),
  /** there are more than were counted */
  isMore: z.optional(z.boolean()),
  /** the most first; what is missing from the sum has no service, or one of the many */
  services: z.array(z.object({ service: z.string(), alerts: z.number() })),
});
export type Storm = z.infer<typeof Storm>;

/** Pages before notices, the worst first, then those owed for the longest. A row of older code may be the worst. */
export function worstFirst(rows: readonly WaitingRow[]): WaitingRow[] {
  return [...rows].sort(
    (a, b) =>
      Number(a.isNotice) - Number(b.isNotice) ||
      rankOf(a.severity) - rankOf(b.severity) ||
      a.owedAt - b.owedAt,
  );
}

/** @param rows  at least one; beyond {@link STORM_ROWS_MOST} they are not counted */
export function countStorm(rows: readonly WaitingRow[]): Storm {
  const counted = rows.slice(0, STORM_ROWS_MOST);
  // A page and a reminder of one alert may wait together: it is counted once.
  const alerts = new Map(counted.map((row) => [row.alertId, row]));
  const counts = new Map<string, number>();
  for (const { service } of alerts.values()) {
    if (service !== undefined) counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  const services = [...counts]
    .map(([service, alerts]) => ({ service, alerts }))
    .sort((a, b) => b.alerts - a.alerts || (a.service < b.service ? -1 : 1));
  return {
    severity: Severity.options[Math.min(...counted.map(({ severity }) => rankOf(severity)))]!,
    alerts: alerts.size,
    ...(rows.length > counted.length && { isMore: true }),
    services: services.slice(0, SERVICES_MOST),
  };
}

/** `9,950 alerts: checkout 6,000, search 3,950`, as far as it is known where they belong. */
export function describeStorm(storm: Storm): string {
  const where = countsOf(storm).map(({ service, alerts }) => `${service} ${count(alerts)}`);
  const total = `${count(storm.alerts)}${storm.isMore ? '+' : ''} alerts`;
  return storm.services.length > 0 ? `${total}: ${where.join(', ')}` : total;
}

/** How many alerts each service has, the most first; then those of no service, and of services too many to name `other`. */
export function countsOf({ alerts, services }: Storm): Storm['services'] {
  const other = alerts - services.reduce((sum, one) => sum + one.alerts, 0);
  const service = services.length < SERVICES_MOST ? 'no service' : 'other';
  return other > 0 ? [...services, { service, alerts: other }] : services;
}

/**
 * `9,900 more: \`tocsin alerts\` lists them`; nothing where all are listed.
 * @param isOver  they have ended
 */
export function describeUnlisted(
  { alerts, isMore }: Storm,
  listed: number,
  isOver: boolean,
): string | undefined {
  const unlisted = alerts - listed;
  if (unlisted <= 0) return undefined;
  return `${count(unlisted)}${isMore ? '+' : ''} more: \`tocsin alerts${isOver ? ' --all' : ''}\` lists them`;
}

/** `9,950` */
export function count(many: number): string {
  return many.toLocaleString('en-US');
}

function rankOf(severity: Severity = 'critical'): number {
  return Severity.options.indexOf(severity);
}
