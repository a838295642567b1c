/** How long it took from a signal's request to its alert, and to its first page; kills left out. */
import type { Life } from '../../cli/replay/replay-event.ts';
import type { TimelineEntry } from '../../functions/alerts/alert.ts';
import type { Accepted } from './account.ts';
import type { Outage } from './world-process.ts';

export type Latencies = { arrivalToAlertMs: number[]; arrivalToPageMs: number[]; freeSlotMs: number[] };

/** Around an outage no latency is taken: what waited was worked off. */
const AROUND_OUTAGE_MS = { before: 10_000, after: 60_000 };

export function latenciesOf(
  outages: readonly Outage[],
  alarms: ReadonlyMap<string, readonly Accepted[]>,
  byName: ReadonlyMap<string, readonly Life[]>,
): Latencies {
  const latencies: Latencies = { arrivalToAlertMs: [], arrivalToPageMs: [], freeSlotMs: [] };
  for (const [name, signals] of alarms) {
    const arrivedAt = new Map(signals.map(({ at, sentAt }) => [at, sentAt]));
    for (const life of byName.get(name) ?? []) {
      const arrival = arrivedAt.get(life.alert.triggeredAt ?? 0);
      if (arrival === undefined || isAround(outages, arrival)) continue;
      latencies.arrivalToAlertMs.push(life.alert.openedAt - arrival);
      const { pagedAt, waited } = firstPage(life.timeline);
      if (pagedAt === undefined || isAround(outages, pagedAt)) continue;
      latencies.arrivalToPageMs.push(pagedAt - arrival);
      if (!waited) latencies.freeSlotMs.push(pagedAt - arrival);
    }
  }
  return latencies;
}

/** Of an alert that fired without a pause until then. `waited`: for the slot of whoever was paged. */
function firstPage(timeline: readonly TimelineEntry[]): { pagedAt?: number; waited: boolean } {
  let waited = false;
  for (const { event, reason, at } of timeline) {
    if (event === 'page.sent') return { pagedAt: at, waited };
    if (event === 'page.held' && reason === 'waiting-for-slot') waited = true;
    else if (event !== 'alert.opened') return { waited };
  }
  return { waited };
}

function isAround(outages: readonly Outage[], at: number): boolean {
  return outages.some(
    ({ killedAt, upAt }) => at > killedAt - AROUND_OUTAGE_MS.before && at < upAt + AROUND_OUTAGE_MS.after,
  );
}
