/** An alert of a checkout at five past two, and the team that answers it: what readers' texts are tested with. */
import { ALERT_SCHEMA, type Alert, type Page, type TimelineEntry } from '../../functions/alerts/alert.ts';
import type { Operations } from '../../functions/operations/operations.ts';

export const MINUTE_MS = 60_000;
export const OPENED_AT = Date.parse('2026-11-24T14:05:00Z');

/** The moment so many minutes after the alert opened. */
export function minutesIn(minutes: number): number {
  return OPENED_AT + minutes * MINUTE_MS;
}

export const team: Operations = {
  responders: {
    ana: { name: 'Ana', email: 'ana@example.com', phone: '+12025550101' },
    ben: { name: 'Ben', email: 'ben@example.com', phone: '+12025550102' },
    cleo: { name: 'Cleo', email: 'cleo@example.com' },
  },
  schedules: { operations: ['ana'], seniors: ['ben', 'cleo'] },
  levels: [['operations'], ['seniors']],
  escalation: {
    critical: {
      steps: [
        { level: 1, afterMinutes: 0, channels: ['sms', 'email'] },
        { level: 2, afterMinutes: 15, channels: ['sms', 'email'] },
      ],
      repeat: [{ everyMinutes: 30 }],
      ackTimeoutMinutes: 60,
    },
    warning: {
      steps: [{ level: 1, afterMinutes: 0, channels: ['email'] }],
      repeat: [],
      ackTimeoutMinutes: 240,
    },
    info: { steps: [], repeat: [], ackTimeoutMinutes: null },
  },
  services: {
    checkout: {
      owner: 'Shop team',
      runbook: 'https://wiki.example.com/runbooks/checkout',
      description: 'Takes the money.',
    },
    search: { owner: 'Search team' },
  },
  routes: [],
  windows: [],
  inhibitions: [],
  quietMinutes: 5,
  forgottenMinutes: 15,
};

/** Triggered five minutes ago, Ana paged, Ben and Cleo next at 14:20Z. */
export function sampleAlert(changes: Partial<Alert> = {}): Alert {
  return {
    id: 'Vg3b2kqZ0aHn5sXt',
    schema: ALERT_SCHEMA,
    version: 3,
    openedAt: OPENED_AT,
    status: 'triggered',
    severity: 'critical',
    service: 'checkout',
    dedupKey: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:orders-5xx-rate',
    source: {
      kind: 'cloudwatch',
      account: '123456789012',
      region: 'eu-west-1',
      alarmName: 'orders-5xx-rate',
      alarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:orders-5xx-rate',
    },
    detail: {
      title: 'orders-5xx-rate',
      reason:
        'Threshold Crossed: 3 out of the last 5 datapoints [92.1 (24/11/26 14:00:00), 88.4 (24/11/26 13:55:00), ' +
        '85.0 (24/11/26 13:50:00)] were greater than the threshold (80.0) (minimum 3 datapoints for OK -> ALARM transition).',
      description: 'More than one order in a hundred fails.\nLook at the payment provider first.',
      metric: 'AWS/ApplicationELB HTTPCode_Target_5XX_Count Sum, LoadBalancer=app/shop/50dc6c495c0c9188',
      threshold: '> 80 for 3 of 5 periods of 300 s',
    },
    labels: { alarmName: 'orders-5xx-rate', account: '123456789012', region: 'eu-west-1' },
    lastSignalAt: OPENED_AT,
    lastSignalState: 'alarm',
    members: {},
    triggers: 1,
    clock: { elapsedMs: 0, runningSince: OPENED_AT },
    next: { step: 1, atMs: 15 * MINUTE_MS },
    highestPagedLevel: 1,
    paged: [{ responder: 'ana', level: 1 }],
    holds: {},
    pages: [samplePage({ id: '1', channel: 'sms' }), samplePage({ id: '2', channel: 'email' })],
    pageCount: 2,
    timeline: [],
    ...changes,
  };
}

export function samplePage(changes: Partial<Page> = {}): Page {
  return {
    id: '1',
    kind: 'page',
    level: 1,
    responder: 'ana',
    channel: 'sms',
    status: 'sent',
    owedAt: OPENED_AT,
    attempt: 1,
    settledAt: OPENED_AT,
    ...changes,
  };
}

/** One entry of the sample's timeline, so many minutes in. */
export function sampleEntry(
  minutes: number,
  event: TimelineEntry['event'],
  facts: Partial<TimelineEntry> = {},
): TimelineEntry {
  return { openedAt: OPENED_AT, version: 1, n: 0, at: minutesIn(minutes), event, ...facts };
}

export function acknowledged(by: string, minutes: number): Partial<Alert> {
  const at = minutesIn(minutes);
  return {
    status: 'acknowledged',
    clock: { elapsedMs: minutes * MINUTE_MS, runningSince: null },
    acknowledgement: {
      firstBy: by,
      firstAt: at,
      by,
      at,
      remindAt: at + 60 * MINUTE_MS,
      forgottenAt: null,
    },
  };
}

export function resolved(by: string, minutes: number, reason = 'the alarm is OK again'): Partial<Alert> {
  return {
    status: 'resolved',
    lastSignalState: by === 'alarm' ? 'ok' : 'alarm',
    clock: { elapsedMs: 0, runningSince: null },
    next: null,
    resolution: { by, at: minutesIn(minutes), reason },
  };
}
