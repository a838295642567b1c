import { describe, expect, it } from 'vitest';
import { assemblyOf } from '../../local/assembly-cache.ts';
import type { Item } from '../../scripts/cost/data.ts';
import { generateTeam } from '../../scripts/cost/generate-team.ts';
import { measureAlerts } from '../../scripts/cost/measure-alerts.ts';
import { measureIdle, START_MS } from '../../scripts/cost/measure-idle.ts';
import { openMeteredWorld } from '../../scripts/cost/meter-world.ts';
import { simulateAlerts } from '../../scripts/cost/simulate-alerts.ts';
import { Usage } from '../../scripts/cost/usage.ts';

/** A machine that is slow must not fail what is counted. */
const TIMEOUT_MS = 300_000;

const assembly = await assemblyOf(generateTeam(4));
const idle = await measureIdle(assembly);

describe('measureIdle', () => {
  it('counts 43,200 ticks and 8,641 audits a month, an alarm by its metrics, and five pollers for each of 2 queues', () => {
    const of = (item: Item, cause: string) =>
      idle.month.lines().find((line) => line.item === item && line.cause === cause)?.quantity;
    expect(of('schedule', 'tocsin-tick')).toBe(43_200);
    expect(of('schedule', 'tocsin-audit-contacts')).toBe(8_640);
    expect(of('schedule', 'tocsin-audit-all')).toBe(30);
    expect(of('alarm', 'tocsin-intake-failing')).toBe(2);
    expect(of('sqs-request', 'tocsin-intake: asked by Lambda')).toBe(648_000);
    expect(of('dynamodb-write', 'the heartbeat')).toBe(43_200);
    expect([...idle.metrics].some((name) => name.includes('OverdueAge'))).toBe(true);
  });
});

describe('simulateAlerts', () => {
  const plan = { alerts: 3, alertsPerDay: 48, smsShare: 1 };

  it(
    'the runs that were left out, at what an idle one costs, come to what making all of them comes to',
    async () => {
      const jumped = await openMeteredWorld({ assembly, startMs: START_MS });
      await simulateAlerts(jumped, plan);
      const ran = await openMeteredWorld({ assembly, startMs: START_MS, everyTick: true });
      await simulateAlerts(ran, plan);

      const whole = all(jumped.readUsage());
      for (const [name, run] of idle.run)
        whole.addAll(run, (ran.countCalls().get(name) ?? 0) - (jumped.countCalls().get(name) ?? 0));
      const made = all(ran.readUsage());
      expect(ran.countCalls().get('tocsin-tick')).toBeGreaterThan(
        2 * jumped.countCalls().get('tocsin-tick')!,
      );
      // Not all: a tick that would only hand over what the next one hands over as well is left out, too.
      for (const item of [
        'dynamodb-read',
        'dynamodb-write',
        'sns-request',
        'sqs-request',
        'lambda-request',
        'log-gb',
      ] as const)
        expect(Math.abs(whole.quantityOf(item) / made.quantityOf(item) - 1), item).toBeLessThan(0.05);
      for (const item of ['sms-part', 'email', 'http-request'] as const)
        expect(whole.quantityOf(item), item).toBe(made.quantityOf(item));
    },
    TIMEOUT_MS,
  );
});

describe('measureAlerts', () => {
  it(
    'a month of 50 alerts a day costs the same, within 5 %, whether 40 or 80 of them are played',
    async () => {
      const measure = (simulated: number) =>
        measureAlerts({ assembly, idle, alertsPerDay: 50, smsShare: 1, simulated });
      const few = await measure(40);
      const many = await measure(80);
      for (const item of ['sms-part', 'email', 'dynamodb-write', 'sqs-request', 'http-request'] as const) {
        const ratio = few.quantityOf(item) / many.quantityOf(item);
        expect(ratio, item).toBeGreaterThan(0.95);
        expect(ratio, item).toBeLessThan(1.05);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'with a share of 0 no alert sends an SMS, and each still sends emails',
    async () => {
      const month = await measureAlerts({ assembly, idle, alertsPerDay: 50, smsShare: 0, simulated: 5 });
      expect(month.quantityOf('sms-part')).toBe(0);
      expect(month.quantityOf('email')).toBeGreaterThan(50 * 30);
    },
    TIMEOUT_MS,
  );
});

function all(usages: ReadonlyMap<string, Usage>): Usage {
  const whole = new Usage();
  for (const usage of usages.values()) whole.addAll(usage);
  return whole;
}
