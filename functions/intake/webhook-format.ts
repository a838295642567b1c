/** What senders' formats differ in: where the key stands, how large a body may be, in which words they are answered. */
import { randomUUID } from 'node:crypto';
import { readAlertmanagerWebhook } from './alertmanager-webhook.ts';
import { ALERTMANAGER_ROUTE, PAGERDUTY_ROUTE } from './contract.ts';
import type { OwnMessage } from './own-signal.ts';
import { checkRoutingKey, readPagerDutyEvent } from './pagerduty-event.ts';

export type WebhookRequest = {
  method: string;
  path: string;
  authorization?: string | undefined;
  /** the header X-Routing-Key, with which some send what PagerDuty's body has as `routing_key` */
  routingKey?: string | undefined;
  body: string;
};

export type WebhookAnswer = { status: number; body: unknown; headers?: Record<string, string> };

/** `wrong`: what of it could not be read, for somebody to know. */
export type WebhookReading = {
  messages: OwnMessage[];
  answer: WebhookAnswer;
  wrong?: string | undefined;
};

export type WebhookFormat = {
  bytesMost: number;
  /** @param json  the body, parsed; undefined when it is too large or no JSON */
  secretOf(request: WebhookRequest, json: unknown): string | undefined;
  read(json: unknown, integration: string, nowMs: number): WebhookReading;
  answers: {
    unknownKey(secret: string | undefined): WebhookAnswer;
    notJson: WebhookAnswer;
    tooLarge: WebhookAnswer;
    tooMany: WebhookAnswer;
    unavailable: WebhookAnswer;
  };
};

/** Of a body that is no JSON, or too large to be read. */
const ROUTING_KEY = /"routing_key"\s{0,9}:\s{0,9}"([A-Za-z0-9]{32})"/;

const invalidEvent = (status: number, errors: string[]): WebhookAnswer => ({
  status,
  body: { status: 'invalid event', message: 'Event object is invalid', errors },
});

/** Source: PagerDuty's Events API v2 */
const pagerDuty: WebhookFormat = {
  bytesMost: 512 * 1024,
  secretOf({ body, routingKey }, json) {
    const key = json === undefined ? ROUTING_KEY.exec(body)?.[1] : (Object(json).routing_key as unknown);
    return typeof key === 'string' && key !== '' ? key : routingKey;
  },
  read(json, integration, nowMs) {
    const reading = readPagerDutyEvent(json, integration, nowMs, () => randomUUID().replaceAll('-', ''));
    if (reading.kind === 'invalid') {
      const { errors } = reading;
      return { messages: [], answer: invalidEvent(400, errors), wrong: errors.join('; ') };
    }
    const body = { status: 'success', message: 'Event processed', dedup_key: reading.dedupKey };
    return { messages: [reading.message], answer: { status: 202, body } };
  },
  answers: {
    unknownKey(secret) {
      const errors = checkRoutingKey(secret);
      return invalidEvent(400, errors.length > 0 ? errors : ['Invalid routing key']);
    },
    notJson: invalidEvent(400, ['Event is not a JSON object']),
    tooLarge: invalidEvent(413, ['Event is too large (maximum is 512 KB)']),
    tooMany: {
      status: 429,
      body: {
        status: 'throttle exceeded',
        message: 'Requests for this service are arriving too quickly. Please retry later.',
      },
    },
    unavailable: {
      status: 503,
      body: { status: 'unavailable', message: 'The event was not taken. Please retry later.' },
    },
  },
};

const refused = (status: number, message: string, errors?: string[]): WebhookAnswer => ({
  status,
  body: { status: 'error', message, ...(errors ? { errors } : {}) },
});

const alertmanager: WebhookFormat = {
  bytesMost: 4 * 1024 * 1024,
  secretOf: ({ authorization = '' }) => {
    const [, scheme = '', credentials = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization.trim()) ?? [];
    if (scheme.toLowerCase() !== 'basic') return credentials || undefined;
    // `user:password`; the user may be anything.
    return Buffer.from(credentials, 'base64').toString('utf8').split(/:(.*)/s)[1];
  },
  read(json, integration, nowMs) {
    const reading = readAlertmanagerWebhook(json, integration, nowMs);
    if (reading.kind === 'invalid') {
      const { errors } = reading;
      const answer = refused(400, 'the webhook cannot be read', errors);
      return { messages: [], answer, wrong: errors.join('; ') };
    }
    if (reading.kind === 'too-many') {
      const message = `${reading.count} alerts at once, at most ${reading.most}: set max_alerts, or group by more labels`;
      return { messages: [], answer: refused(413, message), wrong: message };
    }
    const { signals, errors, leftOut } = reading;
    const complaints = [
      ...errors,
      ...(leftOut > 0 ? [`${leftOut} alerts beyond its max_alerts are missing`] : []),
    ];
    return {
      messages: signals.map((signal) => ({ signal })),
      answer:
        errors.length > 0
          ? refused(400, `${signals.length} alerts taken, others cannot be read`, errors)
          : { status: 200, body: { status: 'success', alerts: signals.length } },
      wrong: complaints.join('; ') || undefined,
    };
  },
  answers: {
    unknownKey: (secret) => ({
      ...refused(
        401,
        secret === undefined
          ? 'no key: send `Authorization: Bearer KEY`, or basic authentication with KEY as its password'
          : 'unknown or revoked key: make one with `tocsin keys add NAME`',
      ),
      headers: { 'www-authenticate': 'Bearer realm="tocsin", Basic realm="tocsin"' },
    }),
    notJson: refused(400, 'the body is not JSON'),
    tooLarge: refused(413, 'the body is larger than 4 MB: set max_alerts, or group by more labels'),
    // Alertmanager tries again after 5xx alone. Source: its notifier for webhooks
    tooMany: refused(503, 'more than 600 requests in a minute with this key: try again later'),
    unavailable: refused(503, 'the alerts were not taken: try again'),
  },
};

/** By the path that the sender's request names. */
export const WEBHOOK_FORMATS: Record<string, WebhookFormat> = {
  [PAGERDUTY_ROUTE]: pagerDuty,
  [ALERTMANAGER_ROUTE]: alertmanager,
};
