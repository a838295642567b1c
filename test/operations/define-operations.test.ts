import { describe, expect, it } from 'vitest';
import full from '../../examples/full.ts';
import small from '../../examples/small.ts';
import { defineOperations } from '../../functions/operations/define-operations.ts';
import type { EscalationPolicy } from '../../functions/operations/operations.ts';
import type { MaintenanceInput } from '../../functions/operations/operations-input.ts';
import checkoutShop from '../../operations.ts';

const ana = { email: 'ana@example.com', phone: '+12025550101' };
const ben = { email: 'ben@example.com' };
const cleo = { phone: '+12025550103' };

/** `1@0 sms+email`, one text per step: as the procedures would be read aloud. */
function readAloud(policy: EscalationPolicy): string[] {
  return policy.steps.map((step) => `${step.level}@${step.afterMinutes} ${step.channels.join('+')}`);
}

describe('defineOperations, with two responders and nothing else', () => {
  const operations = defineOperations({ responders: { ana, ben } });

  it('pages the first at level 1 and both at levels 2 to 4', () => {
    expect(operations.levels).toEqual([['ana'], ['ana', 'ben'], ['ana', 'ben'], ['ana', 'ben']]);
  });

  it('escalates a critical alert at 0, 15, 30 and 60 minutes by SMS and email', () => {
    expect(readAloud(operations.escalation.critical)).toEqual([
      '1@0 sms+email',
      '2@15 sms+email',
      '3@30 sms+email',
      '4@60 sms+email',
    ]);
  });

  it('repeats a critical alert every 30 minutes through 24 hours, then every 4 hours without end', () => {
    expect(operations.escalation.critical.repeat).toEqual([
      { everyMinutes: 30, untilMinutes: 1440 },
      { everyMinutes: 240 },
    ]);
  });

  it('sends a warning by email at 0, by SMS at 30, to level 2 at 45, then hourly', () => {
    expect(readAloud(operations.escalation.warning)).toEqual(['1@0 email', '1@30 sms', '2@45 sms+email']);
    expect(operations.escalation.warning.repeat).toEqual([{ everyMinutes: 60 }]);
  });

  it('pages nobody for info', () => {
    expect(operations.escalation.info).toEqual({ steps: [], repeat: [], ackTimeoutMinutes: null });
  });

  it('reminds after 60 minutes (critical) and 240 (warning), goes on 15 later, and waits 5 for quiet', () => {
    expect(operations.escalation.critical.ackTimeoutMinutes).toBe(60);
    expect(operations.escalation.warning.ackTimeoutMinutes).toBe(240);
    expect(operations).toMatchObject({ forgottenMinutes: 15, quietMinutes: 5 });
  });

  it('names a responder by their key, and has no schedule, service or route', () => {
    expect(operations.responders).toEqual({ ana: { name: 'ana', ...ana }, ben: { name: 'ben', ...ben } });
    expect(operations).toMatchObject({ schedules: {}, services: {}, routes: [] });
  });
});

describe('defineOperations, levels', () => {
  const responders = { ana, ben, cleo };

  it('follow the well-known names of schedules, of which only those that exist are listed', () => {
    const schedules = {
      operations: ['ana'],
      development: ['ben'],
      'external-support': ['cleo'],
    } as const;
    expect(defineOperations({ responders, schedules }).levels).toEqual([
      ['operations'],
      ['development'],
      [],
      ['external-support'],
    ]);
  });

  it('are 1 to 4 for all seven schedules of the procedures', () => {
    const operations = defineOperations({
      responders,
      schedules: {
        executive: ['ana'],
        'external-support': ['ana'],
        management: ['ana'],
        architecture: ['ana'],
        'senior-operations': ['ana'],
        development: ['ana'],
        operations: ['ana'],
      },
    });
    expect(operations.levels).toEqual([
      ['operations'],
      ['senior-operations', 'development'],
      ['management', 'architecture'],
      ['executive', 'external-support'],
    ]);
  });

  it('name schedules and responders where they are explicit', () => {
    const levels = [['desk'], ['ben', 'cleo']] as const;
    expect(defineOperations({ responders, schedules: { desk: ['ana'] }, levels }).levels).toEqual(levels);
  });

  it('keep all default moments when there are two: the highest takes what level 3 and 4 would have', () => {
    const operations = defineOperations({ responders, levels: [['ana'], ['ben']] });
    expect(readAloud(operations.escalation.critical).map((step) => step.split(' ')[0])).toEqual([
      '1@0',
      '2@15',
      '2@30',
      '2@60',
    ]);
  });

  it('are the same one person four times when there is one responder', () => {
    expect(defineOperations({ responders: { ana } }).levels).toEqual([['ana'], ['ana'], ['ana'], ['ana']]);
  });
});

describe('defineOperations, escalation', () => {
  const responders = { ana, ben };
  const byDefault = defineOperations({ responders }).escalation;

  it('keeps steps and repeats when only ackTimeoutMinutes is given', () => {
    const { escalation } = defineOperations({
      responders,
      escalation: { critical: { ackTimeoutMinutes: 20 } },
    });
    expect(escalation).toEqual({
      ...byDefault,
      critical: { ...byDefault.critical, ackTimeoutMinutes: 20 },
    });
  });

  it('takes null for never being reminded', () => {
    const { escalation } = defineOperations({
      responders,
      escalation: { warning: { ackTimeoutMinutes: null } },
    });
    expect(escalation.warning.ackTimeoutMinutes).toBeNull();
  });

  it('replaces steps as a whole, each by SMS and email unless it says how', () => {
    const steps = [
      { level: 1, afterMinutes: 0, channels: ['email'] },
      { level: 2, afterMinutes: 5 },
    ] as const;
    const { escalation } = defineOperations({ responders, escalation: { critical: { steps } } });
    expect(readAloud(escalation.critical)).toEqual(['1@0 email', '2@5 sms+email']);
    expect(escalation.critical.repeat).toEqual(byDefault.critical.repeat);
  });

  it('lets nothing that one file resolves to leak into the next', () => {
    defineOperations({ responders }).escalation.critical.steps[0]!.channels.pop();
    expect(defineOperations({ responders }).escalation).toEqual(byDefault);
  });
});

describe('defineOperations, maintenance', () => {
  const responders = { ana };
  const windowsOf = (maintenance: readonly MaintenanceInput<never>[]) =>
    defineOperations({ responders, maintenance }).windows;

  it('is none unless the file asks for it', () => expect(windowsOf([])).toEqual([]));

  it('with a zone alone is Sundays from 02:00 to 04:00, and holds every alert', () =>
    expect(windowsOf([{ zone: 'Europe/Berlin' }])).toEqual([
      {
        id: 'weekly',
        hold: 'maintenance',
        match: {},
        reason: 'weekly',
        kind: 'weekly',
        zone: 'Europe/Berlin',
        days: [0],
        from: '02:00',
        to: '04:00',
      },
    ]));

  it('once from 2026-12-24T20:00 in New York begins at 01:00Z on the 25th', () => {
    const [window] = windowsOf([
      { zone: 'America/New_York', from: '2026-12-24T20:00', until: '2026-12-25T06:00' },
    ]);
    expect(window).toMatchObject({
      id: 'once',
      kind: 'once',
      from: Date.parse('2026-12-25T01:00:00Z'),
      until: Date.parse('2026-12-25T11:00:00Z'),
    });
  });

  it('numbers windows without a name, past the names that are taken', () =>
    expect(
      windowsOf([{ zone: 'UTC' }, { zone: 'UTC', name: 'weekly-2' }, { zone: 'UTC', days: ['monday'] }]).map(
        ({ id }) => id,
      ),
    ).toEqual(['weekly', 'weekly-2', 'weekly-3']));
});

describe('the files that come with Tocsin', () => {
  it('operations.ts has somebody at each of levels 1 to 4, and no route', () => {
    const people = checkoutShop.levels.map((names) => names.flatMap((name) => checkoutShop.schedules[name]));
    expect(people.map((level) => level.length)).toEqual([1, 2, 2, 1]);
    expect(checkoutShop.routes).toEqual([]);
  });

  it.each([
    ['operations.ts', checkoutShop],
    ['examples/small.ts', small],
    ['examples/full.ts', full],
  ])('%s passes through defineOperations again unchanged', (_, operations) => {
    expect(defineOperations(operations)).toStrictEqual(operations);
  });

  it('examples/full.ts leaves no setting at its default', () => {
    const byDefault = defineOperations({ responders: { ana } });
    expect(full.escalation.critical).not.toEqual(byDefault.escalation.critical);
    expect(full.quietMinutes).not.toBe(byDefault.quietMinutes);
    expect(full.forgottenMinutes).not.toBe(byDefault.forgottenMinutes);
    expect(full.routes).toHaveLength(4);
    expect(full.windows.map(({ id, kind }) => [id, kind])).toEqual([
      ['weekly', 'weekly'],
      ['index rebuild', 'weekly'],
      ['payment provider moves', 'once'],
    ]);
    expect(full.inhibitions).toHaveLength(1);
  });
});
