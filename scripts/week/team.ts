/** The team of the week: three levels, a weekly window, and a cluster whose outage explains its nodes. */
import { defineOperations } from '../../functions/operations/define-operations.ts';

export default defineOperations({
  responders: {
    ana: { name: 'Ana Ruiz', email: 'ana@example.com', phone: '+12025550101' },
    ben: { name: 'Ben Okafor', email: 'ben@example.com', phone: '+12025550102' },
    cleo: { name: 'Cleo Martin', email: 'cleo@example.com', phone: '+12025550103' },
  },
  levels: [['ana'], ['ben'], ['cleo']],
  services: { checkout: { owner: 'Shop team' }, search: { owner: 'Search team' }, cluster: {} },
  routes: [
    { match: { alarmName: 'checkout-*' }, service: 'checkout' },
    { match: { integration: 'prometheus' }, service: 'cluster' },
  ],
  // The procedures' own window: Sundays from two to four.
  maintenance: [{ name: 'weekly', zone: 'UTC', match: { service: 'search' } }],
  inhibitions: [
    {
      while: { labels: { alertname: 'ClusterDown' } },
      hold: { labels: { alertname: 'NodeDown' } },
      equal: ['cluster'],
    },
  ],
});
