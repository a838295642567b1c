import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { WaitingRow } from '../../functions/paging/slot.ts';
import { countStorm, countsOf, worstFirst } from '../../functions/paging/storm.ts';
import { MODEL_RUNS } from './model-runs.ts';

const row: fc.Arbitrary<WaitingRow> = fc.record(
  {
    sk: fc.uuid(),
    alertId: fc.integer({ min: 0, max: 60 }).map(String),
    pageId: fc.constantFrom('1', '2'),
    attempt: fc.constant(1),
    owedAt: fc.nat(1_000),
    isNotice: fc.boolean(),
    severity: fc.constantFrom('critical', 'warning', 'info'),
  },
  { requiredKeys: ['sk', 'alertId', 'pageId', 'attempt', 'owedAt', 'isNotice'] },
);

/** An alert belongs to one service, or to none. */
const line = fc
  .tuple(fc.array(row, { minLength: 1, maxLength: 200, size: 'max' }), fc.integer({ min: 1, max: 30 }))
  .map(([rows, services]) =>
    rows.map((one) => {
      const n = Number(one.alertId) % (services + 1);
      return n === services ? one : { ...one, service: `service-${n}` };
    }),
  );

it('a storm counts each alert once, under its service, and its sums agree', () => {
  const property = fc.property(line, (rows) => {
    const storm = countStorm(rows);
    const told = countsOf(storm);
    const servicesOf = (service: string | undefined) =>
      new Set(rows.filter((one) => one.service === service).map(({ alertId }) => alertId)).size;
    expect(storm.alerts).toBe(new Set(rows.map(({ alertId }) => alertId)).size);
    expect(told.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(storm.alerts);
    for (const { service, alerts } of storm.services)
      expect({ service, alerts }).toEqual({ service, alerts: servicesOf(service) });
    const sizes = storm.services.map(({ alerts }) => alerts);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    const isCritical = rows.some(({ severity }) => severity === undefined || severity === 'critical');
    const worst = rows.some(({ severity }) => severity === 'warning') ? 'warning' : 'info';
    expect(storm.severity).toBe(isCritical ? 'critical' : worst);
  });
  fc.assert(property, MODEL_RUNS);
});

it('the worst come first: no page after a notice, none before a worse or, of one severity, an older one', () => {
  const property = fc.property(line, (rows) => {
    const sorted = worstFirst(rows);
    expect([...sorted].sort(bySk)).toEqual([...rows].sort(bySk));
    const badness = sorted.map(({ isNotice, severity = 'critical', owedAt }) =>
      [isNotice, severity, owedAt].join(),
    );
    const naive = [false, true].flatMap((isNotice) =>
      ['critical', 'warning', 'info'].flatMap((severity) =>
        Array.from({ length: 1_001 }, (_, owedAt) => [isNotice, severity, owedAt].join()),
      ),
    );
    const places = badness.map((one) => naive.indexOf(one));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
  fc.assert(property, { ...MODEL_RUNS, numRuns: Math.ceil(MODEL_RUNS.numRuns / 6) });
});

function bySk(a: WaitingRow, b: WaitingRow): number {
  return a.sk < b.sk ? -1 : Number(a.sk > b.sk);
}
