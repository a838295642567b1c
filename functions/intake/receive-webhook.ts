/** One request of a sender: whose key it is, whether it comes too often, what it says; then into the intake queue. */
import { isAwsFault, kindOf } from '../shared/errors.ts';
import type { IntegrationKeyStore } from './integration-key.store.ts';
import { hasEnded, type IntegrationKey } from './integration-key.ts';
import { type OwnMessage, tocsinSignal } from './own-signal.ts';
import type { SignalQueue } from './signal.queue.ts';
import {
  WEBHOOK_FORMATS,
  type WebhookAnswer,
  type WebhookFormat,
  type WebhookRequest,
} from './webhook-format.ts';

/** A sender that sends more is told to wait. A storm in Alertmanager is one request with many alerts. */
export const REQUESTS_PER_MINUTE_MOST = 600;

const ENDED_KEY_TOLD_MOST = 5;

const MINUTE_MS = 60_000;

export type WebhookPorts = {
  integrationKeys: IntegrationKeyStore;
  signals: SignalQueue;
  nowMs: () => number;
  /** tells of what went wrong beside the path and mends itself */
  warn: (message: string, error: unknown) => void;
};

/** `sender`: the name of the key, for the log. */
export type ReceivedWebhook = WebhookAnswer & { sender?: string; messages?: number };

/**
 * Answers when all that the request says is in the queue. What a known sender says and we cannot take becomes a warning
 * alert: a page that was refused is noticed by nobody else.
 * @returns 5xx when AWS fails: the sender tries again
 */
export async function receiveWebhook(request: WebhookRequest, ports: WebhookPorts): Promise<ReceivedWebhook> {
  const format = Object.hasOwn(WEBHOOK_FORMATS, request.path) ? WEBHOOK_FORMATS[request.path] : undefined;
  if (!format) return { status: 404, body: { message: 'Not Found' } };
  if (request.method !== 'POST') {
    return { status: 405, body: { message: 'Method Not Allowed: send POST' }, headers: { allow: 'POST' } };
  }
  try {
    return await receive(format, request, ports);
  } catch (error) {
    if (kindOf(error) !== 'retry' && !isAwsFault(error)) throw error;
    ports.warn('a webhook was not taken; its sender is told to try again', error);
    return format.answers.unavailable;
  }
}

async function receive(
  format: WebhookFormat,
  request: WebhookRequest,
  ports: WebhookPorts,
): Promise<ReceivedWebhook> {
  const { answers } = format;
  const nowMs = ports.nowMs();
  const isTooLarge = Buffer.byteLength(request.body) > format.bytesMost;
  const json = isTooLarge ? undefined : parse(request.body);
  const secret = format.secretOf(request, json);
  const key = secret === undefined ? undefined : await ports.integrationKeys.find(secret);
  if (!key) return answers.unknownKey(secret);

  const sender = key.name;
  if (hasEnded(key, nowMs)) {
    await tellEndedKey(key, nowMs, ports);
    return { ...answers.unknownKey(secret), sender };
  }
  const count = await countRequest(key, nowMs, ports);
  if (count > REQUESTS_PER_MINUTE_MOST) {
    // Of all that are refused in this minute the first one tells.
    if (count === REQUESTS_PER_MINUTE_MOST + 1) {
      const what = `sends more than ${REQUESTS_PER_MINUTE_MOST} requests a minute`;
      await ports.signals.send([complaint(sender, what, nowMs)]);
    }
    const waitS = Math.ceil((MINUTE_MS - (nowMs % MINUTE_MS)) / 1_000);
    return { ...answers.tooMany, headers: { 'retry-after': String(waitS) }, sender };
  }
  if (json === undefined) {
    const mistake = isTooLarge ? `more than ${format.bytesMost / 1024} KB in one` : 'not JSON';
    await ports.signals.send([complaint(sender, `sends what cannot be read: ${mistake}`, nowMs)]);
    return { ...(isTooLarge ? answers.tooLarge : answers.notJson), sender };
  }
  const { messages, answer, wrong } = format.read(json, sender, nowMs);
  const complaints = wrong ? [complaint(sender, `sends what cannot be read: ${wrong}`, nowMs)] : [];
  await ports.signals.send([...messages, ...complaints]);
  return { ...answer, sender, messages: messages.length };
}

/**
 * A sender that has missed the exchange of its key would fall silent, and nobody would notice. The first few requests of a
 * minute tell, which is one signal: what could not be queued with the first is told with the sender's next try.
 */
async function tellEndedKey(key: IntegrationKey, nowMs: number, ports: WebhookPorts): Promise<void> {
  if ((await ports.integrationKeys.countRequest(key.id, nowMs)) > ENDED_KEY_TOLD_MOST) return;
  await ports.signals.send([
    complaint(key.name, `still sends with the key ${key.id}, which has ended`, nowMs),
  ]);
}

/** @returns undefined for what is no JSON, which has no undefined of its own */
function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** A count that fails lets the request through: rather a page too many. */
async function countRequest(key: IntegrationKey, nowMs: number, ports: WebhookPorts): Promise<number> {
  const [count] = await Promise.all([
    ports.integrationKeys.countRequest(key.id, nowMs).catch((error: unknown) => {
      ports.warn('a request was not counted', error);
      return 0;
    }),
    ports.integrationKeys
      .noteUse(key, nowMs)
      .catch((error: unknown) => ports.warn("a key's use was not noted", error)),
  ]);
  return count;
}

/** As of the beginning of its minute: told again within the minute it changes nothing. */
function complaint(sender: string, what: string, nowMs: number): OwnMessage {
  const signal = tocsinSignal({
    key: `sender:${sender}`,
    state: 'alarm',
    at: Math.floor(nowMs / MINUTE_MS) * MINUTE_MS,
    title: `${sender} ${what}`,
    description:
      'What this sender has to say may not reach you. Mend it at the sender, then resolve this alert: it does not end by itself.',
    labels: { sender },
  });
  return { signal };
}
