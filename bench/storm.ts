/** A storm: 10,000 alarms at one instant, through the deployed bundles in virtual time. What do people receive? */
import { readLives } from '../cli/replay/read-table.ts';
import { type Alert, isOpen } from '../functions/alerts/alert.ts';
import { defineOperations } from '../functions/operations/define-operations.ts';
import { assemblyOf } from '../local/assembly-cache.ts';
import type { DeliveredMessage } from '../local/aws/topics.ts';
import { createVirtualWorld } from '../local/virtual-world.ts';
import { type Figure, figure, monotonicMs } from './figure.ts';

const ALERTS = 10_000;

/** Source: design, Numbers to hold */
const LOST_MOST = 0;
const PER_MINUTE_MOST = 1;

const START_MS = Date.UTC(2026, 2, 2, 3);
const MINUTE_MS = 60_000;

/** Until shortly before level 2 has its moment: by then level 1 has to know of every alert. */
const RUN_MS = 14 * MINUTE_MS;

const OPERATIONS = defineOperations({
  responders: {
    ana: { email: 'ana@example.com', phone: '+12025550101' },
    ben: { email: 'ben@example.com', phone: '+12025550102' },
  },
  services: { checkout: {}, search: {} },
  routes: [
    { match: { alarmName: 'checkout-*' }, service: 'checkout' },
    { match: { alarmName: 'search-*' }, service: 'search' },
  ],
});

export async function measureStorm(): Promise<Figure[]> {
  const assembly = await assemblyOf(OPERATIONS);
  const startedMs = monotonicMs();
  const world = await createVirtualWorld({ assembly, startMs: START_MS, keepRecords: false });
  const messages: DeliveredMessage[] = [];
  world.onMessage((message) => messages.push(message));
  world.at(START_MS, () => {
    for (let alarm = 0; alarm < ALERTS; alarm++) {
      const alarmName = `${alarm % 3 === 0 ? 'search' : 'checkout'}-${alarm}`;
      world.putAlarmState({ alarmName, state: 'ALARM', reason: 'Threshold Crossed' });
    }
  });
  await world.advanceTo(START_MS + RUN_MS);
  const wallS = (monotonicMs() - startedMs) / 1_000;

  const table = world.functions.map(({ env }) => env.TABLE_NAME).find((name) => name !== undefined);
  const alerts = readLives(world.tables.items(table!)).map(({ alert }) => alert);
  const storm = messages.find(({ body }) => body.includes('STORM'));
  return [
    figure('storm:lost', ALERTS - alerts.filter(isTold).length, 'count', LOST_MOST),
    figure('storm:per-contact-channel-minute', mostPerMinute(messages), 'count', PER_MINUTE_MOST),
    figure('storm:messages', messages.length, 'count', null),
    ...(storm ? [figure('storm:told-after', (storm.at - START_MS) / 1_000, 's', null)] : []),
    figure('storm:wall', wallS, 's', null),
  ];
}

/** Nobody has answered, so both of Ana's pages have to have been sent. */
function isTold(alert: Alert): boolean {
  return isOpen(alert) && alert.pages.length === 2 && alert.pages.every(({ status }) => status === 'sent');
}

/** The most messages that one address received in any sixty seconds. */
function mostPerMinute(messages: readonly DeliveredMessage[]): number {
  const counts = messages.map(
    ({ to, at }) =>
      messages.filter((other) => other.to === to && other.at >= at && other.at < at + MINUTE_MS).length,
  );
  return Math.max(...counts);
}
