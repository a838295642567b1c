/** What our own functions put into the intake queue: signals of senders, of the command line, and of Tocsin itself. */
import * as z from 'zod/mini';
import { type Reading, rejected } from './reading.ts';
import { Acknowledgement, Signal, type SignalState } from './signal.ts';
import { boundDetail } from './signal-detail.ts';

export type OwnMessage = { signal: Signal } | { acknowledge: Acknowledgement };

const Envelope = z.object({
  tocsin: z.union([z.object({ signal: Signal }), z.object({ acknowledge: Acknowledgement })]),
});

/** As JSON; the two characters that it leaves as they are, and SQS takes in no message, are written as escapes. */
export function writeOwnMessage(message: OwnMessage): string {
  const text = JSON.stringify({ tocsin: message } satisfies z.infer<typeof Envelope>);
  return text.replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

export function readOwnMessage(body: unknown): Reading {
  const parsed = z.safeParse(Envelope, body, { reportInput: true });
  if (!parsed.success) return rejected('a message of our own', parsed.error.issues);
  const { tocsin } = parsed.data;
  return 'signal' in tocsin
    ? { kind: 'signal', signal: tocsin.signal }
    : { kind: 'acknowledge', ...tocsin.acknowledge };
}

/**
 * A warning of Tocsin itself, or its end.
 * @param news.key  what it speaks of, such as `sender:grafana`; the same one is the same alert
 * @param news.at   since when, in epoch milliseconds: told again with the same moment it changes nothing
 */
export function tocsinSignal(news: {
  key: string;
  state: SignalState;
  at: number;
  title: string;
  description?: string | undefined;
  labels?: Record<string, string> | undefined;
}): Signal {
  const { key, state, at, title, description, labels } = news;
  return {
    dedupKey: `tocsin:${key}`,
    source: { kind: 'tocsin', key },
    state,
    at,
    detail: boundDetail({ title, description }),
    severity: 'warning',
    labels,
  };
}
