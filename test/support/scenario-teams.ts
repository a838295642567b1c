/** The teams of the scenarios: each is synthesised once per run, whichever files tell stories of it. */
import { defineOperations } from '../../functions/operations/define-operations.ts';
import type { Operations } from '../../functions/operations/operations.ts';
import { fourLevels } from './teams.ts';

export const scenarioTeams = {
  fourLevels,

  /** fourLevels some deploys later: Ben and Dan have left, level 2 stands empty, level 4 is gone, routes have come. */
  shrunk: defineOperations({
    responders: {
      ana: { name: 'Ana', email: 'ana@example.com', phone: '+12025550101' },
      cleo: { name: 'Cleo', email: 'cleo@example.com', phone: '+12025550103' },
    },
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
    services: { checkout: { owner: 'Shop team', runbook: 'https://wiki.example.com/checkout' } },
    routes: [
      { match: { alarmName: 'checkout-*' }, service: 'checkout', severity: 'warning' },
      { match: { alarmName: 'batch-*' }, severity: 'info' },
    ],
  }),

  /** fourLevels for whom a database that is down explains what else fails. */
  explained: defineOperations({
    responders: fourLevels.responders,
    levels: fourLevels.levels,
    inhibitions: [
      { while: { labels: { alarmName: 'db-down' } }, hold: { labels: { alarmName: 'app-*' } }, equal: [] },
    ],
  }),
} satisfies Record<string, Operations>;

export type ScenarioTeam = keyof typeof scenarioTeams;
