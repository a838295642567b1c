/** The team after Thursday's deploy: Ben has left, Dev stands in for him on level 2. */
import { defineOperations } from '../../functions/operations/define-operations.ts';

export default defineOperations({
  responders: {
    ana: { name: 'Ana Ruiz', email: 'ana@example.com', phone: '+12025550101' },
    dev: { name: 'Dev Patel', email: 'dev@example.com', phone: '+12025550104' },
    cleo: { name: 'Cleo Martin', email: 'cleo@example.com', phone: '+12025550103' },
  },
  levels: [['ana'], ['dev'], ['cleo']],
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
