/** The teams of the simulated stories, by name, and which deploys lead from which to which. */
import { defineOperations } from '../../functions/operations/define-operations.ts';
import type { Operations } from '../../functions/operations/operations.ts';

// The same person keeps address and number through every deploy.
const ana = { name: 'Ana', email: 'ana@example.com', phone: '+12025550101' };
const ben = { name: 'Ben', email: 'ben@example.com', phone: '+12025550102' };
const cleo = { name: 'Cleo', email: 'cleo@example.com', phone: '+12025550103' };
const dan = { name: 'Dan', email: 'dan@example.com', phone: '+12025550104' };
const eli = { name: 'Eli', email: 'eli@example.com', phone: '+12025550105' };

const services = { checkout: { owner: 'Shop team' }, search: { owner: 'Search team' } };
const byName = [
  { match: { alarmName: 'checkout-*' }, service: 'checkout' },
  { match: { alarmName: 'search-*' }, service: 'search', severity: 'warning' },
] as const;

/** No route has a dedup key: each alarm name and each sender's key is one alert. */
export const TEAMS = {
  /** every default of the procedures; two people on level 2 */
  fourLevels: defineOperations({
    responders: { ana, ben, cleo, dan, eli },
    levels: [['ana'], ['ben', 'eli'], ['cleo'], ['dan']],
  }),

  /** fourLevels with code that is newer than today's: see newer-code.ts */
  newer: defineOperations({
    responders: { ana, ben, cleo, dan, eli },
    levels: [['ana'], ['ben', 'eli'], ['cleo'], ['dan']],
  }),

  /** two people, and nothing else is said */
  small: defineOperations({ responders: { ana, ben } }),

  /** fourLevels some deploys later: Ben, Dan and Eli have left, level 2 stands empty, level 4 is gone, routes have come */
  shrunk: defineOperations({
    responders: { ana, cleo },
    schedules: { seniors: [] },
    levels: [['ana'], ['seniors'], ['cleo']],
    escalation: {
      critical: {
        steps: [
          { level: 1, afterMinutes: 0 },
          { level: 2, afterMinutes: 15 },
          { level: 3, afterMinutes: 30 },
        ],
      },
    },
    services,
    routes: byName,
  }),

  /** who has an email only, a phone only; steps, channels and times of their own */
  oneWay: defineOperations({
    responders: {
      ana: { name: ana.name, phone: ana.phone },
      ben: { name: ben.name, email: ben.email },
      cleo,
    },
    levels: [['ana'], ['ben'], ['ben', 'cleo']],
    escalation: {
      critical: {
        steps: [
          { level: 1, afterMinutes: 0, channels: ['email'] },
          { level: 1, afterMinutes: 5, channels: ['sms'] },
          { level: 2, afterMinutes: 10 },
          { level: 3, afterMinutes: 10, channels: ['sms'] },
        ],
        repeat: [{ everyMinutes: 20, untilMinutes: 120 }, { everyMinutes: 360 }],
        ackTimeoutMinutes: 20,
      },
      warning: { ackTimeoutMinutes: null },
    },
    services,
    routes: byName,
    quietMinutes: 10,
    forgottenMinutes: 5,
  }),

  /** windows each week in two zones that change their clocks, and one each day */
  windowed: defineOperations({
    responders: { ana, ben, cleo, dan },
    levels: [['ana'], ['ben'], ['cleo'], ['dan']],
    services,
    routes: byName,
    maintenance: [
      { zone: 'Europe/Berlin' },
      {
        name: 'rebuild',
        zone: 'America/New_York',
        match: { service: 'search' },
        days: ['saturday', 'sunday'],
        from: '23:30',
        to: '01:30',
      },
      {
        name: 'lunch',
        zone: 'Europe/Berlin',
        match: { service: 'checkout' },
        days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
        from: '12:00',
        to: '12:40',
      },
    ],
  }),

  /** a database that is down explains what else fails */
  explained: defineOperations({
    responders: { ana, ben, cleo, dan },
    levels: [['ana'], ['ben'], ['cleo'], ['dan']],
    inhibitions: [
      { while: { labels: { alarmName: 'db-down' } }, hold: { labels: { alarmName: 'app-*' } }, equal: [] },
      {
        while: { severity: 'critical', labels: { integration: 'grafana' } },
        hold: { severity: 'warning', labels: { integration: 'grafana' } },
        equal: ['source'],
      },
    ],
  }),

  /** level 1 has a schedule with nobody on it; who sends what decides how urgent it is */
  routed: defineOperations({
    responders: { ana, ben, cleo },
    schedules: { nights: [], seniors: ['ana', 'ben'] },
    levels: [['nights'], ['seniors'], ['cleo']],
    escalation: {
      critical: {
        steps: [
          { level: 1, afterMinutes: 0 },
          { level: 2, afterMinutes: 15 },
          { level: 3, afterMinutes: 30 },
        ],
      },
      warning: {
        steps: [
          { level: 1, afterMinutes: 0, channels: ['email'] },
          { level: 2, afterMinutes: 30 },
        ],
        repeat: [{ everyMinutes: 60 }],
        ackTimeoutMinutes: 90,
      },
    },
    services,
    routes: [
      ...byName,
      { match: { integration: 'grafana', labels: { class: 'page' } }, severity: 'critical' },
      { match: { integration: 'grafana', labels: { class: 'ticket' } }, severity: 'warning' },
      { match: { integration: 'grafana', labels: { class: 'report' } }, severity: 'info' },
      { match: { alarmName: 'batch-*' }, severity: 'info' },
    ],
  }),
} satisfies Record<string, Operations>;

export type TeamName = keyof typeof TEAMS;

/** Which procedures may be deployed over which. */
export const DEPLOYS: Readonly<Record<TeamName, readonly TeamName[]>> = {
  fourLevels: ['newer', 'shrunk', 'windowed', 'routed', 'explained', 'fourLevels'],
  // What it has written today's code does not read: nobody goes back.
  newer: ['newer'],
  small: ['fourLevels', 'routed', 'small', 'newer'],
  shrunk: ['fourLevels', 'oneWay', 'routed'],
  oneWay: ['fourLevels', 'shrunk', 'windowed'],
  windowed: ['fourLevels', 'explained', 'shrunk'],
  explained: ['fourLevels', 'windowed', 'oneWay'],
  routed: ['fourLevels', 'shrunk', 'windowed'],
};
