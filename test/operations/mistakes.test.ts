import { describe, expect, it } from 'vitest';
import { defineOperations } from '../../functions/operations/define-operations.ts';
import type { OperationsInput } from '../../functions/operations/operations-input.ts';
import { OpsError } from '../../functions/shared/errors.ts';

const ana = { email: 'ana@example.com' };
const ben = { phone: '+12025550102' };
const team = { responders: { ana, ben } };

/** Whatever a file exports, also what its types forbid. */
function mistakesIn(input: unknown): string[] {
  try {
    defineOperations(input as OperationsInput);
  } catch (error) {
    expect(error).toBeInstanceOf(OpsError);
    expect(error).toMatchObject({ kind: 'rejected' });
    return (error as OpsError).message.split('\n  ').slice(1);
  }
  return [];
}

/** So many responders: `r0`, `r1`, … */
function crowd(size: number) {
  return Object.fromEntries(
    Array.from({ length: size }, (_, i) => [`r${i}`, { email: `r${i}@example.com` }]),
  );
}

function escalating(policy: object) {
  return { ...team, escalation: { critical: policy } };
}

function routing(route: object) {
  return { ...team, services: { checkout: {} }, routes: [{ match: {}, ...route }] };
}

function maintaining(window: object) {
  return { ...team, services: { checkout: {} }, maintenance: [{ zone: 'Europe/Berlin', ...window }] };
}

function inhibiting(inhibition: object) {
  return {
    ...team,
    services: { checkout: {} },
    inhibitions: [
      { while: { severity: 'critical' }, hold: { severity: 'warning' }, equal: [], ...inhibition },
    ],
  };
}

const AT_ONCE = { level: 1, afterMinutes: 0 };
const SOME_RESPONDERS = "write at least one responder, as in { ana: { email: 'ana@example.com' } }";

/** Each file has exactly one mistake. */
const FILES: Record<string, [input: unknown, line: string][]> = {
  maintenance: [
    [
      { ...team, maintenance: {} },
      "maintenance: found an empty object; write a list of windows, as in [{ zone: 'Europe/Berlin' }]",
    ],
    [
      { ...team, maintenance: [{}] },
      "maintenance[0].zone: found nothing; write an IANA time zone, as in 'Europe/Berlin'",
    ],
    [
      maintaining({ zone: 'Berlin' }),
      "maintenance[0].zone: found 'Berlin'; write 'Europe/Berlin', the nearest of the IANA time zones",
    ],
    [
      maintaining({ zone: 'Europe/Berln' }),
      "maintenance[0].zone: found 'Europe/Berln'; write 'Europe/Berlin', the nearest of the IANA time zones",
    ],
    [
      maintaining({ zone: '+02:00' }),
      "maintenance[0].zone: found '+02:00'; write an IANA time zone, as in 'Europe/Berlin'",
    ],
    [
      maintaining({ day: ['sunday'] }),
      "maintenance[0].day: found an unknown key; write 'days', the nearest of the keys",
    ],
    [
      maintaining({ days: ['Sonntag'] }),
      "maintenance[0].days[0]: found 'Sonntag'; write one of the days: 'sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'",
    ],
    [maintaining({ days: [] }), 'maintenance[0].days: found an empty list; write at least one day'],
    [
      maintaining({ days: ['sunday', 'monday', 'sunday'] }),
      "maintenance[0].days[2]: found 'sunday' again; write each one once",
    ],
    [maintaining({ from: '2:00' }), "maintenance[0].from: found '2:00'; write a time of day, as in '02:00'"],
    [maintaining({ to: '24:00' }), "maintenance[0].to: found '24:00'; write a time of day, as in '02:00'"],
    [
      maintaining({ from: 2 }),
      "maintenance[0].from: found 2; write a time of day, as in '02:00', or with `until` a date and time, as in '2026-12-24T20:00'",
    ],
    [
      maintaining({
        days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
        from: '02:00',
        to: '02:00',
      }),
      "maintenance[0].to: found '02:00'; write another time than `from`: a window of all days must end",
    ],
    [
      maintaining({ until: '2026-12-25T06:00' }),
      "maintenance[0].from: found nothing; write a date and time that exist, as in '2026-12-24T20:00'",
    ],
    [
      maintaining({ from: '2026-12-24T20:00' }),
      "maintenance[0].until: found nothing; write a date and time that exist, as in '2026-12-24T20:00'",
    ],
    [
      maintaining({ from: '2026-12-24T20:00', until: '2026-12-24T20:00' }),
      "maintenance[0].until: found '2026-12-24T20:00'; write a time after '2026-12-24T20:00'",
    ],
    [
      maintaining({ from: '2026-02-30T20:00', until: '2026-03-24T20:00' }),
      "maintenance[0].from: found '2026-02-30T20:00'; write a date and time that exist, as in '2026-12-24T20:00'",
    ],
    [
      maintaining({ from: '2026-12-24T20:00Z', until: '2026-12-25T20:00' }),
      "maintenance[0].from: found '2026-12-24T20:00Z'; write a date and time that exist, as in '2026-12-24T20:00'",
    ],
    [
      maintaining({ from: '2026-12-24T20:00', until: '2026-12-25T06:00', days: ['sunday'] }),
      'maintenance[0].days: found a list; write nothing: a window with `until`, or a date in `from`, is open once',
    ],
    [maintaining({ name: ' ' }), "maintenance[0].name: found ' '; write one line of 1 to 80 characters"],
    [
      {
        ...team,
        maintenance: [
          { zone: 'UTC', name: 'a' },
          { zone: 'UTC', name: 'a', from: '05:00', to: '06:00' },
        ],
      },
      "maintenance[1].name: found 'a' again; write each name once",
    ],
    [
      maintaining({ match: { service: 'chekout' } }),
      "maintenance[0].match.service: found 'chekout'; write 'checkout', the nearest of the services, or a pattern",
    ],
    [
      maintaining({ match: { service: '' } }),
      "maintenance[0].match.service: found ''; write a pattern, in which * stands for any text and ? for any character, as in 'checkout-*'",
    ],
    [
      maintaining({ match: { severity: 'high' } }),
      "maintenance[0].match.severity: found 'high'; write one of the severities: 'critical', 'warning', 'info'",
    ],
    [
      maintaining({ match: { labels: { cluster: 5 } } }),
      "maintenance[0].match.labels.cluster: found 5; write a pattern, in which * stands for any text and ? for any character, as in 'checkout-*'",
    ],
    [
      { ...team, maintenance: Array.from({ length: 51 }, () => ({ zone: 'UTC' })) },
      'maintenance: found a list; write at most 50 windows',
    ],
  ],
  inhibitions: [
    [{ ...team, inhibitions: 'all' }, "inhibitions: found 'all'; write a list of inhibitions"],
    [
      inhibiting({ while: {} }),
      'inhibitions[0].while: found an empty object; write at least one of `service`, `severity`, `labels`',
    ],
    [
      inhibiting({ hold: {} }),
      'inhibitions[0].hold: found an empty object; write at least one of `service`, `severity`, `labels`',
    ],
    [
      inhibiting({ hold: undefined }),
      "inhibitions[0].hold: found nothing; write an object, as in { service: 'checkout' }",
    ],
    [
      inhibiting({ equal: undefined }),
      "inhibitions[0].equal: found nothing; write a list of labels, as in ['cluster'], or [] when they may all differ",
    ],
    [
      inhibiting({ equal: 'cluster' }),
      "inhibitions[0].equal: found 'cluster'; write a list of labels, as in ['cluster'], or [] when they may all differ",
    ],
    [inhibiting({ equal: [''] }), "inhibitions[0].equal[0]: found ''; write one line of 1 to 128 characters"],
    [
      inhibiting({ while: { service: 'serch' } }),
      "inhibitions[0].while.service: found 'serch'; write one of the services: 'checkout', or a pattern",
    ],
    [
      inhibiting({ whle: {} }),
      "inhibitions[0].whle: found an unknown key; write 'while', the nearest of the keys",
    ],
  ],
  'routes of other senders': [
    [
      routing({ match: { integration: 5 } }),
      "routes[0].match.integration: found 5; write a pattern, in which * stands for any text and ? for any character, as in 'checkout-*'",
    ],
    [
      routing({ match: { labels: [] } }),
      "routes[0].match.labels: found an empty list; write an object, as in { cluster: 'eu-*' }",
    ],
    [
      routing({ dedupKey: '{lable:cluster}' }),
      "routes[0].dedupKey: found '{lable:cluster}'; write one of the placeholders: '{account}', '{region}', '{alarmName}', '{integration}', '{service}', '{tag:NAME}', '{label:NAME}'",
    ],
    [
      routing({ dedupKey: '{label:}' }),
      "routes[0].dedupKey: found '{label:}'; write '{label:NAME}', the nearest of the placeholders",
    ],
  ],
  'what is exported': [
    [undefined, 'operations: found nothing; write an object, as in { responders: { … } }'],
    [null, 'operations: found null; write an object, as in { responders: { … } }'],
    [42, 'operations: found 42; write an object, as in { responders: { … } }'],
    [[], 'operations: found an empty list; write an object, as in { responders: { … } }'],
    [() => team, 'operations: found a function; write an object, as in { responders: { … } }'],
    [{}, `responders: found nothing; ${SOME_RESPONDERS}`],
    [{ ...team, levls: [] }, "levls: found an unknown key; write 'levels', the nearest of the keys"],
  ],
  responders: [
    [{ responders: {} }, `responders: found an empty object; ${SOME_RESPONDERS}`],
    [{ responders: ['ana'] }, `responders: found a list; ${SOME_RESPONDERS}`],
    [{ responders: crowd(51), levels: [['r0']] }, 'responders: found 51 responders; write at most 50'],
    [
      { responders: { ana: { name: 'Ana' } } },
      'responders.ana: found neither email nor phone; write at least one of them',
    ],
    [
      { responders: { ana: { ...ana, fone: '' } } },
      "responders.ana.fone: found an unknown key; write 'phone', the nearest of the keys",
    ],
    [
      { responders: { ana: { email: 'ana@example' } } },
      "responders.ana.email: found 'ana@example'; write an email address, as in 'ana@example.com'",
    ],
    [
      { responders: { ana: { ...ana, phone: '202-555-0101' } } },
      "responders.ana.phone: found '202-555-0101'; write an E.164 number: +, country code and digits, as in '+12025550101'",
    ],
    [
      { responders: { ana: { ...ana, phone: 12025550101 } } },
      "responders.ana.phone: found 12025550101; write an E.164 number: +, country code and digits, as in '+12025550101'",
    ],
    [
      { responders: { ana: { ...ana, name: 'Ana\nRuiz' } } },
      "responders.ana.name: found 'Ana\nRuiz'; write one line of 1 to 80 characters",
    ],
    [
      { responders: { 'Ana Ruiz': ana } },
      "responders['Ana Ruiz']: found the name 'Ana Ruiz'; write a name of 1 to 32 characters: a letter first, then a-z, 0-9 or -",
    ],
    [
      { responders: { watchers: ana } },
      "responders.watchers: found the name 'watchers'; write another name: this one is the last resort's own",
    ],
  ],
  'schedules and levels': [
    [
      { ...team, schedules: { operations: ['ana', 'bean'] } },
      "schedules.operations[1]: found 'bean'; write 'ben', the nearest of the responders",
    ],
    [
      { ...team, schedules: { operations: ['ana', 'operations'] } },
      "schedules.operations[1]: found 'operations'; write one of the responders: 'ana', 'ben'",
    ],
    [
      { ...team, schedules: { operations: ['ana', 'ana'] } },
      "schedules.operations[1]: found 'ana' again; write each one once",
    ],
    [
      { ...team, schedules: { operations: 'ana' } },
      "schedules.operations: found 'ana'; write a list of responders",
    ],
    [
      { ...team, schedules: { ana: ['ana'] }, levels: [['ben']] },
      "schedules.ana: found the name 'ana'; write another name: a responder has this one",
    ],
    [
      { ...team, schedules: { operations: ['ana'], managment: ['ben'] } },
      "schedules.managment: found the name 'managment', which is in no level; write `levels`, or 'management', the nearest of the schedules of the procedures",
    ],
    [
      { ...team, schedules: { operations: [] } },
      'levels: found nobody at any level; write at least one responder',
    ],
    [
      { ...team, schedules: { desk: ['ana'] }, levels: [['desc']] },
      "levels[0][0]: found 'desc'; write 'desk', the nearest of the schedules and responders",
    ],
    [{ ...team, levels: ['ana'] }, "levels[0]: found 'ana'; write a list of schedules and responders"],
    [
      { ...team, levels: [['ana'], ['ana'], ['ana'], ['ana'], ['ben']] },
      'levels: found 5 levels, of which the default escalation pages 4; write at most 4, or `escalation.critical.steps`',
    ],
    [
      { responders: crowd(11), levels: [['r0'], Object.keys(crowd(11))] },
      'levels[1]: found 11 responders at level 2; write at most 10',
    ],
  ],
  escalation: [
    [
      { ...team, escalation: { urgent: {} } },
      "escalation.urgent: found an unknown key; write one of the keys: 'critical', 'warning', 'info'",
    ],
    [
      escalating({ steps: [] }),
      'escalation.critical.steps: found no step; write at least one: a critical alert pages somebody',
    ],
    [
      escalating({ steps: [{ level: 1, afterMinutes: 5 }] }),
      'escalation.critical.steps[0].afterMinutes: found 5; write 0: the first step comes at once',
    ],
    [
      escalating({ steps: [AT_ONCE, { level: 2, afterMinutes: 9 }, { level: 3, afterMinutes: 8 }] }),
      'escalation.critical.steps[2].afterMinutes: found 8; write 9 or more, as the step before it',
    ],
    [
      escalating({ steps: [{ level: 5, afterMinutes: 0 }] }),
      'escalation.critical.steps[0].level: found 5; write a level from 1 to 4',
    ],
    [
      { ...escalating({ steps: [AT_ONCE, { level: 2, afterMinutes: 5 }] }), levels: [['ana']] },
      'escalation.critical.steps[1].level: found 2; write 1, the only level',
    ],
    [
      escalating({ steps: [{ ...AT_ONCE, channels: ['SMS'] }] }),
      "escalation.critical.steps[0].channels[0]: found 'SMS'; write 'sms', the nearest of the channels",
    ],
    [
      escalating({ steps: [{ ...AT_ONCE, channels: [] }] }),
      "escalation.critical.steps[0].channels: found an empty list; write at least one of 'sms' and 'email'",
    ],
    [
      escalating({ steps: [{ ...AT_ONCE, afterMinutes: Number.NaN }] }),
      'escalation.critical.steps[0].afterMinutes: found NaN; write a whole number of minutes from 0 to 525600',
    ],
    [
      escalating({ repeat: [{ everyMinutes: 0 }] }),
      'escalation.critical.repeat[0].everyMinutes: found 0; write a whole number of minutes from 1 to 525600',
    ],
    [
      escalating({ repeat: [{ everyMinutes: 30 }, { everyMinutes: 60 }] }),
      'escalation.critical.repeat[0].untilMinutes: found no end; write one, for another repeat follows',
    ],
    [
      escalating({
        repeat: [
          { everyMinutes: 30, untilMinutes: 60 },
          { everyMinutes: 60, untilMinutes: 60 },
        ],
      }),
      'escalation.critical.repeat[1].untilMinutes: found 60; write more than 60',
    ],
    [
      escalating({ ackTimeoutMinutes: 0 }),
      'escalation.critical.ackTimeoutMinutes: found 0; write a whole number of minutes from 1 to 525600, or null for never',
    ],
    [
      { ...team, quietMinutes: 2.5 },
      'quietMinutes: found 2.5; write a whole number of minutes from 0 to 525600',
    ],
    [
      { ...team, forgottenMinutes: '15' },
      "forgottenMinutes: found '15'; write a whole number of minutes from 1 to 525600",
    ],
  ],
  'services and routes': [
    [
      { ...team, services: { checkout: { runbook: 'javascript:alert(1)' } } },
      "services.checkout.runbook: found 'javascript:alert(1)'; write an http or https address, as in 'https://wiki.example.com/checkout'",
    ],
    [
      { ...team, services: { 'check out': {} } },
      "services['check out']: found the name 'check out'; write a name of 1 to 64 characters: a letter or digit first, then letters, digits, ., _ or -",
    ],
    [
      routing({ severity: 'crtical' }),
      "routes[0].severity: found 'crtical'; write 'critical', the nearest of the severities",
    ],
    [
      routing({ service: 'chekout' }),
      "routes[0].service: found 'chekout'; write 'checkout', the nearest of the services",
    ],
    [
      { ...team, routes: [{ match: {}, service: 'checkout' }] },
      "routes[0].service: found 'checkout'; write nothing, for there are no services",
    ],
    [
      routing({ match: undefined }),
      "routes[0].match: found nothing; write an object, as in { alarmName: 'checkout-*' }, or {} for every signal",
    ],
    [
      routing({ match: { alarmName: '' } }),
      "routes[0].match.alarmName: found ''; write a pattern, in which * stands for any text and ? for any character, as in 'checkout-*'",
    ],
    [
      routing({ match: { account: 123456789012 } }),
      "routes[0].match.account: found 123456789012; write a pattern, in which * stands for any text and ? for any character, as in 'checkout-*'",
    ],
    [
      routing({ match: { alarm: 'x' } }),
      "routes[0].match.alarm: found an unknown key; write 'alarmName', the nearest of the keys",
    ],
    [
      routing({ dedupKey: '{region}/{alarm}' }),
      "routes[0].dedupKey: found '{alarm}'; write '{alarmName}', the nearest of the placeholders",
    ],
    [
      routing({ dedupKey: '{service}' }),
      "routes[0].dedupKey: found '{service}' in a route without service; write the `service` too",
    ],
    [
      routing({ dedupKey: '{region}-{alarmName' }),
      "routes[0].dedupKey: found '{region}-{alarmName'; write a closing brace for each opening one",
    ],
  ],
};

describe.each(Object.entries(FILES))('defineOperations, mistakes in %s', (_, files) => {
  it.each(files.map(([input, line]) => ({ input, line })))('$line', ({ input, line }) => {
    expect(mistakesIn(input)).toEqual([line]);
  });
});

describe('defineOperations, many mistakes', () => {
  it('names mistakes of type, of reference and of order in one error, headed by their number', () => {
    const input = {
      responders: { ana: { email: 'ana' }, 'B B': { phone: 'b' } },
      schedules: { operations: ['anna', 7], spare: [] },
      escalation: { critical: { steps: [{ level: 9, afterMinutes: 1, channel: 'sms' }, null] } },
      routes: [{ severity: 'urgent' }, { match: { tags: { stage: '' } }, dedupKey: '{' }],
      quietMinutes: null,
    };
    const paths = mistakesIn(input).map((line) => line.split(': found')[0]);
    expect(new Set(paths)).toEqual(
      new Set([
        'responders.ana.email',
        "responders['B B'].phone",
        "responders['B B']",
        'schedules.operations[0]',
        'schedules.operations[1]',
        'schedules.spare',
        'escalation.critical.steps[0].level',
        'escalation.critical.steps[0].afterMinutes',
        'escalation.critical.steps[0].channel',
        'escalation.critical.steps[1]',
        'routes[0].match',
        'routes[0].severity',
        'routes[1].match.tags.stage',
        'routes[1].dedupKey',
        'quietMinutes',
      ]),
    );
    expect(() => defineOperations(input as unknown as OperationsInput)).toThrow(
      /^15 mistakes in operations:/,
    );
  });

  it('says every level that has more than 10 people, when 12 responders have no levels', () => {
    expect(mistakesIn({ responders: crowd(12) })).toEqual([
      'levels[1]: found 12 responders at level 2; write at most 10',
      'levels[2]: found 12 responders at level 3; write at most 10',
      'levels[3]: found 12 responders at level 4; write at most 10',
    ]);
  });

  it('counts a person once who is on two schedules of one level', () => {
    const people = Object.keys(crowd(10));
    const schedules = { operations: ['r0'], 'senior-operations': people, development: people };
    expect(mistakesIn({ responders: crowd(10), schedules })).toEqual([]);
  });
});
