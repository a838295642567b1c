/** The doctor: everything that can keep a page from arriving is looked at, each with what to do about it. */
import { operationsNow } from '../holds/situation.ts';
import type { DueIndex } from '../tick/due-index.store.ts';
import type { Heartbeat } from '../tick/heartbeat.store.ts';
import { checkConcurrency } from './check-concurrency.ts';
import { checkHolds } from './check-holds.ts';
import { checkQueues } from './check-queues.ts';
import { checkTick } from './check-tick.ts';
import type { ConcurrencyReader } from './concurrency.reader.ts';
import type { Finding } from './contract.ts';
import { type FixPorts, fixSubscriptions } from './fix-subscriptions.ts';
import {
  accountFindings,
  type ContactPorts,
  type ContactsSeen,
  contactFindings,
  lookAtContacts,
} from './look-at-contacts.ts';
import type { QueueDepthReader } from './queue-depth.reader.ts';

export type DoctorPorts = ContactPorts &
  FixPorts & {
    queues: QueueDepthReader;
    concurrency: ConcurrencyReader;
    heartbeat: Pick<Heartbeat, 'lastAt'>;
    dueIndex: DueIndex;
  };

/**
 * Looks at everything. Changes nothing, unless it is to `fix`.
 * @returns contacts first, then what carries pages to them
 */
export async function examine(ports: DoctorPorts, { fix = false } = {}): Promise<Finding[]> {
  const [seen, others] = await Promise.all([lookAtContacts(ports), lookAtStack(ports)]);
  const findings = [
    ...contactFindings(seen, ports.operations),
    ...accountFindings(seen, ports.operations, ports.nowMs()),
    ...others,
    // The doctor's alone: a maintenance that somebody planned is nothing to page people for each day.
    checkHolds(operationsNow(ports.operations, seen.situation, ports.nowMs()), ports.nowMs()),
  ];
  return fix ? fixSubscriptions(findings, seen, ports) : findings;
}

/** What the audit of contacts does not tell by itself. */
export async function examineRest(seen: ContactsSeen, ports: DoctorPorts): Promise<Finding[]> {
  const others = await lookAtStack(ports);
  return [...accountFindings(seen, ports.operations, ports.nowMs()), ...others];
}

async function lookAtStack({
  queues,
  concurrency,
  heartbeat,
  dueIndex,
  nowMs,
}: DoctorPorts): Promise<Finding[]> {
  const [depths, limit, lastAt, [oldest]] = await Promise.all([
    queues.read(),
    concurrency.read(),
    heartbeat.lastAt(),
    dueIndex.dueUntil(nowMs(), 1),
  ]);
  const tick = checkTick({ lastAt, oldestDue: oldest?.dueAt }, nowMs());
  return [tick, ...checkQueues(depths), checkConcurrency(limit)];
}
