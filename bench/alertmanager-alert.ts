/** The alerts of the comparison with Alertmanager, in the words of each side. */
import type { SQSRecord } from 'aws-lambda';
import { readAlertmanagerWebhook } from '../functions/intake/alertmanager-webhook.ts';
import { writeOwnMessage } from '../functions/intake/own-signal.ts';
import type { PostedAlert } from './alertmanager-process.ts';

/** So many alerts belong to one service: a group of Alertmanager's. */
const PER_SERVICE = 100;

/** As Prometheus would send it: six labels, two annotations. */
export function alertOf(n: number): PostedAlert {
  return {
    labels: {
      alertname: 'HighRequestLatency',
      severity: 'critical',
      service: `service-${Math.floor(n / PER_SERVICE)}`,
      instance: `10.0.${n >> 8}.${n & 255}:9100`,
      job: 'api',
      env: 'production',
    },
    annotations: {
      summary: `Latency of instance ${n} is high`,
      description: 'The 99th percentile of the last five minutes is above 500 ms.',
    },
    startsAt: new Date().toISOString(),
  };
}

/** What Alertmanager would make of them for a receiver, version 4: the way in for ours. */
export function webhookOf(alerts: readonly PostedAlert[]) {
  return {
    version: '4',
    groupKey: '{}',
    status: 'firing',
    receiver: 'tocsin',
    alerts: alerts.map((alert) => ({
      ...alert,
      status: 'firing',
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: alert.labels.instance,
    })),
  };
}

/** What the webhook's function puts into the intake queue for it. */
export function queueRecord(n: number): SQSRecord {
  const nowMs = Date.now();
  const reading = readAlertmanagerWebhook(webhookOf([alertOf(n)]), 'bench', nowMs);
  if (reading.kind !== 'read') throw new Error(`the alert is not read: ${JSON.stringify(reading)}`);
  return {
    messageId: `message-${n}`,
    receiptHandle: `receipt-${n}`,
    body: writeOwnMessage({ signal: reading.signals[0]! }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(nowMs),
      SenderId: 'bench',
      ApproximateFirstReceiveTimestamp: String(nowMs),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:tocsin-intake',
    awsRegion: 'eu-west-1',
  };
}
