/**
 * The procedures of the team that runs the checkout shop: who is on call, and what they answer for.
 * Everything that is left out has its default from the procedures; `examples/full.ts` shows all there is to say.
 * Change a name, an address, a number; `npm start` runs it on your laptop, `npm run deploy` in your AWS account.
 */
import { defineOperations } from './functions/operations/define-operations.ts';

export default defineOperations({
  // Who can be paged. An email, a phone, or both.
  responders: {
    ana: { name: 'Ana Ruiz', email: 'ana@example.com', phone: '+12025550101' },
    ben: { name: 'Ben Okafor', email: 'ben@example.com', phone: '+12025550102' },
    cleo: { name: 'Cleo Martin', email: 'cleo@example.com', phone: '+12025550103' },
    dev: { name: 'Dev Patel', email: 'dev@example.com', phone: '+12025550104' },
    eli: { name: 'Eli Novak', email: 'eli@example.com', phone: '+12025550105' },
    fay: { name: 'Fay Lindqvist', email: 'fay@example.com', phone: '+12025550106' },
  },

  // Who is on call. These names find their level by themselves: a critical alert that nobody acknowledges
  // reaches operations at once, and the others after 15, 30 and 60 minutes.
  schedules: {
    operations: ['ana'],
    'senior-operations': ['ben'],
    development: ['cleo'],
    management: ['dev'],
    architecture: ['eli'],
    executive: ['fay'],
  },

  // What can break. Routes, when you write some, turn alarms into these.
  services: {
    checkout: { owner: 'Shop team', runbook: 'https://wiki.example.com/runbooks/checkout' },
    search: { owner: 'Search team', runbook: 'https://wiki.example.com/runbooks/search' },
  },
});
