/** The procedures of the week: three levels, a weekly window, and a cluster whose outage explains its nodes. */
import { defineOperations } from '../../functions/operations/define-operations.ts';

/** @param name  who is on level 2, and how to reach them */
export function proceduresWith(name: string, second: { name: string; email: string; phone: string }) {
  return defineOperations({
    responders: {
      ana: { name: 'Ana Ruiz', email: 'ana@example.com', phone: '+12025550101' },
      [name]: second,
      cleo: { name: 'Cleo Martin', email: 'cleo@example.com', phone: '+12025550103' },
    },
    levels: [['ana'], [name], ['cleo']],
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
}
