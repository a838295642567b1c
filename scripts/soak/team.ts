/** The procedures of the soak: little quiet time, so that alerts end and open anew all hour long. */
import { defineOperations } from '../../functions/operations/define-operations.ts';

export default defineOperations({
  responders: {
    ana: { name: 'Ana Ruiz', email: 'ana@example.com', phone: '+12025550101' },
    amy: { name: 'Amy Stone', email: 'amy@example.com', phone: '+12025550104' },
    ben: { name: 'Ben Okafor', email: 'ben@example.com', phone: '+12025550102' },
    cleo: { name: 'Cleo Martin', email: 'cleo@example.com', phone: '+12025550103' },
  },
  levels: [['ana', 'amy'], ['ben'], ['cleo']],
  services: { checkout: { owner: 'Shop team' }, search: { owner: 'Search team' } },
  routes: [
    { match: { alarmName: 'critical-*' }, service: 'checkout' },
    { match: { alarmName: 'warning-*' }, service: 'search', severity: 'warning' },
    { match: { alarmName: 'info-*' }, severity: 'info' },
  ],
  quietMinutes: 2,
});
