/** Reads a webhook of Alertmanager (version 4), which Grafana speaks as well: one signal for each of its alerts. */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { cutText, wellFormed } from './cut-text.ts';
import { boundLabels } from './labels.ts';
import { lenient, show } from './reading.ts';
import { LABEL_VALUE_LIMIT, Labels, type Severity, type Signal } from './signal.ts';
import { boundDetail, webAddress } from './signal-detail.ts';
import { readTimestamp } from './timestamp.ts';

/** More alerts than that take longer to hand over than a function has. */
const ALERTS_MOST = 10_000;

/** Of so many mistakes each is told; of more the first few tell enough. */
const ERRORS_MOST = 10;

const KEY_MOST = 255;

/** The words of the community's rules. Another word is no severity: then a route decides, or it is critical. */
const SEVERITIES: Record<string, Severity> = {
  critical: 'critical',
  page: 'critical',
  error: 'critical',
  warning: 'warning',
  info: 'info',
  none: 'info',
};

/** Strict is what says who and in which state; all else only describes. */
const Alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Labels,
  annotations: lenient(Labels),
  startsAt: lenient(z.string()),
  endsAt: lenient(z.string()),
  generatorURL: lenient(z.string()),
  fingerprint: lenient(z.string()),
});
type Alert = z.infer<typeof Alert>;

const Webhook = z.object({ alerts: z.array(z.unknown()), truncatedAlerts: lenient(z.number()) });

export type AlertmanagerReading =
  /** `errors`: of the alerts that could not be read, beside those that could; `leftOut`: so many the sender cut off */
  | { kind: 'read'; signals: Signal[]; errors: string[]; leftOut: number }
  | { kind: 'too-many'; count: number; most: number }
  | { kind: 'invalid'; errors: string[] };

/**
 * @param webhook      the body, parsed
 * @param integration  the name of the key
 * @param nowMs        when it reached us
 */
export function readAlertmanagerWebhook(
  webhook: unknown,
  integration: string,
  nowMs: number,
): AlertmanagerReading {
  const parsed = z.safeParse(Webhook, webhook);
  if (!parsed.success) {
    const alerts = Object(webhook).alerts as unknown;
    return { kind: 'invalid', errors: [`alerts is ${show(alerts)}, not a list of alerts`] };
  }
  const { alerts, truncatedAlerts: leftOut = 0 } = parsed.data;
  if (alerts.length > ALERTS_MOST) return { kind: 'too-many', count: alerts.length, most: ALERTS_MOST };

  const signals: Signal[] = [];
  const errors: string[] = [];
  alerts.forEach((said, index) => {
    const alert = z.safeParse(Alert, said, { reportInput: true });
    if (alert.success) signals.push(signalOf(alert.data, integration, nowMs));
    else errors.push(`alerts.${index}: ${whatIsWrong(alert.error)}`);
  });
  return { kind: 'read', signals, errors: errors.slice(0, ERRORS_MOST), leftOut };
}

function whatIsWrong({ issues: [issue] }: z.core.$ZodError): string {
  const where = issue?.path.join('.') || 'it';
  const wanted = where === 'status' ? 'firing or resolved' : 'an object of texts';
  return `${where} is ${show(issue?.input)}, not ${wanted}`;
}

function signalOf(alert: Alert, integration: string, nowMs: number): Signal {
  const { status, labels, annotations = {} } = alert;
  const key = keyOf(alert);
  const { alertname: name } = labels;
  return {
    dedupKey: `integration:${integration}:${key}`,
    source: {
      kind: 'integration',
      integration,
      format: 'alertmanager',
      key,
      url: webAddress(alert.generatorURL),
    },
    state: status === 'firing' ? 'alarm' : 'ok',
    at: momentOf(alert, nowMs),
    heardAt: nowMs,
    detail: boundDetail({
      title: annotations.summary || name || describeLabels(labels) || key,
      metric: describeLabels(labels),
      description: describeAnnotations(annotations),
    }),
    severity: severityOf(labels.severity),
    service: labels.service && cutText(labels.service, LABEL_VALUE_LIMIT),
    labels: boundLabels(labels),
  };
}

/** Alertmanager's own identity of the labels; a sender that leaves it out gets one of ours. */
function keyOf({ fingerprint = '', labels }: Alert): string {
  if (fingerprint.trim() !== '' && fingerprint.length <= KEY_MOST) return wellFormed(fingerprint);
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

/**
 * When the state began, so that a webhook told again changes nothing. A moment that is missing or lies ahead of us is
 * now; an end is after its beginning, or it would never count.
 */
function momentOf({ status, startsAt, endsAt }: Alert, nowMs: number): number {
  const began = Math.min(readMoment(startsAt) ?? nowMs, nowMs);
  if (status === 'firing') return began;
  return Math.min(Math.max(readMoment(endsAt) ?? nowMs, began + 1), nowMs);
}

/** Go's zero time, year 1, is none. */
function readMoment(text: string | undefined): number | undefined {
  const atMs = text === undefined ? undefined : readTimestamp(text);
  return atMs !== undefined && atMs > 0 ? atMs : undefined;
}

function severityOf(label: string | undefined): Severity | undefined {
  const word = label?.toLowerCase() ?? '';
  return Object.hasOwn(SEVERITIES, word) ? SEVERITIES[word] : undefined;
}

/** `HighLatency, instance=a:9090, job=api`, as a metric of CloudWatch is shown. */
function describeLabels({ alertname, ...labels }: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [...(alertname ? [alertname] : []), ...pairs.sort()].join(', ');
}

/** The description, and then what else the rule's author has to say: the runbook, the dashboard. */
function describeAnnotations({ summary: _title, description, ...others }: Labels): string {
  const lines = Object.entries(others).map(([name, value]) => value && `${name}: ${value}`);
  return [description, ...lines].filter(Boolean).join('\n');
}
