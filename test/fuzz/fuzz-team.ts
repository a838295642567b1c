/** The team whose Tocsin is fuzzed: every kind of route, window and inhibition, with patterns that are slow to match. */
import { defineOperations } from '../../functions/operations/define-operations.ts';
import type { OperationsInput } from '../../functions/operations/operations-input.ts';

/** A Tuesday night. */
export const FUZZ_NOW = Date.parse('2026-11-24T03:00:00.500Z');

export const fuzzTeamInput = {
  responders: {
    ana: { name: 'Ana Ruiz', email: 'ana@example.com', phone: '+12025550101' },
    ben: { name: 'Ben Okafor', email: 'ben@example.com' },
    vendor: { phone: '+12025550104' },
  },
  schedules: { first: ['ana', 'ben'], second: ['ben'] },
  levels: [['first'], ['second', 'vendor']],
  escalation: {
    critical: {
      steps: [
        { level: 1, afterMinutes: 0 },
        { level: 2, afterMinutes: 10, channels: ['email'] },
      ],
      repeat: [{ everyMinutes: 15, untilMinutes: 1440 }, { everyMinutes: 120 }],
      ackTimeoutMinutes: 45,
    },
    info: { steps: [], repeat: [], ackTimeoutMinutes: null },
  },
  services: {
    checkout: {
      owner: 'Shop team',
      runbook: 'https://wiki.example.com/checkout',
      description: 'Takes orders.',
    },
    search: { owner: 'Search team' },
  },
  routes: [
    { match: { account: '111122223333' }, severity: 'info' },
    { match: { alarmName: '*a*a*a*a*a*a*a*b' }, severity: 'warning' },
    {
      match: { tags: { stage: '*?*?*?prod' } },
      service: 'checkout',
      dedupKey: '{tag:stage}/{region}/{service}',
    },
    { match: { integration: 'grafana', labels: { cluster: '*eu*' } }, dedupKey: '{label:cluster}' },
  ],
  maintenance: [
    { zone: 'Europe/Berlin', match: { service: 'checkout', severity: 'warning' } },
    {
      zone: 'America/New_York',
      name: 'move',
      match: { labels: { cluster: '*-*-*-x' } },
      from: '2026-12-24T20:00',
      until: '2026-12-25T06:00',
    },
  ],
  inhibitions: [
    { while: { labels: { alertname: 'ClusterDown' } }, hold: { severity: 'warning' }, equal: ['cluster'] },
  ],
  quietMinutes: 10,
  forgottenMinutes: 20,
  watchers: { heartbeatUrl: 'https://heartbeat.example.com/tocsin' },
} satisfies OperationsInput;

export const fuzzTeam = defineOperations(fuzzTeamInput as OperationsInput);
