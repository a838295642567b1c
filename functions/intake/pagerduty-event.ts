/** Reads an event of PagerDuty's Events API v2, by PagerDuty's rules and with PagerDuty's words for what is wrong. */
import * as z from 'zod/mini';
import { wellFormed } from './cut-text.ts';
import { boundLabels } from './labels.ts';
import type { OwnMessage } from './own-signal.ts';
import { lenient } from './reading.ts';
import type { Labels, Severity, Signal } from './signal.ts';
import { boundDetail, webAddress } from './signal-detail.ts';

/** Source: Events API v2, Send an alert event; aws-facts, Inbound formats */
const DEDUP_KEY_MOST = 255;
const SUMMARY_MOST = 1_024;
const ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const;
const SEVERITIES: Record<string, Severity> = {
  critical: 'critical',
  error: 'critical',
  warning: 'warning',
  info: 'info',
};

/** `dedupKey` is what the sender is answered: its own, or the one that was made for it. */
export type PagerDutyReading =
  | { kind: 'read'; message: OwnMessage; dedupKey: string }
  | { kind: 'invalid'; errors: string[] };

const TextOrNumber = z.optional(z.transform((value: unknown) => (isText(value) ? String(value) : undefined)));

/** What only describes: of another type than documented it is left out. */
const Said = z.object({
  payload: lenient(
    z.object({
      summary: TextOrNumber,
      source: TextOrNumber,
      severity: lenient(z.string()),
      component: TextOrNumber,
      group: TextOrNumber,
      class: TextOrNumber,
      timestamp: lenient(z.union([z.string(), z.number()])),
      custom_details: z.optional(z.unknown()),
    }),
  ),
  links: lenient(z.array(lenient(z.object({ href: z.string(), text: lenient(z.string()) })))),
  images: lenient(z.array(lenient(z.object({ src: z.string(), alt: lenient(z.string()) })))),
  client: lenient(z.string()),
  client_url: lenient(z.string()),
});
type Said = z.infer<typeof Said>;

type Fields = Record<string, unknown>;

/**
 * @param event        the body, parsed; its routing key has been looked up
 * @param integration  the name of the key
 * @param nowMs        when it reached us: the state's moment, so that a sender's skewed clock makes no resolve stale
 * @param mintKey      makes the dedup key of a trigger that has none
 */
export function readPagerDutyEvent(
  event: unknown,
  integration: string,
  nowMs: number,
  mintKey: () => string,
): PagerDutyReading {
  const fields = fieldsOf(event);
  if (!fields) return { kind: 'invalid', errors: ['Event is not a JSON object'] };
  const errors = [...checkAction(fields), ...checkDedupKey(fields), ...checkPayload(fields)];
  if (errors.length > 0) return { kind: 'invalid', errors };

  const dedupKey = isBlank(fields.dedup_key) ? mintKey() : wellFormed(String(fields.dedup_key));
  const said = Said.parse(fields);
  const about = {
    dedupKey: `integration:${integration}:${dedupKey}`,
    source: {
      kind: 'integration',
      integration,
      format: 'pagerduty',
      key: dedupKey,
      url: addressOf(said),
    },
    labels: labelsOf(said),
    at: nowMs,
  } satisfies Partial<Signal>;
  if (fields.event_action === 'acknowledge') {
    return {
      kind: 'read',
      dedupKey,
      message: { acknowledge: { ...about, by: `integration:${integration}` } },
    };
  }
  const signal: Signal = {
    ...about,
    state: fields.event_action === 'trigger' ? 'alarm' : 'ok',
    detail: boundDetail({ title: said.payload?.summary || dedupKey, description: describe(said) }),
    severity: severityOf(said),
  };
  return { kind: 'read', dedupKey, message: { signal } };
}

/** What is wrong with a routing key before anybody looks it up. */
export function checkRoutingKey(key: unknown): string[] {
  if (isBlank(key)) return ["'routing_key' is missing or blank"];
  const text = String(key);
  return [
    ...(text.length === 32 ? [] : ["Length of 'routing_key' is incorrect (should be 32 characters)"]),
    ...(/^[A-Za-z0-9]*$/.test(text) ? [] : ["'routing_key' cannot contain non-alphanumeric characters."]),
  ];
}

function checkAction({ event_action: action }: Fields): string[] {
  if (isBlank(action)) return ["'event_action' is missing or blank"];
  return oneOf('event_action', ACTIONS, action);
}

/** A trigger may leave it out. */
function checkDedupKey({ event_action: action, dedup_key: key }: Fields): string[] {
  if (isBlank(key)) return action === 'trigger' ? [] : ["'dedup_key' is missing or blank"];
  return checkText('dedup_key', key, DEDUP_KEY_MOST);
}

/** Only a trigger needs one. */
function checkPayload({ event_action: action, payload }: Fields): string[] {
  if (action !== 'trigger') return [];
  if (isBlank(payload)) return ["'payload' is missing or blank"];
  const fields = fieldsOf(payload);
  if (!fields) return ["'payload' is not an object"];
  const { severity } = fields;
  return [
    ...checkText('payload.summary', fields.summary, SUMMARY_MOST),
    ...checkText('payload.source', fields.source),
    ...(isBlank(severity)
      ? ["'payload.severity' is missing or blank"]
      : oneOf('payload.severity', ['critical', 'warning', 'error', 'info'], severity)),
  ];
}

function checkText(name: string, value: unknown, most = Number.POSITIVE_INFINITY): string[] {
  if (isBlank(value)) return [`'${name}' is missing or blank`];
  if (!isText(value)) return [`'${name}' is not a string`];
  return [...String(value)].length > most ? [`'${name}' is too long (maximum is ${most} characters)`] : [];
}

function oneOf(name: string, known: readonly string[], value: unknown): string[] {
  if (typeof value === 'string' && known.includes(value)) return [];
  const quoted = known.map((word) => `'${word}'`);
  const list = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  return [`'${name}' is invalid (must be one of the following: ${list})`];
}

/** Scripts send a ticket's number, or a host's, as what it is. */
function isText(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function severityOf({ payload }: Said): Severity | undefined {
  const word = payload?.severity ?? '';
  return Object.hasOwn(SEVERITIES, word) ? SEVERITIES[word] : undefined;
}

function labelsOf({ payload = {} as NonNullable<Said['payload']> }: Said): Labels {
  const { source, component, group, class: kind } = payload;
  return boundLabels({ source, component, group, class: kind });
}

/** Where the sender shows it: the page of the client that told of it, else the first link. */
function addressOf({ client_url: page, links = [] }: Said): string | undefined {
  return [page, ...links.map((link) => link?.href)].map(webAddress).find(Boolean);
}

/** All that may help at 3 a.m., a line each; what names it first, should the rest be cut. */
function describe(said: Said): string {
  const { payload, links = [], images = [], client, client_url: page } = said;
  const lines: [name: string, text: unknown][] = [
    ...Object.entries(labelsOf(said)),
    ...detailsOf(payload?.custom_details),
    ...links.map((link): [string, unknown] => [
      'link',
      link && [link.text, link.href].filter(Boolean).join(' '),
    ]),
    ...images.map((image): [string, unknown] => [
      'image',
      image && [image.alt, image.src].filter(Boolean).join(' '),
    ]),
    ['sent by', [client, page].filter(Boolean).join(' ')],
    ['sent at', payload?.timestamp],
  ];
  return lines
    .map(([name, text]) => [name, show(text)])
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name}: ${text}`)
    .join('\n');
}

function detailsOf(details: unknown): [name: string, text: unknown][] {
  return Object.entries(fieldsOf(details) ?? (isBlank(details) ? {} : { details }));
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch {
    // Deeper than the stack.
    return '(nested too deeply to be shown)';
  }
}
