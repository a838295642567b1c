import { describe, expect, it } from 'vitest';
import { recheckAt } from '../../functions/holds/inhibition.ts';
import { alertId } from '../../functions/shared/table.ts';

const MINUTE_MS = 60_000;

describe('recheckAt', () => {
  it('spreads 10,000 alerts that one explains over the minutes 15 to 30, less than 1,000 in each', () => {
    const perMinute = new Map<number, number>();
    for (let n = 0; n < 10_000; n++) {
      const minute = Math.floor(recheckAt(alertId(`storm-${n}`), 0) / MINUTE_MS);
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    }
    expect([...perMinute.keys()].sort()).toEqual(Array.from({ length: 15 }, (_, n) => 15 + n));
    expect(Math.max(...perMinute.values())).toBeLessThan(1_000);
  });
});
