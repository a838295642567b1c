/** What PagerDuty's and Alertmanager's senders post, in the shapes of their documentation. */

/** A Tuesday night. */
export const NOW = Date.parse('2026-11-24T03:00:00.500Z');

export function trigger(changes: Record<string, unknown> = {}, payload: Record<string, unknown> = {}) {
  return {
    routing_key: 'R'.repeat(32),
    event_action: 'trigger',
    dedup_key: 'samplekeyhere',
    payload: {
      summary: 'DISK at 99% on machine prod-datapipe03.example.com',
      timestamp: '2026-11-24T02:59:12.104+0000',
      severity: 'critical',
      source: 'prod-datapipe03.example.com',
      component: 'mysql',
      group: 'prod-datapipe',
      class: 'disk',
      custom_details: { free_space: '1%', ping_time: '1500ms', load_avg: 0.75 },
      ...payload,
    },
    images: [{ src: 'https://chart.example.com/1.png', href: 'https://example.com/', alt: 'The last hour' }],
    links: [{ href: 'https://wiki.example.com/disk', text: 'Runbook' }],
    client: 'Sample Monitoring Service',
    client_url: 'https://monitoring.example.com/disk',
    ...changes,
  };
}

export function acknowledge(changes: Record<string, unknown> = {}) {
  return {
    routing_key: 'R'.repeat(32),
    event_action: 'acknowledge',
    dedup_key: 'samplekeyhere',
    ...changes,
  };
}

export function alertmanagerAlert(
  changes: Record<string, unknown> = {},
  labels: Record<string, unknown> = {},
) {
  return {
    status: 'firing',
    labels: { alertname: 'HighLatency', instance: 'api-1:9090', job: 'api', severity: 'page', ...labels },
    annotations: {
      summary: 'Latency of api-1 is high',
      description: 'p99 is 2.1 s.',
      runbook_url: 'https://wiki.example.com/latency',
    },
    startsAt: '2026-11-24T03:50:00.123456789+01:00',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example.com/graph?g0.expr=x',
    fingerprint: '9c2b5a3f0d1e4b77',
    ...changes,
  };
}

export function webhook(...alerts: unknown[]) {
  return {
    version: '4',
    groupKey: '{}:{alertname="HighLatency"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'tocsin',
    groupLabels: { alertname: 'HighLatency' },
    commonLabels: { alertname: 'HighLatency' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com',
    alerts,
  };
}
