/** Every option there is, with the reason to use it. All of it but `responders` may be left out. */
import { defineOperations } from '../functions/operations/define-operations.ts';

export default defineOperations({
  // Who can be paged, by email, by SMS, or by both. The key is the name that the rest of this file uses;
  // `name` is what people read.
  responders: {
    ana: { name: 'Ana Ruiz', email: 'ana@example.com', phone: '+12025550101' },
    ben: { name: 'Ben Okafor', email: 'ben@example.com', phone: '+12025550102' },
    cleo: { name: 'Cleo Martin', email: 'cleo@example.com', phone: '+12025550103' },
    dev: { name: 'Dev Patel', email: 'dev@example.com' },
    vendor: { name: 'Payment provider', phone: '+12025550104' },
  },

  // Who is on call: everybody on a list is paged. Only the names of the procedures find their level by
  // themselves, so these two need `levels`.
  schedules: {
    'first-line': ['ana', 'ben'],
    'second-line': ['ben', 'cleo'],
  },

  // Whom each level pages, level 1 first: schedules, responders, or both.
  levels: [['first-line'], ['second-line'], ['dev'], ['dev', 'vendor']],

  // How fast to answer what. A part that is left out keeps its default: `steps`, `repeat`, `ackTimeoutMinutes`.
  escalation: {
    critical: {
      // Minutes count only while the alert is triggered and not held.
      steps: [
        { level: 1, afterMinutes: 0 },
        { level: 2, afterMinutes: 10 },
        { level: 3, afterMinutes: 20, channels: ['email'] },
        { level: 4, afterMinutes: 45 },
      ],
      // The last step again: every 15 minutes through the first day, then every two hours without end.
      repeat: [{ everyMinutes: 15, untilMinutes: 1440 }, { everyMinutes: 120 }],
      // Acknowledged but still not resolved: ask whether it was forgotten.
      ackTimeoutMinutes: 45,
    },
    // A warning keeps its default steps; only its reminder comes later.
    warning: { ackTimeoutMinutes: 480 },
    // Nobody is paged for information; it waits for the next report.
    info: { steps: [], repeat: [], ackTimeoutMinutes: null },
  },

  // What can break. A page names the owner and links to the runbook.
  services: {
    checkout: {
      owner: 'Shop team',
      runbook: 'https://wiki.example.com/runbooks/checkout',
      description: 'Takes orders and payments. When it is down, nobody can buy.',
    },
    search: { owner: 'Search team', runbook: 'https://wiki.example.com/runbooks/search' },
  },

  // What a signal is about and how urgent. The first route that matches applies; a signal that none matches
  // is critical, whatever its metric is called.
  routes: [
    // Test accounts wake nobody.
    { match: { account: '111122223333' }, severity: 'info' },
    // Tags of the alarm match too. What is left out here stays critical.
    { match: { tags: { service: 'checkout', stage: 'prod*' } }, service: 'checkout' },
    // All shards of an index are one alert, because they share a key.
    {
      match: { alarmName: 'search-shard-??-*', region: 'eu-*' },
      service: 'search',
      severity: 'warning',
      dedupKey: '{service}/{region}/{tag:index}',
    },
    // What Grafana sends (`tocsin keys add grafana`) says by its labels what it is about: one alert for each cluster.
    {
      match: { integration: 'grafana', labels: { team: 'search' } },
      service: 'search',
      dedupKey: '{integration}/{label:alertname}/{label:cluster}',
    },
  ],

  // Alerts are recorded but page nobody; at a window's end, what still fires does. Times are the zone's, through summer
  // time and back.
  maintenance: [
    // The window of the procedures: Sundays from 02:00 to 04:00.
    { zone: 'Europe/Berlin' },
    // The search index is rebuilt over night, which its own warnings say loudly; critical alerts page all the same.
    {
      zone: 'Europe/Berlin',
      name: 'index rebuild',
      match: { service: 'search', severity: 'warning', labels: { cluster: 'eu-*' } },
      days: ['tuesday', 'thursday'],
      from: '23:30',
      to: '01:00',
    },
    // Once: the payment provider moves.
    {
      zone: 'America/New_York',
      name: 'payment provider moves',
      match: { service: 'checkout' },
      from: '2026-12-24T20:00',
      until: '2026-12-25T06:00',
    },
  ],

  // While a whole cluster is down, the warnings of what runs in it say nothing new: they page nobody until it is back.
  inhibitions: [
    { while: { labels: { alertname: 'ClusterDown' } }, hold: { severity: 'warning' }, equal: ['cluster'] },
  ],

  // An alarm that comes back within this time is still the same alert: a flapping one reaches level 2
  // instead of waking level 1 ten times.
  quietMinutes: 10,

  // Whoever was reminded of an acknowledgement has this long before the next level is paged.
  forgottenMinutes: 20,

  // Called every five minutes while all is well; the service behind it tells somebody when the calls stay away.
  watchers: { heartbeatUrl: 'https://heartbeat.example.com/tocsin' },
});
