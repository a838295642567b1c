import { describe, expect, it } from 'vitest';
import { defineOperations } from '../../functions/operations/define-operations.ts';
import type { Pattern } from '../../functions/operations/operations-input.ts';

const responders = { ana: { email: 'ana@example.com' }, ben: { phone: '+12025550102' } };

/** Each wrong name is refused by the compiler, or its directive would be an error, and at run time too. */
describe('defineOperations, wrong names', () => {
  it('an unknown responder on a schedule does not compile', () => {
    // @ts-expect-error 'anna' is no responder
    expect(() => defineOperations({ responders, schedules: { operations: ['anna'] } })).toThrow(
      "found 'anna'",
    );
  });

  it('an unknown schedule in a level does not compile', () => {
    const schedules = { desk: ['ana'] } as const;
    // @ts-expect-error 'desc' is neither schedule nor responder
    expect(() => defineOperations({ responders, schedules, levels: [['desc']] })).toThrow("found 'desc'");
  });

  it('a schedule in a level, where there are no schedules, does not compile', () => {
    // @ts-expect-error there is no schedule
    expect(() => defineOperations({ responders, levels: [['operations']] })).toThrow("found 'operations'");
  });

  it('an unknown service in a route does not compile', () => {
    const services = { checkout: {} };
    expect(() =>
      // @ts-expect-error 'search' is no service
      defineOperations({ responders, services, routes: [{ match: {}, service: 'search' }] }),
    ).toThrow("found 'search'");
  });

  it('an unknown service in a maintenance does not compile, a pattern of services does', () => {
    const services = { checkout: {} };
    const maintenance = (service: Pattern<'checkout'>) =>
      defineOperations({ responders, services, maintenance: [{ zone: 'UTC', match: { service } }] });
    expect(maintenance('check*').windows).toHaveLength(1);
    // @ts-expect-error 'search' is no service
    expect(() => maintenance('search')).toThrow("found 'search'");
  });

  it('a single window with a day of the week does not compile', () => {
    const once = { zone: 'UTC', from: '2026-12-24T20:00', until: '2026-12-25T06:00' } as const;
    expect(() =>
      // @ts-expect-error it is open once
      defineOperations({ responders, maintenance: [{ ...once, days: ['sunday'] }] }),
    ).toThrow('maintenance[0].days: found a list');
  });

  it('an unknown severity does not compile', () => {
    // @ts-expect-error 'urgent' is no severity
    expect(() => defineOperations({ responders, routes: [{ match: {}, severity: 'urgent' }] })).toThrow(
      "found 'urgent'",
    );
  });

  it('an unknown key does not compile', () => {
    // @ts-expect-error it is quietMinutes
    expect(() => defineOperations({ responders, quietMinute: 3 })).toThrow("write 'quietMinutes'");
  });
});
