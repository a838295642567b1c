import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstMoment, momentAfter, momentByHand } from '../../functions/escalation/escalation-policy.ts';
import type { EscalationPolicy } from '../../functions/operations/operations.ts';
import { MODEL_RUNS } from './model-runs.ts';

const MINUTE_MS = 60_000;

/** Steps at growing minutes, repeats with growing ends, the last of them without one. */
const policy: fc.Arbitrary<EscalationPolicy> = fc
  .record({
    gaps: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 0, maxLength: 6 }),
    levels: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 6, maxLength: 6 }),
    repeats: fc.array(
      fc.record({ every: fc.integer({ min: 1, max: 60 }), lasts: fc.integer({ min: 1, max: 400 }) }),
      {
        maxLength: 3,
      },
    ),
    endless: fc.boolean(),
  })
  .map(({ gaps, levels, repeats, endless }) => ({
    steps: gaps.map((_, n) => ({
      level: levels.slice(0, n + 1).sort()[n]!,
      afterMinutes: gaps.slice(1, n + 1).reduce((sum, gap) => sum + gap, 0),
      channels: ['sms' as const],
    })),
    repeat: repeats.map(({ every, lasts: _ }, n) => {
      const untilMinutes = repeats.slice(0, n + 1).reduce((sum, one) => sum + one.lasts, 0);
      return { everyMinutes: every, ...(!(endless && n === repeats.length - 1) && { untilMinutes }) };
    }),
    ackTimeoutMinutes: 60,
  }));

/** A clock that counts minutes, and looks into the table at each. */
function pagedMinutes({ steps, repeat }: EscalationPolicy, untilMinute: number): string[] {
  const paged: string[] = [];
  let again = Number.POSITIVE_INFINITY;
  for (let minute = 0; minute <= untilMinute; minute++) {
    const step = steps.findIndex(({ afterMinutes }) => afterMinutes === minute);
    const isRepeat = minute === again;
    if (step < 0 && !isRepeat) continue;
    paged.push(`${minute}: ${step < 0 ? steps.length - 1 : step}`);
    if (step >= 0 && step < steps.length - 1) continue;
    const interval = repeat.find(({ untilMinutes = Number.POSITIVE_INFINITY }) => minute < untilMinutes);
    again = interval ? minute + interval.everyMinutes : Number.POSITIVE_INFINITY;
  }
  return paged;
}

it('the moments of any policy are those that a clock counts which looks into the table each minute', () => {
  let repeated = 0;
  const property = fc.property(policy, fc.integer({ min: 0, max: 2_000 }), (one, untilMinute) => {
    const moments: string[] = [];
    let moment = firstMoment(one);
    while (moment && moment.atMs <= untilMinute * MINUTE_MS) {
      moments.push(`${moment.atMs / MINUTE_MS}: ${moment.step}`);
      moment = momentAfter(one, moment);
    }
    expect(moments).toEqual(pagedMinutes(one, untilMinute));
    if (moments.length > one.steps.length) repeated += 1;
  });
  fc.assert(property, MODEL_RUNS);
  expect(repeated).toBeGreaterThan(MODEL_RUNS.numRuns / 15);
});

it('a hand jumps to the lowest level above all that were paged, never back, and past the last stays there', () => {
  const property = fc.property(
    policy,
    fc.integer({ min: 0, max: 4 }),
    fc.nat(1_000_000),
    (one, highest, elapsedMs) => {
      const moment = momentByHand(one, highest, elapsedMs);
      const above = one.steps.map(({ level }) => level).filter((level) => level > highest);
      const wanted = above.length > 0 ? Math.min(...above) : one.steps.at(-1)?.level;
      const step = moment && one.steps[moment.step]!;
      expect(step?.level).toBe(wanted);
      if (step) expect(moment.atMs).toBe(above.length > 0 ? step.afterMinutes * MINUTE_MS : elapsedMs);
    },
  );
  fc.assert(property, MODEL_RUNS);
});
